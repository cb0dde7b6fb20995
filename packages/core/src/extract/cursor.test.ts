import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../http/request.ts'
import type { CursorState } from '../load/state.ts'
import { type CursorRange, trackCursor } from './cursor.ts'

/** Order of two cursor values, as the tracker sees it that knows `b` already: told by what it remembers of the boundary. */
function order(a: JsonValue, b: JsonValue): number {
  const tracker = trackCursor('tickets', 'at', {}, { path: 'at', value: b, boundary: ['known'] }, true)
  tracker.accepts({ at: a }, 0)
  const { boundary = [] } = tracker.state()!
  if (!boundary.includes('known')) return 1
  return boundary.length === 1 ? -1 : 0
}

describe('the order of cursors', () => {
  it.each<[JsonValue, JsonValue, number]>([
    [1, 2, -1],
    [2, 2, 0],
    [-1.5, -2, 1],
    [9_007_199_254_740_993n, 9_007_199_254_740_992n, 1],
    [9_007_199_254_740_993n, 5, 1],
    ['10', 9, 1],
    [9, '10', -1],
    ['12345678901234567891', 12_345_678_901_234_567_890n, 1],
    ['1.5', 2, -1],
    ['a', 'b', -1],
    ['b', 'b', 0],
    ['2026-01-01', '2026-01-02', -1],
    ['2026-01-01T10:00:00Z', '2026-01-01T10:00:00.000Z', 0],
    ['2026-01-01T12:00:00+02:00', '2026-01-01T10:00:00Z', 0],
    ['2026-01-01T12:00:00+02:00', '2026-01-01T10:30:00Z', -1],
    ['2026-01-01T09:00:00-05:00', '2026-01-01T10:00:00Z', 1],
    ['2026-01-01 10:00:00', '2026-01-01T10:00:00Z', 0],
    ['2026-01-01T10:00:00.000001Z', '2026-01-01T10:00:00Z', 1],
    ['2026-01-01', '2026-01-01T10:00:00Z', -1],
  ])('%s and %s: %i', (a, b, expected) => {
    expect(order(a, b)).toBe(expected)
    expect(order(b, a)).toBe(0 - expected)
  })

  it('text and a number that are the same', () => {
    expect([order('5', 5), order(5, '5')]).toEqual([0, 0])
  })

  it.each([
    ['abc', 1],
    ['2026-01-01T10:00:00Z', 1_767_225_600],
    ['', 1],
  ])('%j and %d have no order', (a, b) => {
    expect(() => order(a, b)).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID', recovery: 'fix-data' }))
  })
})

/** Ids of the records that pass, and the state behind them. */
function run(range: CursorRange, values: readonly JsonValue[], known?: CursorState, keepBoundary = false) {
  const tracker = trackCursor('tickets', 'at', range, known, keepBoundary)
  const passed = values.filter((at, index) => tracker.accepts({ id: index, at }, index))
  return { passed, state: tracker.state() }
}

