import { createHash } from 'node:crypto'
import { TributaryError } from '../errors.ts'
import { canonicalJson } from '../http/json.ts'
import type { JsonValue } from '../http/request.ts'
import type { CursorState } from '../load/state.ts'
import { parseInstant } from '../normalize/instant.ts'
import { valueAt } from './path.ts'

export interface CursorRange {
  /** Inclusive. */
  readonly start?: JsonValue
  /** Exclusive. */
  readonly end?: JsonValue
  /** Fingerprints of records at exactly `start` that are loaded already. */
  readonly boundary?: readonly string[]
}

/** Lets through the records of a cursor range, and remembers the highest value that passed. */
export interface CursorTracker {
  /** Throws `CURSOR_MISSING` or `CURSOR_INVALID`. `position`: of the record in the listing, for the message. */
  accepts(record: JsonValue, position: number): boolean
  /** What the cursor is when everything that passed has been loaded. `undefined`: nothing passed and there was none. */
  state(): CursorState | undefined
}

/**
 * `known` is the state so far: its own, or that of an unfinished run. Fingerprints at the highest value are kept only
 * with `keepBoundary`, where a record that comes twice would be loaded twice.
 */
export function trackCursor(
  resource: string,
  path: string,
  range: CursorRange,
  known: CursorState | undefined,
  keepBoundary: boolean,
): CursorTracker {
  let highest = known?.value
  const loaded = new Set(range.boundary)
  let boundary = new Set(known?.boundary)
  return {
    accepts(record, position) {
      const value = cursorValue(resource, path, record, position)
      if (range.start !== undefined) {
        const order = compareCursors(value, range.start)
        if (order < 0 || (order === 0 && loaded.size > 0 && loaded.has(fingerprint(record)))) return false
      }
      if (range.end !== undefined && compareCursors(value, range.end) >= 0) return false
      const order = highest === undefined ? 1 : compareCursors(value, highest)
      if (order > 0) {
        highest = value
        boundary = new Set()
      }
      if (order >= 0 && keepBoundary) boundary.add(fingerprint(record))
      return true
    },
    state: () => (highest === undefined ? undefined : { path, value: highest, ...(keepBoundary && { boundary: [...boundary] }) }),
  }
}

function cursorValue(resource: string, path: string, record: JsonValue, position: number): JsonValue {
  const value = valueAt(record, path)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  const missing = value === undefined || value === null
  throw new TributaryError({
    code: missing ? 'CURSOR_MISSING' : 'CURSOR_INVALID',
    recovery: 'fix-data',
    message: `${resource}: record ${position + 1} has ${missing ? 'no value' : `a ${Array.isArray(value) ? 'list' : typeof value}`} at its cursor ${path}, where text or a number was expected.`,
  })
}

/** Order of two cursor values: instants by time whatever their zone, numbers by size, in text too, other text by code units. */
function compareCursors(a: JsonValue, b: JsonValue): number {
  if (typeof a === 'string' && typeof b === 'string') {
    if (a === b) return 0
    const instants = [parseInstant(a), parseInstant(b)] as const
    const [left, right] = instants.includes(undefined) ? [a, b].map(integerOf) : instants
    return left === undefined || right === undefined ? compare(a, b) : compare(left, right)
  }
  return compare(numeric(a), numeric(b))
}

// Not by ===, to which 5n and 5 are different.
const compare = <T extends string | number | bigint>(left: T, right: T): number => (left < right ? -1 : left > right ? 1 : 0)

const integerOf = (text: string): bigint | undefined => (/^-?\d+$/.test(text) ? BigInt(text) : undefined)

function numeric(value: JsonValue): number | bigint {
  if (typeof value === 'bigint' || typeof value === 'number') return value
  const text = String(value)
  const number = integerOf(text) ?? Number(text)
  if (!Number.isNaN(number) && text.trim() !== '') return number
  throw new TributaryError({
    code: 'CURSOR_INVALID',
    recovery: 'fix-data',
    message: `The cursor values ${JSON.stringify(text.slice(0, 60))} and a number cannot be put in order.`,
  })
}

/** Of the record's content, whatever the order of its keys. */
function fingerprint(record: JsonValue): string {
  return createHash('sha1').update(canonicalJson(record)).digest('base64url')
}
