import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../http/request.ts'
import type { CursorState } from '../load/state.ts'
import { type CursorRange, readCursor, trackCursor } from './cursor.ts'
import { type CursorRule, type CursorValue, plainRule } from './incremental.ts'

const at = plainRule('at')

interface Run {
  readonly rule?: Partial<CursorRule>
  readonly known?: CursorState
  readonly keepBoundary?: boolean
}

/** Values of the records that pass, and the state behind them. */
function run(range: CursorRange, values: readonly CursorValue[], { rule, known, keepBoundary = false }: Run = {}) {
  const tracker = trackCursor({ ...at, ...rule }, range, { known, keepBoundary })
  const passed = values.filter((value, id) => tracker.accepts(value, () => ({ id, at: value })))
  return { passed, state: tracker.state() }
}

describe('trackCursor', () => {
  it.each<[string, CursorRange, readonly CursorValue[], readonly CursorValue[], CursorValue | undefined]>([
    ['all without a range', {}, [2, 1, 3], [2, 1, 3], 3],
    ['from the start, inclusive [incremental.start]', { start: 2 }, [1, 2, 3], [2, 3], 3],
    ['to the end, exclusive [incremental.end]', { end: 3 }, [1, 2, 3], [1, 2], 2],
    ['within both', { start: 2, end: 3 }, [1, 2, 3], [2], 2],
    ['nothing', { start: 9 }, [1, 2, 3], [], undefined],
    [
      'instants in several zones [incremental.values]',
      { start: '2026-01-01T10:00:00Z' },
      ['2026-01-01T11:59:59+02:00', '2026-01-01T12:00:00+02:00'],
      ['2026-01-01T12:00:00+02:00'],
      '2026-01-01T12:00:00+02:00',
    ],
    ['dates [incremental.values]', { start: '2026-01-31' }, ['2026-01-30', '2026-02-01'], ['2026-02-01'], '2026-02-01'],
    [
      'integers beyond 2^53 [incremental.values]',
      { start: 9_007_199_254_740_993n },
      [9_007_199_254_740_992n, 9_007_199_254_740_993n, 9_007_199_254_740_994n],
      [9_007_199_254_740_993n, 9_007_199_254_740_994n],
      9_007_199_254_740_994n,
    ],
    ['text [incremental.values]', { start: 'm' }, ['a', 'm', 'z'], ['m', 'z'], 'z'],
    ['a window of text over numbers', { start: '2', end: '10' }, [1, 2, 9, 10], [2, 9], 9],
  ])('lets through %s', (_what, range, values, passed, highest) => {
    const result = run(range, values)
    expect(result.passed).toEqual(passed)
    expect(result.state).toEqual(highest === undefined ? undefined : { path: 'at', value: highest })
  })

  it.each<[string, Partial<CursorRule>, readonly CursorValue[], CursorValue]>([
    ['an open start [incremental.range-start]', { rangeStart: 'open' }, [3, 4], 4],
    ['a closed end [incremental.range-end]', { rangeEnd: 'closed' }, [2, 3, 4, 5], 5],
    ['both', { rangeStart: 'open', rangeEnd: 'closed' }, [3, 4, 5], 5],
  ])('takes %s', (_what, rule, passed, value) => {
    expect(run({ start: 2, end: 5 }, [1, 2, 3, 4, 5, 6], { rule })).toEqual({ passed, state: { path: 'at', value } })
  })

  it('runs backwards where the last value is the smallest [incremental.min]', () => {
    const rule = { direction: -1 } as const
    expect(run({ start: 5, end: 2 }, [6, 5, 4, 3, 2], { rule })).toEqual({ passed: [5, 4, 3], state: { path: 'at', value: 3 } })
    expect(run({ start: 5 }, [5], { rule, known: { path: 'at', value: 4 } }).state).toEqual({ path: 'at', value: 4 })
  })

  it('never moves back behind what is known', () => {
    expect(run({ start: 1 }, [2], { known: { path: 'at', value: 5 } }).state).toEqual({ path: 'at', value: 5 })
    expect(run({}, [], { known: { path: 'at', value: 5 } }).state).toEqual({ path: 'at', value: 5 })
  })

  it('keeps digits, and values as the API wrote them', () => {
    expect(run({}, [9_007_199_254_740_993n, 9_007_199_254_740_992n]).state?.value).toBe(9_007_199_254_740_993n)
    expect(run({}, ['2026-01-01T12:00:00+02:00', '2026-01-01T09:00:00Z']).state?.value).toBe('2026-01-01T12:00:00+02:00')
  })
})