describe('trackCursor', () => {
  it.each<[string, CursorRange, readonly JsonValue[], readonly JsonValue[], JsonValue | undefined]>([
    ['all without a range', {}, [2, 1, 3], [2, 1, 3], 3],
    ['from the start, inclusive', { start: 2 }, [1, 2, 3], [2, 3], 3],
    ['to the end, exclusive', { end: 3 }, [1, 2, 3], [1, 2], 2],
    ['within both', { start: 2, end: 3 }, [1, 2, 3], [2], 2],
    ['nothing', { start: 9 }, [1, 2, 3], [], undefined],
    [
      'instants in several zones',
      { start: '2026-01-01T10:00:00Z' },
      ['2026-01-01T11:59:59+02:00', '2026-01-01T12:00:00+02:00'],
      ['2026-01-01T12:00:00+02:00'],
      '2026-01-01T12:00:00+02:00',
    ],
    ['a window of text over numbers', { start: '2', end: '10' }, [1, 2, 9, 10], [2, 9], 9],
  ])('lets through %s', (_what, range, values, passed, highest) => {
    const result = run(range, values)
    expect(result.passed).toEqual(passed)
    expect(result.state).toEqual(highest === undefined ? undefined : { path: 'at', value: highest })
  })

  it('never moves back behind what is known', () => {
    expect(run({ start: 1 }, [2], { path: 'at', value: 5 }).state).toEqual({ path: 'at', value: 5 })
    expect(run({}, [], { path: 'at', value: 5 }).state).toEqual({ path: 'at', value: 5 })
  })

  it('keeps digits, and values as the API wrote them', () => {
    expect(run({}, [9_007_199_254_740_993n, 9_007_199_254_740_992n]).state?.value).toBe(9_007_199_254_740_993n)
    expect(run({}, ['2026-01-01T12:00:00+02:00', '2026-01-01T09:00:00Z']).state?.value).toBe('2026-01-01T12:00:00+02:00')
  })

  it('reads a nested cursor', () => {
    const tracker = trackCursor('tickets', 'meta.at', { start: 2 }, undefined, false)
    expect([tracker.accepts({ meta: { at: 1 } }, 0), tracker.accepts({ meta: { at: 2 } }, 1)]).toEqual([false, true])
  })

  it.each<[JsonValue, string, RegExp]>([
    [{ id: 1 }, 'CURSOR_MISSING', /^tickets: record 42 has no value at its cursor at/],
    [{ id: 1, at: null }, 'CURSOR_MISSING', /no value/],
    [{ id: 1, at: true }, 'CURSOR_INVALID', /a boolean at its cursor at/],
    [{ id: 1, at: [1] }, 'CURSOR_INVALID', /a list/],
    [{ id: 1, at: {} }, 'CURSOR_INVALID', /an? object/],
    ['text', 'CURSOR_MISSING', /no value/],
    [null, 'CURSOR_MISSING', /no value/],
  ])('%j: %s', (record, code, message) => {
    const tracker = trackCursor('tickets', 'at', {}, undefined, false)
    expect(() => tracker.accepts(record, 41)).toThrow(
      expect.objectContaining({ code, recovery: 'fix-data', message: expect.stringMatching(message) }),
    )
  })
})

describe('records at the boundary', () => {
  const first = trackCursor('tickets', 'at', {}, undefined, true)
  first.accepts({ id: 1, at: 1 }, 0)
  first.accepts({ id: 2, at: 2, more: { a: 1, b: [1] } }, 1)
  first.accepts({ id: 3, at: 2 }, 2)
  const state = first.state()!
  const next = () => trackCursor('tickets', 'at', { start: state.value, boundary: state.boundary! }, state, true)

  it('are remembered at the highest value only', () => {
    expect(state).toEqual({ path: 'at', value: 2, boundary: [expect.any(String), expect.any(String)] })
  })

  it.each<[string, JsonValue, boolean]>([
    ['that are loaded are not loaded twice', { id: 3, at: 2 }, false],
    ['are the same whatever the order of keys', { more: { b: [1], a: 1 }, at: 2, id: 2 }, false],
    ['that have changed are loaded', { id: 3, at: 2, note: 'new' }, true],
    ['that are new are loaded', { id: 4, at: 2 }, true],
    ['below it are not', { id: 9, at: 1 }, false],
    ['beyond it are', { id: 3, at: 3 }, true],
  ])('%s', (_what, record, expected) => {
    expect(next().accepts(record, 0)).toBe(expected)
  })

  it('stay remembered when nothing new comes, and others join them', () => {
    const tracker = next()
    expect(tracker.state()).toEqual(state)
    tracker.accepts({ id: 4, at: 2 }, 0)
    expect(tracker.state()!.boundary).toEqual([...state.boundary!, expect.any(String)])
    tracker.accepts({ id: 5, at: 3 }, 1)
    expect(tracker.state()).toMatchObject({ value: 3, boundary: { length: 1 } })
  })

  it('may be nested 5000 deep', () => {
    let deep: JsonValue = 1
    for (let level = 0; level < 5000; level++) deep = { a: deep }
    expect(trackCursor('tickets', 'at', {}, undefined, true).accepts({ at: 1, deep }, 0)).toBe(true)
  })
})
