import { TributaryError } from '../errors.ts'
import { compileSelector, type Select } from '../extract/select.ts'
import type { PageRequest } from '../http/request.ts'
import { joinUrl } from '../http/url.ts'
import type { WriteDisposition } from '../load/destination.ts'
import { normalizeName } from '../normalize/names.ts'
import type { Paginator } from '../paginate/paginator.ts'
import { singlePage } from '../paginate/single-page.ts'
import type { Connector } from './connector.ts'
import { type Declared, declaredFields } from './declared.ts'
import { nearest } from './nearest.ts'
import type { Endpoint, Incremental, Resource, ResourceDefaults } from './resource.ts'

/** A resource with its defaults filled in and everything checked that can be checked before a request. */
export interface ResolvedResource extends ResolvedShape {
  readonly request: PageRequest
  readonly paginator: Paginator
  readonly select: Select
  readonly selector: string
  readonly incremental?: Incremental
}

/** What is known of a resource without the connector's options. */
export interface ResolvedShape {
  readonly name: string
  readonly table: string
  /** Dotted paths into the record. */
  readonly primaryKey: readonly string[]
  readonly disposition: WriteDisposition
  readonly skipUnchanged: boolean
  readonly maxTableNesting: number
  readonly required: boolean
  readonly cursor?: string
  readonly declared: ReadonlyMap<string, Declared>
}

/** Resolves the chosen resources of a connector. Throws a `fix-config` error for the first thing that is wrong. */
export function resolveResources(
  connector: Connector,
  chosen: readonly string[] | undefined,
  disposition: WriteDisposition | undefined,
): ResolvedResource[] {
  const names = Object.keys(connector.resources)
  const selected = chosen ?? names
  for (const name of selected) {
    if (!Object.hasOwn(connector.resources, name)) throw unknownResource(connector.name, name, names)
  }
  const resolved = [...new Set(selected)].map((name) => resolveResource(connector, name, disposition))
  const tables = new Map<string, string>()
  for (const { table, name } of resolved) {
    const other = tables.get(table)
    if (other !== undefined)
      throw invalid(connector.name, name, `its table ${table} is that of ${other} already; give one of them a tableName`)
    tables.set(table, name)
  }
  return resolved
}

function resolveResource(connector: Connector, name: string, disposition: WriteDisposition | undefined): ResolvedResource {
  const resource = connector.resources[name]!
  const endpoint = (
    typeof resource.endpoint === 'function' ? resource.endpoint(connector.options as never) : resource.endpoint
  ) as Endpoint
  const shape = resolveShape(connector.name, name, resource, connector.resourceDefaults, disposition)
  const { client } = connector
  if (endpoint.incremental !== undefined && shape.cursor === undefined) {
    throw invalid(
      connector.name,
      name,
      'its endpoint is incremental, which needs a cursor: the field that grows whenever a record changes',
    )
  }
  const { headers, params = {}, method = 'GET', json } = endpoint
  return {
    ...shape,
    request: {
      method,
      url: absoluteUrl(connector.name, name, joinUrl(client.baseUrl, endpoint.path)),
      params,
      headers: { ...headers },
      ...(json !== undefined && { json }),
    },
    paginator: endpoint.paginator ?? client.paginator ?? singlePage(),
    select: compileSelector(endpoint.dataSelector),
    selector: endpoint.dataSelector ?? '$',
    ...(endpoint.incremental !== undefined && { incremental: endpoint.incremental }),
  }
}

/** Fills in the defaults of a resource; `disposition` overrides what it says. */
export function resolveShape(
  connectorName: string,
  name: string,
  resource: Resource,
  defaults: ResourceDefaults,
  disposition?: WriteDisposition,
): ResolvedShape {
  const key = resource.primaryKey ?? defaults.primaryKey ?? []
  const primaryKey = typeof key === 'string' ? [key] : [...key]
  const resolved: ResolvedShape = {
    name,
    table: normalizeName(resource.tableName ?? name),
    primaryKey,
    disposition: disposition ?? resource.writeDisposition ?? defaults.writeDisposition ?? 'append',
    skipUnchanged: resource.skipUnchanged ?? defaults.skipUnchanged ?? false,
    maxTableNesting: resource.maxTableNesting ?? defaults.maxTableNesting ?? 20,
    required: resource.required ?? defaults.required ?? true,
    ...(resource.cursor !== undefined && { cursor: resource.cursor }),
    declared: resource.schema === undefined ? new Map() : declaredFields(resource.schema, `${connectorName}.${name}`),
  }
  if (!['append', 'replace', 'merge'].includes(resolved.disposition)) {
    throw invalid(
      connectorName,
      name,
      `its write disposition is ${JSON.stringify(resolved.disposition)}; there are append, replace and merge`,
    )
  }
  if (resolved.disposition === 'merge' && primaryKey.length === 0) {
    throw invalid(connectorName, name, 'to merge, it needs a primaryKey: the field, or the fields, that tell its records apart')
  }
  if (resolved.table.startsWith('_sync_'))
    throw invalid(connectorName, name, `its table ${resolved.table} would be one of Tributary's own`)
  return resolved
}

function absoluteUrl(connectorName: string, name: string, text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw invalid(connectorName, name, 'its URL is not an absolute http or https URL: check baseUrl and path')
}

function unknownResource(connectorName: string, name: string, names: readonly string[]): TributaryError {
  const near = nearest(name, names)
  return new TributaryError({
    code: 'RESOURCE_UNKNOWN',
    recovery: 'fix-config',
    message: `${connectorName} has no resource ${JSON.stringify(name)}${near === undefined ? '.' : `; did you mean ${near}?`} It has ${names.join(', ')}.`,
  })
}

function invalid(connectorName: string, name: string, why: string): TributaryError {
  return new TributaryError({
    code: 'RESOURCE_INVALID',
    recovery: 'fix-config',
    message: `The resource ${connectorName}.${name} cannot run: ${why}.`,
  })
}
