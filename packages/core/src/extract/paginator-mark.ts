import { stringifyJson } from '../http/json.ts'
import type { JsonValue } from '../http/request.ts'
import type { Paginator } from '../paginate/paginator.ts'

/**
 * The same for paginators that understand each other's places: their kind, and what they put on a first request. Undefined for
 * one that is not built in, of which nothing is known.
 */
export function paginatorMark({ kind, first }: Paginator): string | undefined {
  if (kind === undefined) return undefined
  const { params, json, position } = first({ method: 'POST', url: 'http://localhost/', params: {}, headers: {}, json: {} })
  return stringifyJson([kind, params as JsonValue, json ?? null, position ?? null])
}
