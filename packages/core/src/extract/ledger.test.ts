import { describe, expect, it } from 'vitest'
import type { CursorState } from '../load/state.ts'
import { type CursorRule, plainRule } from './incremental.ts'
import { createLedger, type LedgerOptions, widestBounds } from './ledger.ts'

const make = ({ rule, ...options }: Partial<Omit<LedgerOptions, 'rule'>> & { rule?: Partial<CursorRule> } = {}) =>
  createLedger({ rule: { ...plainRule('at'), ...rule }, stored: {}, progress: {}, keepBoundary: false, ...options })

const mark = (value: CursorState['value'], boundary?: string[]): CursorState => ({
  path: 'at',
  value,
  ...(boundary !== undefined && { boundary }),
})

describe('the bounds of a ledger', () => {
  it.each<[string, Parameters<typeof make>[0], object]>([
    ['none at first', {}, {}],
    ['the initial value at first [incremental.initial]', { rule: { initialValue: 3 } }, { start: 3 }],
    ['the last value later', { rule: { initialValue: 3 }, stored: { '': mark(7) } }, { start: 7 }],
    ['the lag before it', { rule: { lag: 2 }, stored: { '': mark(7) } }, { start: 5 }],
    ['a window of its own', { stored: { '': mark(7) }, window: { start: 1, end: 2 } }, { start: 1, end: 2 }],
    [
      'the same backfill each time [incremental.end]',
      { rule: { initialValue: 1, endValue: 4 }, stored: { '': mark(3) } },
      { start: 1, end: 4 },
    ],
    ['not those of another cursor', { stored: { '': { path: 'made_at', value: 7 } } }, {}],
    ['not those of another parent [incremental.per-parent]', { stored: { a: mark(7) } }, {}],
  ])('%s', (_what, options, expected) => {
    expect(make(options).bounds('')).toEqual(expected)
  })

  it.each(['a', 'constructor', '__proto__'])('keeps a cursor for each parent: %s [incremental.per-parent]', (parent) => {
    const ledger = make()
    expect(ledger.bounds(parent)).toEqual({})
    ledger.accepts(parent, 5, () => ({}))
    ledger.accepts('other', 3, () => ({}))
    const stored = ledger.state()
    expect(Object.entries(stored)).toEqual([
      [parent, mark(5)],
      ['other', mark(3)],
    ])
    const next = make({ stored: JSON.parse(JSON.stringify(stored)) })
    expect([next.bounds(parent), next.bounds('other')]).toEqual([{ start: 5 }, { start: 3 }])
    expect(next.state()).toEqual(stored)
  })
})

describe('the state of a ledger', () => {
  it('goes on from an unfinished run, but starts where that one did', () => {
    const ledger = make({ stored: { a: mark(1) }, progress: { a: mark(4), b: mark(2) } })
    expect([ledger.bounds('a'), ledger.accepts('a', 3, () => ({})), ledger.accepts('a', 0, () => ({}))]).toEqual([
      { start: 1 },
      true,
      false,
    ])
    expect(ledger.state()).toEqual({ a: mark(4), b: mark(2) })
  })

  it.each<[string, Parameters<typeof make>[0]]>([
    ['a backfill by options [incremental.end.no-state]', { window: { start: 1 } }],
    ['a backfill by configuration [incremental.end.no-state]', { rule: { initialValue: 0, endValue: 9 } }],
  ])('is left alone by %s', (_what, options) => {
    const stored = { '': mark(7, ['known']) }
    const ledger = make({ keepBoundary: true, stored, ...options })
    expect([ledger.accepts('', 8, () => ({ at: 8 })), ledger.keepsState]).toEqual([true, false])
    expect(ledger.state()).toEqual(stored)
  })

  it('lets a backfill have what was loaded of the boundary', () => {
    const before = make({ keepBoundary: true })
    before.accepts('', 7, () => ({ at: 7 }))
    const stored = before.state()
    expect(make({ keepBoundary: true, stored }).accepts('', 7, () => ({ at: 7 }))).toBe(false)
    expect(make({ keepBoundary: true, stored, rule: { initialValue: 0, endValue: 9 } }).accepts('', 7, () => ({ at: 7 }))).toBe(
      true,
    )
  })
})

describe('widestBounds', () => {
  const from = (start?: number, end?: number, rule: Partial<CursorRule> = {}) =>
    make({ rule, window: { ...(start !== undefined && { start }), ...(end !== undefined && { end }) } })

  it.each([
    ['none of no ledger', [], {}],
    ['those of one', [from(2, 4)], { start: 2, end: 4 }],
    ['the earliest start and the latest end', [from(3, 4), from(2, 3), from(5, 9)], { start: 2, end: 9 }],
    ['none where one wants all', [from(3, 4), from()], {}],
    ['the same in the other order', [from(), from(3, 4)], {}],
    ['each end by itself', [from(3, 4), from(2)], { start: 2 }],
    ['of cursors that fall', [from(3, 2, { direction: -1 }), from(5, 4, { direction: -1 })], { start: 5, end: 2 }],
  ])('%s [incremental.per-table]', (_what, ledgers, expected) => {
    expect(widestBounds(ledgers, '')).toEqual(expected)
  })
})
