import type { TributaryError } from '../errors.ts'
import type { JsonValue, ParamValue } from '../http/request.ts'
import { compareCursors, shiftCursor } from './cursor-order.ts'

/** A value of a cursor, as the API writes it. */
export type CursorValue = string | number | bigint

/**
 * How an API is asked for what changed. Records outside of the range are dropped here too, should the API ignore what it
 * is asked. The vocabulary is that of dlt's `incremental`.
 */
export interface Incremental {
  /** Query parameter that takes the cursor's last value. Left out on the first run, unless there is an `initialValue`. */
  startParam?: string
  /** Query parameter that takes the end of a backfill window, or `endValue`. */
  endParam?: string
  /** Where the first run starts. */
  initialValue?: CursorValue
  /** Where every run ends: a backfill, which starts at `initialValue` each time and keeps no cursor. */
  endValue?: CursorValue
  /** How a value is written in the request, where that differs from how the records have it. Not called without a value. */
  convert?: (value: CursorValue) => ParamValue
  /** Which of the values seen is the cursor. Default `max`; `min` reads backwards in time. */
  lastValue?: 'max' | 'min'
  /** How the API orders the listing by the cursor: paging then ends at the first page that lies wholly outside of the range. Default: not known. */
  rowOrder?: 'asc' | 'desc'
  /** Whether the start itself is in the range. Default `closed`: it is, and what was loaded of it and has not changed is left out. */
  rangeStart?: 'closed' | 'open'
  /** Whether the end itself is in the range. Default `open`: it is not. */
  rangeEnd?: 'closed' | 'open'
  /** How far before the last value a run starts, for records that come late: seconds for timestamps, days for dates, else the cursor's own unit. Default 0. */
  lag?: number
  /** What becomes of a record that has no value at the cursor. Default `raise`. */
  onCursorValueMissing?: 'raise' | 'include' | 'exclude'
}

/** What a run asks for. */
export interface CursorBounds {
  readonly start?: JsonValue
  readonly end?: JsonValue
}

/** An {@link Incremental} with its defaults filled in. */
export interface CursorRule {
  /** Dotted path of the cursor in the record. */
  readonly path: string
  /** 1 where the cursor grows, -1 where it falls. */
  readonly direction: 1 | -1
  readonly lag: number
  readonly rangeStart: 'closed' | 'open'
  readonly rangeEnd: 'closed' | 'open'
  readonly onMissing: 'raise' | 'include' | 'exclude'
  readonly rowOrder?: 'asc' | 'desc'
  readonly startParam?: string
  readonly endParam?: string
  readonly initialValue?: CursorValue
  readonly endValue?: CursorValue
  readonly convert?: (value: CursorValue) => ParamValue
}

/** The rule of a cursor of which nothing else is said. */
export const plainRule = (path: string): CursorRule => ({
  path,
  direction: 1,
  lag: 0,
  rangeStart: 'closed',
  rangeEnd: 'open',
  onMissing: 'raise',
})

/** Checks what a resource says of its cursor. Throws `RESOURCE_INVALID`; `invalid` makes the error of a reason. */
export function compileIncremental(path: string, incremental: Incremental, invalid: (why: string) => TributaryError): CursorRule {
  const { initialValue, endValue, lastValue = 'max', lag = 0, rangeStart = 'closed', rangeEnd = 'open' } = incremental
  const { rowOrder, startParam, endParam, convert, onCursorValueMissing: onMissing = 'raise' } = incremental
  const oneOf = (name: string, value: string, allowed: readonly string[]): void => {
    if (!allowed.includes(value))
      throw invalid(`incremental.${name} is ${JSON.stringify(value)}; there are ${allowed.join(', ')}`)
  }
  oneOf('lastValue', lastValue, ['max', 'min'])
  oneOf('rangeStart', rangeStart, ['closed', 'open'])
  oneOf('rangeEnd', rangeEnd, ['closed', 'open'])
  oneOf('onCursorValueMissing', onMissing, ['raise', 'include', 'exclude'])
  if (rowOrder !== undefined) oneOf('rowOrder', rowOrder, ['asc', 'desc'])
  if (!Number.isFinite(lag) || lag < 0) throw invalid(`incremental.lag is a number from 0, but is ${lag}`)
  const direction = lastValue === 'max' ? 1 : -1
  if (endValue !== undefined) checkEnd(initialValue, endValue, direction, invalid)
  if (startParam !== undefined && startParam === endParam)
    throw invalid(`incremental.startParam and incremental.endParam are both ${JSON.stringify(startParam)}`)
  return {
    path,
    direction,
    lag,
    rangeStart,
    rangeEnd,
    onMissing,
    ...(rowOrder !== undefined && { rowOrder }),
    ...(startParam !== undefined && { startParam }),
    ...(endParam !== undefined && { endParam }),
    ...(initialValue !== undefined && { initialValue }),
    ...(endValue !== undefined && { endValue }),
    ...(convert !== undefined && { convert }),
  }
}

function checkEnd(
  initialValue: CursorValue | undefined,
  endValue: CursorValue,
  direction: 1 | -1,
  invalid: (why: string) => TributaryError,
): void {
  if (initialValue === undefined)
    throw invalid('incremental.endValue is the end of a backfill, which needs an initialValue as its start')
  let order: number
  try {
    order = compareCursors(endValue, initialValue)
  } catch {
    throw invalid(
      `incremental.endValue (${String(endValue)}) and initialValue (${String(initialValue)}) cannot be put in order: write both the same way`,
    )
  }
  if (order * direction < 0)
    throw invalid(`incremental.endValue (${String(endValue)}) lies before initialValue (${String(initialValue)})`)
}

/** Where a run starts that has come as far as `last`: the lag before it, but not before the initial value. */
export function startAfter({ lag, direction, initialValue }: CursorRule, last: JsonValue): JsonValue {
  const start = shiftCursor(last, lag, direction)
  const isBeforeInitial = lag > 0 && initialValue !== undefined && compareCursors(start, initialValue) * direction < 0
  return isBeforeInitial ? initialValue : start
}
