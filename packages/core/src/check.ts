import type { Connector, ConnectorFactory } from './connector/connector.ts'
import type { OptionInfo } from './connector/options.ts'
import { resolveResources, resolveShape } from './connector/resolve.ts'
import type { Endpoint, Resource } from './connector/resource.ts'
import { TributaryError, toTributaryError } from './errors.ts'
import { extract } from './extract/extract.ts'
import { createClient } from './http/client.ts'
import { connectorContext } from './http/context.ts'
import { requestUrl } from './http/url.ts'
import type { WriteDisposition } from './load/destination.ts'
import type { Column, TableSchema } from './load/schema.ts'
import { createNormalizer } from './normalize/normalizer.ts'
import type { CheckResult } from './run.ts'

const IDENTIFIER_LIMIT = 200

export interface CheckOptions {
  connector: Connector
  /** Default: the first one. */
  resource?: string
  signal?: AbortSignal
}

/** Makes one request, without retries: are the credentials right, and is the shape as declared? Throws what a sync would. */
export async function checkConnector({
  connector,
  resource: name,
  signal = new AbortController().signal,
}: CheckOptions): Promise<CheckResult> {
  const context = connectorContext(connector)
  try {
    const [resource] = resolveResources(connector, [name ?? Object.keys(connector.resources)[0]!], undefined)
    const client = createClient({ ...connector.client, concurrency: 1, retry: { ...connector.client.retry, limit: 0 } }, context)
    const warnings: string[] = []
    const warn = (message: string): unknown => warnings.push(message)
    const normalizer = createNormalizer({
      shape: resource!,
      stored: [],
      tableOwners: new Map(),
      identifierLimit: IDENTIFIER_LIMIT,
      warn,
    })
    const first = resource!.request
    const started = performance.now()
    let records = 0
    const observer = { onRequest: () => {}, onRetry: () => {} }
    const single = { ...resource!, paginator: { first: resource!.paginator.first, next: () => [] } }
    for await (const page of extract({ resource: single, client, redactor: context.redactor, first, observer, signal, warn })) {
      records += page.records.length
      normalizer.write(page.records, 0, false)
      normalizer.take()
    }
    return {
      resource: resource!.name,
      url: context.redactor.url(requestUrl(single.paginator.first(first)).toString()),
      status: 200,
      records,
      tables: Object.fromEntries(normalizer.schemas().map((schema) => [schema.name, schema.columns.map(columnInfo)])),
      warnings,
      milliseconds: performance.now() - started,
    }
  } catch (thrown) {
    const { code, recovery, message } = toTributaryError(thrown)
    throw new TributaryError({ code, recovery, message: context.redactor.text(message) })
  }
}

const columnInfo = ({ name, type, nullable, declared = false }: Column) => ({ name, type, nullable, declared })

/** What is known of a resource without running it. */
export interface ResourceDescription {
  readonly name: string
  readonly description?: string
  readonly table: string
  readonly primaryKey: readonly string[]
  readonly writeDisposition: WriteDisposition
  readonly cursor?: string
  /** Required options stand in it as `{name}`. Missing where it cannot be told without the options. */
  readonly endpoint?: { readonly method: string; readonly path: string }
  /** Declared columns; others are added as they come. */
  readonly tables: readonly TableSchema[]
}

/** Describes the resources of a connector: `describeResources(ticketing.connector)`. */
export function describeResources(connector: ConnectorFactory['connector']): ResourceDescription[] {
  return Object.entries(connector.resources).map(([name, resource]) => {
    const shape = resolveShape(connector.name, name, resource, connector.resourceDefaults)
    const normalizer = createNormalizer({
      shape,
      stored: [],
      tableOwners: new Map(),
      identifierLimit: IDENTIFIER_LIMIT,
      warn: () => {},
    })
    const endpoint = endpointWithoutOptions(resource.endpoint, connector.optionInfos)
    return {
      name,
      ...(resource.description !== undefined && { description: resource.description }),
      table: shape.table,
      primaryKey: normalizer.keyColumns(),
      writeDisposition: shape.disposition,
      ...(shape.cursor !== undefined && { cursor: shape.cursor }),
      ...(endpoint !== undefined && { endpoint: { method: endpoint.method ?? 'GET', path: endpoint.path } }),
      tables: normalizer.schemas(),
    }
  })
}

/** The endpoint as it is with no optional option set. */
function endpointWithoutOptions(endpoint: Resource['endpoint'], infos: readonly OptionInfo[]): Endpoint | undefined {
  if (typeof endpoint !== 'function') return endpoint
  const placeholders = Object.fromEntries(infos.filter(({ required }) => required).map(({ name }) => [name, `{${name}}`]))
  try {
    return endpoint(placeholders as never)
  } catch {
    // It does more with an option than to put it into a text.
    return undefined
  }
}
