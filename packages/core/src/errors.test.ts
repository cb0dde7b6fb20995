import { describe, expect, it } from 'vitest'
import { describeCause, isTributaryError, TributaryError, toTributaryError } from './errors.ts'

const made = new TributaryError({ code: 'A_CODE', recovery: 'fix-data', message: 'what happened', cause: 'why' })

describe('TributaryError', () => {
  it('holds what a program and a person need', () => {
    expect(made).toBeInstanceOf(Error)
    expect({ ...made, name: made.name, message: made.message, cause: made.cause }).toMatchObject({
      name: 'TributaryError',
      code: 'A_CODE',
      recovery: 'fix-data',
      message: 'what happened',
      cause: 'why',
    })
  })

  it('has no cause where there is none', () => {
    expect('cause' in new TributaryError({ code: 'A', recovery: 'retry', message: 'm' })).toBe(false)
  })
})

describe('isTributaryError', () => {
  // As a second copy of the package would make it.
  const foreign = Object.assign(new Error('m'), { [Symbol.for('tributary.error')]: true })

  it.each([
    ['our own', made, true],
    ['that of another copy of the package', foreign, true],
    ['an ordinary error', new Error('m'), false],
    ['an error that only has our name', Object.assign(new Error('m'), { name: 'TributaryError', code: 'A' }), false],
    ['text', 'tributary.error', false],
    ['null', null, false],
    ['nothing', undefined, false],
  ])('%s', (_what, value, expected) => {
    expect(isTributaryError(value)).toBe(expected)
  })
})

describe('toTributaryError', () => {
  it('leaves our own as they are', () => {
    expect(toTributaryError(made)).toBe(made)
  })

  it.each([
    ['an error', new TypeError('x is not a function'), 'x is not a function'],
    ['text', 'thrown text', 'thrown text'],
    ['nothing', undefined, 'undefined'],
  ])('takes %s for a defect and keeps its cause', (_what, thrown, message) => {
    expect(toTributaryError(thrown)).toMatchObject({ code: 'UNEXPECTED', recovery: 'report', message })
    expect(toTributaryError(thrown).cause).toBe(thrown)
  })
})

describe('describeCause', () => {
  const nested = (...texts: string[]): unknown =>
    texts.reduceRight<unknown>((cause, text) => new Error(text, cause === undefined ? undefined : { cause }), undefined)

  it.each([
    ['an error and what caused it', nested('fetch failed', 'connect ECONNREFUSED'), 'fetch failed: connect ECONNREFUSED'],
    ['a cause that is said already', nested('fetch failed: connect', 'connect'), 'fetch failed: connect'],
    ['an error without a text', nested('', 'inner'), 'inner'],
    ['a cause that is text', new Error('outer', { cause: 'inner' }), 'outer: inner'],
    ['several errors in one', new AggregateError([new Error('a'), new Error('b')]), 'a, b'],
    ['several errors with a text of their own', new AggregateError([new Error('a')], 'all failed'), 'all failed'],
    ['five levels at most', nested('1', '2', '3', '4', '5', '6'), '1: 2: 3: 4: 5'],
    ['text', 'text', 'text'],
    ['nothing', undefined, ''],
    ['null', null, ''],
  ])('%s', (_what, error, expected) => {
    expect(describeCause(error)).toBe(expected)
  })

  it('ends where an error causes itself', () => {
    const error = new Error('again')
    error.cause = error
    expect(describeCause(error)).toBe('again')
  })
})
