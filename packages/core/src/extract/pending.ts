import { isDeepStrictEqual } from 'node:util'
import type { PageRequest, ParamValue } from '../http/request.ts'
import type { PendingRequest } from '../load/state.ts'

/** What of `request` has to be remembered, when `first` is known: whatever the author or an option put there is not. */
export function packRequest(request: PageRequest, first: PageRequest): PendingRequest {
  const params: Record<string, ParamValue> = {}
  for (const [name, value] of Object.entries(request.params)) {
    if (!isDeepStrictEqual(value, first.params[name])) params[name] = value
  }
  return {
    ...(request.url !== first.url && { url: request.url }),
    params,
    ...(request.json !== undefined && !isDeepStrictEqual(request.json, first.json) && { json: request.json }),
    ...(request.position !== undefined && { position: request.position }),
    ...(request.rereads !== undefined && { rereads: request.rereads }),
  }
}

/** The request again: also where `first` has another host by now. */
export function unpackRequest({ params, ...pending }: PendingRequest, first: PageRequest): PageRequest {
  return { ...first, ...pending, params: { ...first.params, ...params } }
}