describe('readCursor', () => {
  it('reads a nested cursor', () => {
    expect(readCursor('tickets', plainRule('meta.at'), { meta: { at: 1 } }, 0)).toBe(1)
  })

  it.each<[JsonValue, string, RegExp]>([
    [{ id: 1 }, 'CURSOR_MISSING', /^tickets: record 42 has no value at its cursor at.*onCursorValueMissing/],
    [{ id: 1, at: null }, 'CURSOR_MISSING', /no value/],
    [{ id: 1, at: true }, 'CURSOR_INVALID', /a boolean at its cursor at/],
    [{ id: 1, at: [1] }, 'CURSOR_INVALID', /a list/],
    [{ id: 1, at: {} }, 'CURSOR_INVALID', /an? object/],
    ['text', 'CURSOR_MISSING', /no value/],
    [null, 'CURSOR_MISSING', /no value/],
  ])('%j: %s [incremental.missing.raise]', (record, code, message) => {
    expect(() => readCursor('tickets', at, record, 41)).toThrow(
      expect.objectContaining({ code, recovery: 'fix-data', message: expect.stringMatching(message) }),
    )
  })

  it.each(['include', 'exclude'] as const)('lets a missing value be, but no wrong one: %s', (onMissing) => {
    const read = (record: JsonValue) => readCursor('tickets', { ...at, onMissing }, record, 0)
    expect([read({}), read({ at: null })]).toEqual([undefined, undefined])
    expect(() => read({ at: true })).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID' }))
  })
})

