import type { TributaryError } from '../errors.ts'
import { type CursorRule, compileIncremental } from '../extract/incremental.ts'
import { compileRequest, type RequestTemplate } from '../extract/request-template.ts'
import { compileSelector, type Select } from '../extract/select.ts'
import { type ApplySteps, compileSteps } from '../extract/steps.ts'
import type { SendOptions } from '../http/client.ts'
import type { HttpMethod } from '../http/request.ts'
import { checkResponseActions } from '../http/response-action.ts'
import { retryPolicy } from '../http/retry.ts'
import { resolveTimeout } from '../http/timeout.ts'
import { joinUrl } from '../http/url.ts'
import type { WriteDisposition } from '../load/plan.ts'
import { normalizeName } from '../normalize/names.ts'
import { auto } from '../paginate/auto.ts'
import type { Paginator } from '../paginate/paginator.ts'
import { singlePage } from '../paginate/single-page.ts'
import { declaredTwice, type NamedColumn, namedColumns } from './column.ts'
import type { Connector } from './connector.ts'
import type { SchemaContract } from './contract.ts'
import { contractProblem } from './contract-words.ts'
import { type Declared, declaredFields } from './declared.ts'
import { endpointOf } from './endpoint.ts'
import { type ParentLink, parentOf } from './parent.ts'
import { invalid, invalidContract, nothingSelected, unknownResource } from './resolve-errors.ts'
import { type ResolvedLoading, type RunLoading, resolveLoading } from './resolve-loading.ts'
import type { Endpoint, Resource, ResourceDefaults } from './resource.ts'

/** A resource with its defaults filled in and everything checked that can be checked before a request. */
export interface ResolvedResource extends ResolvedShape {
  readonly request: RequestTemplate
  readonly paginator: Paginator
  /** Undefined: found out from the first page of a listing. */
  readonly select?: Select
  readonly selector?: string
  readonly applySteps: ApplySteps
  /** Whether records are loaded as they come: no step changes them, and no parent adds to them. */
  readonly isUnchanged: boolean
  /** The resource that it is requested for each record of. */
  readonly parent?: ParentLink
  readonly incremental?: CursorRule
  /** What its requests need beside the client's own settings. */
  readonly send: Omit<SendOptions, 'observer' | 'signal'>
  /** Whether its pages are requested at once, where they are known. */
  readonly parallelized: boolean
  /** Asked for, so that its rows are loaded; else only read for those that depend on it. */
  readonly isLoaded: boolean
}

/** What is known of a resource without the connector's options. */
export interface ResolvedShape extends ResolvedLoading {
  readonly name: string
  readonly table: string
  readonly maxTableNesting: number
  readonly required: boolean
  readonly cursor?: string
  readonly declared: ReadonlyMap<string, Declared>
  /** Columns of the root table that are declared by name. */
  readonly columns?: ReadonlyMap<string, NamedColumn>
}

/**
 * Resolves the chosen resources of a connector, and those that they depend on. `disposition` and `contract` are the run's, over
 * what resources say. Throws a `fix-config` error for the first thing that is wrong.
 */
export function resolveResources(
  connector: Connector,
  chosen: readonly string[] | undefined,
  disposition: WriteDisposition | undefined,
  contract?: SchemaContract,
): ResolvedResource[] {
  const problem = contractProblem(contract)
  if (problem !== undefined) throw invalidContract(problem)
  const names = Object.keys(connector.resources)
  const selected = new Set(chosen ?? names.filter((name) => connector.resources[name]!.selected !== false))
  for (const name of selected) {
    if (!Object.hasOwn(connector.resources, name)) throw unknownResource(connector.name, name, names)
  }
  if (selected.size === 0) throw nothingSelected(connector.name, names)
  const run = { disposition, contract }
  // All of them, so that a mistake shows before it matters.
  const all = new Map(names.map((name) => [name, resolveResource(connector, name, run, selected.has(name))] as const))
  const needed = new Set<ResolvedResource>()
  for (const name of names) {
    const lineage = lineageOf(connector.name, name, all)
    if (selected.has(name)) for (const each of lineage) needed.add(each)
  }
  const resources = [...needed]
  checkTables(connector.name, resources)
  return resources
}

/** A resource and those that it depends on, the furthest first. */
function lineageOf(connectorName: string, name: string, all: ReadonlyMap<string, ResolvedResource>): ResolvedResource[] {
  const lineage: ResolvedResource[] = []
  for (let one = all.get(name); one !== undefined; one = one.parent && all.get(one.parent.resource)) {
    if (lineage.includes(one)) {
      const way = [...lineage, one].map((each) => each.name).join(' → ')
      throw invalid(connectorName, name, `it depends on itself: ${way}`)
    }
    lineage.push(one)
  }
  return lineage.reverse()
}

function checkTables(connectorName: string, resources: readonly ResolvedResource[]): void {
  const tables = new Map<string, string>()
  for (const { table, name, isLoaded } of resources) {
    if (!isLoaded) continue
    const other = tables.get(table)
    if (other !== undefined)
      throw invalid(connectorName, name, `its table ${table} is that of ${other} already; give one of them a tableName`)
    tables.set(table, name)
  }
}

const METHODS: readonly HttpMethod[] = ['GET', 'POST', 'PUT', 'PATCH']

