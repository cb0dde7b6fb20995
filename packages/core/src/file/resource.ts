import type { Endpoint, Resource } from '../connector/resource.ts'
import { compileSelector } from '../extract/select.ts'
import { stringifyJson } from '../http/json.ts'
import type { JsonValue } from '../http/request.ts'
import type { ResponseAction } from '../http/response-action.ts'
import { headersOf, retryOf, timeoutOf } from './client.ts'
import { columnsOf } from './columns.ts'
import type { ResponseActionData } from './data.ts'
import { incrementalOf } from './incremental.ts'
import { loadingOfFile } from './loading.ts'
import type { MergedResource } from './merge.ts'
import { camelKeys } from './names.ts'
import { type BoundParams, bindParams } from './params.ts'
import type { Parts } from './parts.ts'
import type { Report } from './place.ts'
import { stepsOf } from './steps.ts'

/** The resource that a file describes, in the engine's own terms. Reports all that is wrong with it. */
export function resourceOf(merged: MergedResource, parts: Parts): Resource {
  const { data, place } = merged
  const { report } = parts
  const { processing_steps: steps, include_from_parent: included } = data
  const bound = bindParams(merged, report)
  const incremental = incrementalOf(merged, bound, report)
  const endpoint = endpointOf(merged, bound, parts)
  if (included !== undefined && !hasParent(endpoint)) {
    report(
      [...place, 'include_from_parent'],
      'takes fields of a parent, but nothing in the endpoint names one. Write {resources.<name>.<field>} in its path or params.',
    )
  }
  const { table_name, description, max_table_nesting, selected, parallelized } = data
  return {
    required: data.required ?? false,
    ...camelKeys(defined({ table_name, description, max_table_nesting, selected, parallelized })),
    ...loadingOfFile(merged, columnsOf(merged, report), report),
    ...(included !== undefined && included !== null && { includeFromParent: included }),
    ...(steps !== undefined && steps !== null && { processingSteps: stepsOf(steps, place, report) }),
    ...(incremental !== undefined && { cursor: incremental.cursor }),
    endpoint: { ...endpoint, ...(incremental !== undefined && { incremental: incremental.incremental }) },
  }
}

function endpointOf({ endpoint: data, place }: MergedResource, { path, params }: BoundParams, parts: Parts): Endpoint {
  const { report, attempt } = parts
  const at = [...place, 'endpoint']
  const { json, data: form, auth, data_selector: selector, response_actions: actions, retry, timeout } = data
  const method = (data.method ?? 'GET').toUpperCase() as NonNullable<Endpoint['method']>
  if (json !== undefined && form !== undefined)
    report(at, 'has both json and data, but a request has one body. Take one of them out.')
  else if (method === 'GET' && (json !== undefined || form !== undefined))
    report([...at, json === undefined ? 'data' : 'json'], 'is a body, which a GET cannot have. Set method: POST, or use params.')
  if (selector) attempt([...at, 'data_selector'], selector, () => compileSelector(selector))
  const paginator = data.paginator ? parts.paginator([...at, 'paginator'], data.paginator) : undefined
  const authValue = auth ? parts.auth([...at, 'auth'], auth) : auth === null ? null : undefined
  return {
    path,
    method,
    ...(Object.keys(params).length > 0 && { params }),
    ...(data.headers && { headers: headersOf(data.headers) }),
    ...(json !== undefined && { json }),
    ...(form !== undefined && form !== null && { data: form }),
    ...(authValue !== undefined && { auth: authValue }),
    ...(paginator !== undefined && { paginator }),
    ...(typeof selector === 'string' && { dataSelector: selector }),
    ...(actions && {
      responseActions: actions.map((action, index) => actionOf(action, [...at, 'response_actions', index], report)),
    }),
    ...(retry && { retry: retryOf(retry) }),
    ...(timeout && { timeout: timeoutOf(timeout) }),
  }
}

function actionOf(action: ResponseActionData, place: Parameters<Report>[0], report: Report): ResponseAction {
  const given = camelKeys(action)
  if (given.statusCode === undefined && given.content === undefined)
    report(place, 'says nothing of the responses that it is for. Give it a status_code, a content, or both.')
  return given as unknown as ResponseAction
}

const hasParent = ({ path, params, headers, json, data }: Endpoint): boolean =>
  stringifyJson([path, params ?? null, headers ?? null, json ?? null, data ?? null] as JsonValue).includes('{resources.')

const defined = (data: object): object => Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined))
