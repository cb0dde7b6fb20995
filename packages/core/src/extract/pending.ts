import { isDeepStrictEqual } from 'node:util'
import type { Redactor } from '../http/redact.ts'
import type { JsonValue, PageRequest, ParamValue } from '../http/request.ts'
import type { PendingRequest } from '../load/state.ts'
import { sealUrl, sealValue, unsealUrl, unsealValue } from './seal.ts'

type Secrets = Pick<Redactor, 'secrets'>

/**
 * What of `request` has to be remembered, when `first` is known: whatever the author or an option put there is not. A
 * secret that the API has written into a link is kept as its number.
 */
export function packRequest(request: PageRequest, first: PageRequest, redactor: Secrets): PendingRequest {
  const secrets = redactor.secrets()
  const params = changedParams(request.params, first.params)
  const data = isForm(request.data) && isForm(first.data) ? changedParams(request.data, first.data) : {}
  const json = request.json === undefined ? undefined : changesOf(request.json, first.json)
  return {
    ...(request.url !== first.url && { url: sealUrl(request.url, secrets) }),
    params: sealParams(params, secrets),
    ...(Object.keys(data).length > 0 && { data: sealParams(data, secrets) }),
    ...(json !== undefined && { json: sealValue(json, secrets) }),
    ...(request.dataSelector !== undefined && { dataSelector: request.dataSelector }),
    ...(request.position !== undefined && { position: sealValue(request.position, secrets) }),
    ...(request.rereads !== undefined && { rereads: request.rereads }),
  }
}

/** The request again: also where `first` has another host by now. */
export function unpackRequest(pending: PendingRequest, first: PageRequest, redactor: Secrets): PageRequest {
  const secrets = redactor.secrets()
  const { params, data, url, json, position, ...rest } = pending
  return {
    ...first,
    ...rest,
    ...(url !== undefined && { url: unsealUrl(url, secrets) }),
    params: withParams(first.params, unsealParams(params, secrets)),
    ...(data !== undefined && isForm(first.data) && { data: withParams(first.data, unsealParams(data, secrets)) }),
    ...(json !== undefined && { json: withChanges(first.json, unsealValue(json, secrets)) }),
    ...(position !== undefined && { position: unsealValue(position, secrets) }),
  }
}

type Params = Readonly<Record<string, ParamValue>>

/** What the first request has and this one has not is as much of a difference: null takes it away. */
function changedParams(params: Params, base: Params): Params {
  const names = [...new Set([...Object.keys(base), ...Object.keys(params)])]
  const changed = names.filter((name) => !isDeepStrictEqual(own(params, name), own(base, name)))
  return Object.fromEntries(changed.map((name) => [name, own(params, name) ?? null]))
}

/** A parameter may be called `constructor`. */
const own = (params: Params, name: string): ParamValue => (Object.hasOwn(params, name) ? params[name] : undefined)

const withParams = (base: Params, changes: Params): Params =>
  Object.fromEntries(Object.entries({ ...base, ...changes }).filter(([, value]) => value !== null))

const sealParams = (params: Params, secrets: readonly string[]): Params =>
  sealValue(params as { [key: string]: JsonValue }, secrets) as Params

const unsealParams = (params: Params, secrets: readonly string[]): Params =>
  unsealValue(params as { [key: string]: JsonValue }, secrets) as Params

const isForm = (data: PageRequest['data']): data is Params => typeof data === 'object'

/** The members of a body that differ from another's, level by level; `undefined`: none. What is no object stands whole. */
function changesOf(value: JsonValue, base: JsonValue | undefined): JsonValue | undefined {
  if (isDeepStrictEqual(value, base)) return undefined
  if (!isObject(value) || !isObject(base)) return value
  const changes = Object.keys(value).map((key) => [key, changesOf(value[key]!, base[key])] as const)
  return Object.fromEntries(changes.filter(([, change]) => change !== undefined)) as JsonValue
}

function withChanges(base: JsonValue | undefined, changes: JsonValue): JsonValue {
  if (!isObject(base) || !isObject(changes)) return changes
  const merged = Object.keys(changes).map((key) => [key, withChanges(base[key], changes[key]!)] as const)
  return { ...base, ...Object.fromEntries(merged) }
}

const isObject = (value: JsonValue | undefined): value is { [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