function resolveResource(connector: Connector, name: string, run: RunLoading, isLoaded: boolean): ResolvedResource {
  const resource = connector.resources[name]!
  const fail = (why: string): TributaryError => invalid(connector.name, name, why)
  const { client, resourceDefaults } = connector
  const endpoint = endpointOf(resource, connector)
  // What is only read for others needs no key.
  const shape = resolveShape(connector.name, name, resource, resourceDefaults, isLoaded ? run : { disposition: 'append' })
  const method = String(endpoint.method ?? 'GET').toUpperCase() as HttpMethod
  if (!METHODS.includes(method)) throw fail(`its method is ${JSON.stringify(endpoint.method)}; there are ${METHODS.join(', ')}`)
  if (endpoint.json !== undefined && endpoint.data !== undefined) throw fail('it has both json and data; a request has one body')
  if (method === 'GET' && (endpoint.json ?? endpoint.data) !== undefined)
    throw fail('it has a body, but its method is GET, which has none: set the method to POST, or use params')
  const url = absoluteUrl(joinUrl(client.baseUrl, endpoint.path), fail)
  const request = compileRequest(`${connector.name}.${name}`, {
    method,
    url,
    params: endpoint.params ?? {},
    headers: endpoint.headers ?? {},
    ...(endpoint.json !== undefined && { json: endpoint.json }),
    ...(endpoint.data !== undefined && { data: endpoint.data }),
  })
  const incremental = resolveIncremental(shape, endpoint.incremental, request, fail)
  const parent = parentOf(name, resource, request, Object.keys(connector.resources), fail)
  checkSending(connector, name, endpoint)
  const selector = endpoint.dataSelector ?? (request.isSingleEntity ? '$' : undefined)
  const { auth, retry, timeout, responseActions } = endpoint
  const steps = resource.processingSteps ?? []
  return {
    ...shape,
    request,
    paginator: endpoint.paginator ?? client.paginator ?? (request.isSingleEntity ? singlePage() : auto()),
    ...(selector !== undefined && { selector, select: compileSelector(selector) }),
    applySteps: compileSteps(`${connector.name}.${name}`, steps),
    isUnchanged: steps.length === 0 && (parent?.included ?? []).length === 0,
    ...(parent !== undefined && { parent }),
    ...(incremental !== undefined && { incremental }),
    send: {
      ...(auth !== undefined && { auth }),
      ...(retry !== undefined && { retry }),
      ...(timeout !== undefined && { timeout }),
      ...(responseActions !== undefined && { responseActions }),
    },
    parallelized: resource.parallelized ?? resourceDefaults.parallelized ?? true,
    isLoaded,
  }
}

/** Checks what the client would refuse at the first request. */
function checkSending(
  { name: connectorName, client }: Connector,
  name: string,
  { retry, timeout, responseActions }: Endpoint,
): void {
  const where = `The resource ${connectorName}.${name}`
  checkResponseActions(responseActions ?? [], where)
  retryPolicy(where, client.retry, retry)
  resolveTimeout(timeout, where)
}

function resolveIncremental(
  { cursor }: ResolvedShape,
  incremental: Parameters<typeof compileIncremental>[1] | undefined,
  { placeholders }: RequestTemplate,
  fail: (why: string) => TributaryError,
): CursorRule | undefined {
  const placeholder = placeholders.find(({ kind }) => kind === 'incremental')
  if (incremental === undefined) {
    if (placeholder !== undefined) throw fail(`it has {${placeholder.text}}, but its endpoint is not incremental`)
    return undefined
  }
  if (cursor === undefined)
    throw fail('its endpoint is incremental, which needs a cursor: the field that grows whenever a record changes')
  return compileIncremental(cursor, incremental, fail)
}

/** Fills in the defaults of a resource; `run` is over what it says. */
export function resolveShape(
  connectorName: string,
  name: string,
  resource: Resource,
  defaults: ResourceDefaults,
  run: RunLoading = {},
): ResolvedShape {
  const fail = (why: string): TributaryError => invalid(connectorName, name, why)
  const columns = namedColumns({ ...defaults.columns, ...resource.columns })
  const resolved: ResolvedShape = {
    ...resolveLoading(resource, defaults, run, fail),
    name,
    table: normalizeName(resource.tableName ?? name),
    maxTableNesting: resource.maxTableNesting ?? defaults.maxTableNesting ?? 20,
    required: resource.required ?? defaults.required ?? true,
    ...(resource.cursor !== undefined && { cursor: resource.cursor }),
    declared: resource.schema === undefined ? new Map() : declaredFields(resource.schema, `${connectorName}.${name}`),
    ...(columns.size > 0 && { columns }),
  }
  const twice = declaredTwice(columns, resolved.declared)
  if (twice !== undefined) throw fail(`its column ${twice} is declared in the schema and in columns; keep one of them`)
  if (resolved.table.startsWith('_sync_')) throw fail(`its table ${resolved.table} would be one of Tributary's own`)
  return resolved
}

function absoluteUrl(text: string, fail: (why: string) => TributaryError): string {
  // Placeholders are no part of an origin, and fit anywhere else.
  const sample = text.replaceAll(/[{}]/g, '_')
  if (URL.canParse(sample) && /^https?:$/.test(new URL(sample).protocol)) return text
  throw fail('its URL is not an absolute http or https URL: check baseUrl and path')
}
