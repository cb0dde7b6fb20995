import type { JsonValue } from '../http/request.ts'
import type { CursorState } from '../load/state.ts'
import { type CursorTracker, progressBeyond, trackCursor } from './cursor.ts'
import { type CursorBounds, type CursorRule, type CursorValue, startAfter } from './incremental.ts'

/** Cursors by the parent that they are for; the empty text where there is none. */
export type CursorsByParent = Readonly<Record<string, CursorState>>

export interface LedgerOptions {
  readonly rule: CursorRule
  /** As of the last finished run. */
  readonly stored: CursorsByParent
  /** Of an unfinished run that is gone on with. */
  readonly progress: CursorsByParent
  /** A backfill: instead of what is stored. Its cursors are not kept. */
  readonly window?: CursorBounds
  readonly keepBoundary: boolean
  /** An unfinished run is gone on with: what it had begun to read keeps its cursor, see `TrackerOptions.isFrozen`. */
  readonly isResumed?: boolean
}

/**
 * How far one table has come in the records of one incremental resource: its own, or one that it depends on. Each table
 * has a ledger of its own, so one that failed, or was not asked for, gets later what the others have already.
 */
export interface Ledger {
  readonly rule: CursorRule
  /** False: a backfill, which leaves no mark. */
  readonly keepsState: boolean
  /** The bounds that this table wants of the listing for a parent. */
  bounds(parent: string): CursorBounds
  accepts(parent: string, value: CursorValue, record: () => JsonValue): boolean
  /** The listing of a parent is at its end: from here on its mark alone is kept, for there may be a million of them. */
  settle(parent: string): void
  /** All cursors, when everything that passed has been loaded. */
  state(): CursorsByParent
}

export function createLedger({ rule, stored, progress, window, keepBoundary, isResumed = false }: LedgerOptions): Ledger {
  const trackers = new Map<string, CursorTracker>()
  const settled = new Map<string, CursorState>()
  const usable = (cursor: CursorState | undefined): CursorState | undefined => (cursor?.path === rule.path ? cursor : undefined)
  const keepsState = window === undefined && rule.endValue === undefined

  const bounds: Ledger['bounds'] = (parent) => {
    if (window !== undefined) return window
    const last = keepsState ? usable(ownCursor(stored, parent)) : undefined
    const start = last === undefined ? rule.initialValue : startAfter(rule, last.value)
    return { ...(start !== undefined && { start }), ...(rule.endValue !== undefined && { end: rule.endValue }) }
  }
  const trackerOf = (parent: string): CursorTracker => {
    const known = trackers.get(parent)
    if (known !== undefined) return known
    const last = keepsState ? usable(ownCursor(stored, parent)) : undefined
    const { boundary, boundaryEnd } = last ?? {}
    const range = {
      ...bounds(parent),
      ...(boundary !== undefined && { boundary }),
      ...(boundaryEnd !== undefined && { boundaryEnd }),
    }
    const gone = keepsState ? usable(ownCursor(progress, parent)) : undefined
    const tracker = trackCursor(rule, range, {
      known: settled.get(parent) ?? gone ?? last,
      keepBoundary: keepBoundary && keepsState,
      // Of a root there is one listing, and it is the one that was cut off.
      isFrozen: isResumed && (parent === '' || gone !== undefined),
    })
    trackers.set(parent, tracker)
    return tracker
  }
  return {
    rule,
    keepsState,
    bounds,
    accepts: (parent, value, record) => trackerOf(parent).accepts(value, record),
    settle(parent) {
      const cursor = trackers.get(parent)?.state()
      if (cursor !== undefined) settled.set(parent, cursor)
      trackers.delete(parent)
    },
    state() {
      if (!keepsState) return stored
      const cursors: Record<string, CursorState> = { ...stored, ...progress }
      for (const [parent, cursor] of settled) setOwn(cursors, parent, cursor)
      for (const [parent, tracker] of trackers) {
        const cursor = tracker.state()
        if (cursor !== undefined) setOwn(cursors, parent, cursor)
      }
      return cursors
    },
  }
}

/** The bounds that suit several tables at once: the earliest start and the latest end, or none where one of them wants all. */
export function widestBounds(ledgers: readonly Ledger[], parent: string): CursorBounds {
  const [first, ...others] = ledgers
  return others.reduce((bounds, ledger) => wider(ledger.rule, bounds, ledger.bounds(parent)), first?.bounds(parent) ?? {})
}

function wider(rule: CursorRule, a: CursorBounds, b: CursorBounds): CursorBounds {
  const start = a.start !== undefined && b.start !== undefined && (progressBeyond(rule, b.start, a.start) < 0 ? b.start : a.start)
  const end = a.end !== undefined && b.end !== undefined && (progressBeyond(rule, b.end, a.end) > 0 ? b.end : a.end)
  return { ...(start !== false && { start }), ...(end !== false && { end }) }
}

/** Parents' keys come from APIs: one may be `constructor` or `__proto__`. */
const ownCursor = (cursors: CursorsByParent, parent: string): CursorState | undefined =>
  Object.hasOwn(cursors, parent) ? cursors[parent] : undefined

const setOwn = (cursors: Record<string, CursorState>, parent: string, cursor: CursorState): unknown =>
  Object.defineProperty(cursors, parent, { value: cursor, enumerable: true, writable: true, configurable: true })
