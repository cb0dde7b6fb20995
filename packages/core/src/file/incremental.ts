import { compareCursors } from '../extract/cursor-order.ts'
import type { Incremental } from '../extract/incremental.ts'
import { conversion } from './convert.ts'
import type { IncrementalData } from './data.ts'
import type { MergedResource } from './merge.ts'
import type { BoundParams } from './params.ts'
import type { Report } from './place.ts'

/** The cursor of a resource, in the engine's own terms. Reports an end that has no start, or lies before it. */
export function incrementalOf(
  { endpoint, place }: MergedResource,
  { incremental: param }: BoundParams,
  report: Report,
): { readonly cursor: string; readonly incremental: Incremental } | undefined {
  const data = endpoint.incremental ?? param
  if (data === undefined || data === null) return undefined
  const at = param === undefined ? [...place, 'endpoint', 'incremental'] : [...place, 'endpoint', 'params', param.param]
  const cursor = data.cursor_path.replace(/^\$\./, '')
  if (/[[\]*'"]|\.\./.test(cursor) || cursor.split('.').includes('') || cursor.startsWith('$'))
    report([...at, 'cursor_path'], `is keys joined by dots, such as meta.updated_at, found ${JSON.stringify(data.cursor_path)}.`)
  const problem = endProblem(data)
  if (problem !== undefined) report([...at, 'end_value'], problem)
  const startParam = param?.param ?? data.start_param
  if (isThere(startParam) && startParam === data.end_param)
    report([...at, 'end_param'], `is ${startParam}, and so is start_param. The two need names of their own.`)
  return { cursor, incremental: { ...plain(data), ...(isThere(startParam) && { startParam }) } as Incremental }
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null

function endProblem({ initial_value: start, end_value: end, last_value_func: last }: IncrementalData): string | undefined {
  if (!isThere(end)) return undefined
  if (!isThere(start)) return 'is the end of a backfill, which needs an initial_value as its start. Add one.'
  let order: number
  try {
    order = compareCursors(end!, start!)
  } catch {
    return `(${end}) and initial_value (${start}) cannot be put in order. Write both the same way.`
  }
  const isBefore = last === 'min' ? order > 0 : order < 0
  return isBefore ? `(${end}) lies before initial_value (${start}). Swap them.` : undefined
}

/** The fields that go by other names in a file, with those that are null left out. */
function plain(data: IncrementalData): Incremental {
  const { convert } = data
  const fields = {
    endParam: data.end_param,
    initialValue: data.initial_value,
    endValue: data.end_value,
    convert: isThere(convert) ? conversion(convert!) : undefined,
    lastValue: data.last_value_func,
    rowOrder: data.row_order,
    rangeStart: data.range_start,
    rangeEnd: data.range_end,
    lag: data.lag,
    onCursorValueMissing: data.on_cursor_value_missing,
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isThere(value))) as Incremental
}
