import { createHash } from 'node:crypto'
import { TributaryError } from '../errors.ts'
import { canonicalJson } from '../http/json.ts'
import type { JsonValue } from '../http/request.ts'
import type { CursorState } from '../load/state.ts'
import { compareCursors, shiftCursor } from './cursor-order.ts'
import type { CursorRule, CursorValue } from './incremental.ts'
import { valueAt } from './path.ts'

export interface CursorRange {
  readonly start?: JsonValue
  readonly end?: JsonValue
  /** Fingerprints of records from `start` on that are loaded already. */
  readonly boundary?: readonly string[]
  /** The furthest of them, where that is beyond the cursor. */
  readonly boundaryEnd?: JsonValue
}

/** Lets through the records of a cursor range, and remembers the furthest value that passed. */
export interface CursorTracker {
  /** `value`: what {@link readCursor} found in the record, which is asked for only where it has to be told from others. */
  accepts(value: CursorValue, record: () => JsonValue): boolean
  /** What the cursor is when everything that passed has been loaded. `undefined`: nothing passed and there was none. */
  state(): CursorState | undefined
}

/**
 * The value of a record at the cursor; `undefined` where it has none and the rule lets that be. Throws `CURSOR_MISSING` or
 * `CURSOR_INVALID`. `position`: of the record on its page, for the message.
 */
export function readCursor(
  resource: string,
  { path, onMissing }: CursorRule,
  record: JsonValue,
  position: number,
): CursorValue | undefined {
  const value = valueAt(record, path)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  const missing = value === undefined || value === null
  if (missing && onMissing !== 'raise') return undefined
  throw new TributaryError({
    code: missing ? 'CURSOR_MISSING' : 'CURSOR_INVALID',
    recovery: 'fix-data',
    message: `${resource}: record ${position + 1} has ${missing ? 'no value' : `a ${Array.isArray(value) ? 'list' : typeof value}`} at its cursor ${path}, where text or a number was expected.${missing ? ' To load such records or leave them out, set onCursorValueMissing.' : ''}`,
  })
}

/** How far `value` lies beyond `bound`, in the direction in which the cursor moves: below 0, 0 or above. */
export const progressBeyond = ({ direction }: CursorRule, value: JsonValue, bound: JsonValue): number =>
  compareCursors(value, bound) * direction

/** Whether a value lies before the start of a range, and whether beyond its end. */
export function placeInRange(
  rule: CursorRule,
  { start, end }: Pick<CursorRange, 'start' | 'end'>,
  value: CursorValue,
): 'before' | 'within' | 'beyond' {
  if (start !== undefined) {
    const order = progressBeyond(rule, value, start)
    if (order < 0 || (order === 0 && rule.rangeStart === 'open')) return 'before'
  }
  if (end !== undefined) {
    const order = progressBeyond(rule, value, end)
    if (order > 0 || (order === 0 && rule.rangeEnd === 'open')) return 'beyond'
  }
  return 'within'
}

export interface TrackerOptions {
  /** The state so far: its own, or that of an unfinished run. */
  readonly known?: CursorState | undefined
  /**
   * Keep fingerprints of the records that the next run will see again (those at the furthest value, or within the lag before
   * it), where a record that comes twice would be loaded twice.
   */
  readonly keepBoundary: boolean
  /**
   * Leaves the cursor where it is, for a listing that is gone on with after a break: a record whose page was read before
   * the break may have changed since, to a value below those that come now, and would be past.
   */
  readonly isFrozen?: boolean
}

export function trackCursor(
  rule: CursorRule,
  range: CursorRange,
  { known, keepBoundary, isFrozen = false }: TrackerOptions,
): CursorTracker {
  let furthest = known?.value
  let hasMoved = false
  const before = new Set([...(range.boundary ?? []), ...(known?.boundary ?? [])])
  const loaded = new Set(range.boundary)
  /** Of this run, and of records of earlier runs that came again. */
  const passed = new Map<string, CursorValue>()
  /** Where the next run will start to see records again. */
  let rereadFrom = furthest === undefined ? undefined : shiftCursor(furthest, rule.lag, rule.direction)

  /** Whether it lies where fingerprints are kept: without a lag or a break, only at the start itself. */
  const mayBeLoaded = (value: CursorValue): boolean => {
    if (range.boundaryEnd !== undefined) return progressBeyond(rule, value, range.boundaryEnd) <= 0
    return rule.lag > 0 || range.start === undefined || compareCursors(value, range.start) === 0
  }

  const advance = (value: CursorValue): void => {
    if (furthest !== undefined && (isFrozen || progressBeyond(rule, value, furthest) <= 0)) return
    furthest = value
    hasMoved = true
    rereadFrom = shiftCursor(value, rule.lag, rule.direction)
    for (const [print, at] of passed) if (progressBeyond(rule, at, rereadFrom) < 0) passed.delete(print)
  }

  return {
    accepts(value, record) {
      if (placeInRange(rule, range, value) !== 'within') return false
      advance(value)
      const print = loaded.size > 0 && mayBeLoaded(value) ? fingerprint(record()) : undefined
      const isLoaded = print !== undefined && loaded.has(print)
      if (keepBoundary && progressBeyond(rule, value, rereadFrom!) >= 0) passed.set(print ?? fingerprint(record()), value)
      return !isLoaded
    },
    state() {
      if (furthest === undefined) return undefined
      if (!keepBoundary) return { path: rule.path, value: furthest }
      // Where the cursor has not moved, what lay at it still does.
      const boundary = [...new Set([...(hasMoved ? [] : before), ...passed.keys()])]
      const ends = hasMoved ? [] : [range.boundaryEnd, known?.boundaryEnd].filter((end) => end !== undefined)
      const end = [...passed.values(), ...ends].reduce<JsonValue>((a, b) => (progressBeyond(rule, b, a) > 0 ? b : a), furthest)
      const isBeyond = progressBeyond(rule, end, furthest) > 0
      return { path: rule.path, value: furthest, boundary, ...(isBeyond && { boundaryEnd: end }) }
    },
  }
}

/** Of the record's content, whatever the order of its keys. */
function fingerprint(record: JsonValue): string {
  return createHash('sha1').update(canonicalJson(record)).digest('base64url')
}
