import type { JsonValue } from '@tributary/core'
import type { Handler, MockRequest } from './handler.ts'
import { jsonResponse } from './handlers.ts'

export interface OffsetPagesOptions {
  /** Query parameter with the page's size. Default `limit`. */
  limitParam?: string
  /** Query parameter with the number of records to pass over. Default `offset`. */
  offsetParam?: string
  /** Body key of the number of all records; `null` leaves it out. Default `total`. */
  totalKey?: string | null
  /** Body key of the page's records. Default `data`. */
  dataKey?: string
  /** Page size where the request names none. Default 100. */
  defaultLimit?: number
  /** Larger page sizes are brought down to this one. Default: no limit. */
  maximumLimit?: number
}

/**
 * Serves records by limit and offset: `{ data, total, limit, offset }`, with the limit that was applied. A function is
 * called for each request, for data that moves. A limit below 1, an offset below 0 or no number is a 400.
 */
export function offsetPages(
  records: readonly JsonValue[] | (() => readonly JsonValue[]),
  options: OffsetPagesOptions = {},
): Handler {
  const { limitParam = 'limit', offsetParam = 'offset', totalKey = 'total', dataKey = 'data', defaultLimit = 100 } = options
  return (request) => {
    const limit = wholeNumber(request, limitParam, defaultLimit)
    const offset = wholeNumber(request, offsetParam, 0)
    if (limit === undefined || limit < 1) return badRequest(limitParam)
    if (offset === undefined) return badRequest(offsetParam)
    const all = typeof records === 'function' ? records() : records
    const applied = Math.min(limit, options.maximumLimit ?? limit)
    return jsonResponse({
      [dataKey]: all.slice(offset, offset + applied),
      ...(totalKey !== null && { [totalKey]: all.length }),
      limit: applied,
      offset,
    })
  }
}

function wholeNumber({ query }: MockRequest, name: string, fallback: number): number | undefined {
  const value = query.get(name)
  if (value === null) return fallback
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined
}

const badRequest = (name: string): ReturnType<typeof jsonResponse> => jsonResponse({ error: `invalid ${name}` }, { status: 400 })
