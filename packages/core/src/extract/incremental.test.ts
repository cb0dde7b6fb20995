import { describe, expect, it } from 'vitest'
import { TributaryError } from '../errors.ts'
import type { JsonValue } from '../http/request.ts'
import { compileIncremental, type Incremental, plainRule, startAfter } from './incremental.ts'

const compile = (incremental: Incremental) =>
  compileIncremental(
    'at',
    incremental,
    (why) => new TributaryError({ code: 'RESOURCE_INVALID', recovery: 'fix-config', message: why }),
  )

describe('compileIncremental', () => {
  it('has defaults: the largest value, its start in the range, its end not, no lag, and a value in every record', () => {
    expect(compile({})).toEqual({
      path: 'at',
      direction: 1,
      lag: 0,
      rangeStart: 'closed',
      rangeEnd: 'open',
      onMissing: 'raise',
    })
    expect(plainRule('at')).toEqual(compile({}))
  })

  it('takes all that there is to say', () => {
    const convert = String
    const rest = {
      startParam: 'since',
      endParam: 'until',
      rangeStart: 'open',
      rangeEnd: 'closed',
      rowOrder: 'asc',
      convert,
    } as const
    const said = { ...rest, initialValue: 9, endValue: 1, lag: 2, lastValue: 'min', onCursorValueMissing: 'exclude' } as const
    const rule = { ...rest, initialValue: 9, endValue: 1, lag: 2, direction: -1, onMissing: 'exclude', path: 'at' }
    expect(compile(said)).toEqual(rule)
  })

  it('takes a window that is empty', () => {
    expect(compile({ initialValue: 5, endValue: '5' })).toMatchObject({ initialValue: 5, endValue: '5' })
  })

  it.each<[string, Incremental, RegExp]>([
    ['an end without an initial value [incremental.end.without-initial]', { endValue: 5 }, /endValue.*needs an initialValue/],
    [
      'an end below the initial value [incremental.end.below-initial]',
      { initialValue: '2026-02-01', endValue: '2026-01-01' },
      /endValue \(2026-01-01\) lies before initialValue \(2026-02-01\)/,
    ],
    [
      'an end above the initial value of a cursor that falls [incremental.end.below-initial]',
      { initialValue: 1, endValue: 2, lastValue: 'min' },
      /endValue \(2\) lies before initialValue \(1\)/,
    ],
    [
      'ends that have no order',
      { initialValue: 'x', endValue: 2 },
      /endValue \(2\) and initialValue \(x\) cannot be put in order/,
    ],
    ['one parameter for both ends', { startParam: 'at', endParam: 'at' }, /startParam and incremental.endParam are both "at"/],
    ['a lag below 0', { lag: -1 }, /lag is a number from 0, but is -1/],
    ['a lag that is no number', { lag: Number.NaN }, /lag is a number from 0, but is NaN/],
    ['lastValue', { lastValue: 'sum' as never }, /lastValue is "sum"; there are max, min/],
    ['rangeStart', { rangeStart: 'half' as never }, /rangeStart is "half"; there are closed, open/],
    ['rangeEnd', { rangeEnd: 'half' as never }, /rangeEnd is "half"; there are closed, open/],
    ['rowOrder', { rowOrder: 'up' as never }, /rowOrder is "up"; there are asc, desc/],
    [
      'onCursorValueMissing',
      { onCursorValueMissing: 'skip' as never },
      /onCursorValueMissing is "skip"; there are raise, include, exclude/,
    ],
  ])('refuses %s', (_what, incremental, message) => {
    expect(() => compile(incremental)).toThrow(
      expect.objectContaining({ code: 'RESOURCE_INVALID', message: expect.stringMatching(message) }),
    )
  })
})

describe('startAfter', () => {
  it.each<[string, Incremental, JsonValue, JsonValue]>([
    ['the last value', {}, 10, 10],
    ['the lag before it [incremental.lag]', { lag: 3 }, 10, 7],
    ['the lag above it, where the cursor falls [incremental.lag]', { lag: 3, lastValue: 'min' }, 10, 13],
    ['the initial value, where the lag would go before it [incremental.lag.initial]', { lag: 3, initialValue: 8 }, 10, 8],
    ['not the initial value, where the lag stays after it', { lag: 1, initialValue: 8 }, 10, 9],
    [
      'the initial value of a cursor that falls [incremental.lag.initial]',
      { lag: 3, initialValue: 12, lastValue: 'min' },
      10,
      12,
    ],
    [
      'the initial value as it is written [incremental.lag.initial]',
      { lag: 3600, initialValue: '2026-01-01T00:00:00+01:00' },
      '2026-01-01T00:30:00+01:00',
      '2026-01-01T00:00:00+01:00',
    ],
  ])('%s', (_what, incremental, last, expected) => {
    expect(startAfter(compile(incremental), last)).toBe(expected)
  })
})