describe('records at the boundary', () => {
  interface Dated {
    readonly [key: string]: JsonValue
    readonly at: number
  }
  const offer = (tracker: ReturnType<typeof trackCursor>, ...records: Dated[]) =>
    records.map((record) => tracker.accepts(record.at, () => record))
  const first = trackCursor(at, {}, { keepBoundary: true })
  offer(first, { id: 1, at: 1 }, { id: 2, at: 2, more: { a: 1, b: [1] } }, { id: 3, at: 2 })
  const state = first.state()!
  const next = () => trackCursor(at, { start: state.value, boundary: state.boundary! }, { known: state, keepBoundary: true })

  it('are remembered at the highest value only', () => {
    expect(state).toEqual({ path: 'at', value: 2, boundary: [expect.any(String), expect.any(String)] })
  })

  it('are not remembered where a record may come twice', () => {
    expect(run({}, [1, 2], { keepBoundary: false }).state).toEqual({ path: 'at', value: 2 })
  })

  it.each<[string, Dated, boolean]>([
    ['that are loaded are not loaded twice [incremental.boundary.same]', { id: 3, at: 2 }, false],
    ['are the same whatever the order of keys [incremental.boundary.same]', { more: { b: [1], a: 1 }, at: 2, id: 2 }, false],
    ['that have changed are loaded [incremental.boundary.changed]', { id: 3, at: 2, note: 'new' }, true],
    ['that are new are loaded [incremental.boundary.changed]', { id: 4, at: 2 }, true],
    ['below it are not', { id: 9, at: 1 }, false],
    ['beyond it are', { id: 3, at: 3 }, true],
  ])('%s', (_what, record, expected) => {
    expect(offer(next(), record)).toEqual([expected])
  })

  it('stay remembered when nothing new comes, and others join them', () => {
    const tracker = next()
    expect(tracker.state()).toEqual(state)
    offer(tracker, { id: 4, at: 2 })
    expect(tracker.state()!.boundary).toEqual([...state.boundary!, expect.any(String)])
    offer(tracker, { id: 5, at: 3 })
    expect(tracker.state()).toMatchObject({ value: 3, boundary: { length: 1 } })
  })

  it('may be nested 5000 deep', () => {
    let deep: JsonValue = 1
    for (let level = 0; level < 5000; level++) deep = { a: deep }
    expect(trackCursor(at, {}, { keepBoundary: true }).accepts(1, () => ({ at: 1, deep }))).toBe(true)
  })

  describe('of a listing that is gone on with after a break', () => {
    const before = trackCursor(at, { start: 1 }, { keepBoundary: true })
    offer(before, { id: 1, at: 1 }, { id: 2, at: 3 })
    const resumed = trackCursor(at, { start: 1 }, { known: before.state(), keepBoundary: true, isFrozen: true })
    offer(resumed, { id: 4, at: 2 }, { id: 5, at: 9 }, { id: 6, at: 7 })
    const { value, boundary, boundaryEnd } = resumed.state()!
    const next = () =>
      trackCursor(
        at,
        { start: value, boundary: boundary!, boundaryEnd: boundaryEnd! },
        { known: resumed.state(), keepBoundary: true },
      )

    it('leave the cursor where it was, and are remembered [incremental.break]', () => {
      expect([value, boundaryEnd, boundary!.length]).toEqual([3, 9, 3])
    })

    it('are not loaded again, but what changed during the break is [incremental.break]', () => {
      const tracker = next()
      expect(offer(tracker, { id: 2, at: 3 }, { id: 5, at: 9 }, { id: 6, at: 7 }, { id: 1, at: 8 }, { id: 7, at: 10 })).toEqual([
        false,
        false,
        false,
        true,
        true,
      ])
      expect(tracker.state()).toEqual({ path: 'at', value: 10, boundary: [expect.any(String)] })
    })

    it('stay remembered when nothing new comes', () => {
      const tracker = next()
      offer(tracker, { id: 2, at: 3 })
      expect(tracker.state()).toEqual({
        path: 'at',
        value: 3,
        boundary: expect.arrayContaining([...boundary!]) as string[],
        boundaryEnd: 9,
      })
    })
  })

  describe('with a lag', () => {
    const rule = { ...at, lag: 3 }
    const lagging = (known?: CursorState) => {
      const start = known === undefined ? {} : { start: Number(known.value) - 3, boundary: known.boundary! }
      return trackCursor(rule, start, { known, keepBoundary: true })
    }
    const before = lagging()
    offer(before, ...[1, 5, 7, 8].map((value) => ({ id: value, at: value })))

    it('are those within the lag [incremental.lag.boundary]', () => {
      expect(before.state()).toMatchObject({ value: 8, boundary: { length: 3 } })
    })

    it('that come late are loaded, once [incremental.lag.boundary]', () => {
      const tracker = lagging(before.state())
      const late = { id: 'late', at: 6 }
      expect(offer(tracker, { id: 5, at: 5 }, late, { id: 8, at: 8 }, { id: 9, at: 9 })).toEqual([false, true, false, true])
      expect(offer(lagging(tracker.state()), late, { id: 9, at: 9 }, { id: 'later', at: 6 })).toEqual([false, false, true])
    })

    it('that an unfinished run loaded are remembered, wherever the cursor is by then [incremental.lag.boundary]', () => {
      const range = { start: 0, boundary: [] }
      const cutOff = trackCursor(rule, range, { known: { path: 'at', value: 3, boundary: range.boundary }, keepBoundary: true })
      offer(cutOff, { id: 7, at: 7 }, { id: 8, at: 8 })
      const resumed = trackCursor(rule, range, { known: cutOff.state(), keepBoundary: true, isFrozen: true })
      offer(resumed, { id: 9, at: 9 })
      expect(offer(lagging(resumed.state()), { id: 7, at: 7 }, { id: 8, at: 8 }, { id: 9, at: 9 })).toEqual([false, false, false])
    })
  })
})
