import type { Connector, ConnectorFactory } from './connector/connector.ts'
import type { ResolvedContract } from './connector/contract.ts'
import type { OptionInfo } from './connector/options.ts'
import { type ResolvedResource, type ResolvedShape, resolveResources, resolveShape } from './connector/resolve.ts'
import type { Endpoint, Resource } from './connector/resource.ts'
import { TributaryError, toTributaryError } from './errors.ts'
import { type Branch, bindRequest, type Listing, listingKey, rootBranch } from './extract/branch.ts'
import { extract } from './extract/extract.ts'
import { createClient } from './http/client.ts'
import { connectorContext } from './http/context.ts'
import { createRedactor } from './http/redact.ts'
import type { JsonValue, PageRequest } from './http/request.ts'
import { requestUrl } from './http/url.ts'
import type { DedupSort, MergeStrategy, WriteDisposition } from './load/plan.ts'
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

/**
 * Makes one request, without retries: are the credentials right, and is the shape as declared? For a resource that depends
 * on others, one more for each of those. Throws what a sync would.
 */
export async function checkConnector({
  connector,
  resource: name,
  signal = new AbortController().signal,
}: CheckOptions): Promise<CheckResult> {
  const context = connectorContext(connector)
  const started = performance.now()
  const warnings: string[] = []
  const warn = (message: string): unknown => warnings.push(context.redactor.message(message))
  try {
    const lineage = resolveResources(connector, [name ?? firstResource(connector)], undefined)
    const client = createClient({ ...connector.client, concurrency: 1, retry: { ...connector.client.retry, limit: 0 } }, context)
    try {
      let branch = rootBranch(new Set())
      for (const above of lineage.slice(0, -1)) {
        const page = await firstPage(above, branch)
        const record = page.records.find((each) => each !== null)
        if (record === undefined) throw noParent(lineage.at(-1)!.name, above.name)
        branch = { ...branch, record, listing: page.listing.key }
      }
      const resource = lineage.at(-1)!
      const page = await firstPage(resource, branch)
      const normalizer = createNormalizer({
        shape: resource,
        stored: [],
        tableOwners: new Map(),
        identifierLimit: IDENTIFIER_LIMIT,
        warn,
      })
      normalizer.write(page.records, 0, false)
      normalizer.take()
      for (const [table, counts] of Object.entries(normalizer.takeRejected().counts)) {
        for (const [part, count] of Object.entries(counts))
          warn(`The contract leaves ${count} ${count === 1 ? 'row or value' : 'rows or values'} out of ${table}: ${part}.`)
      }
      return {
        resource: resource.name,
        url: context.redactor.url(requestUrl(page.request).toString()),
        status: 200,
        records: page.records.length,
        tables: Object.fromEntries(normalizer.schemas().map((schema) => [schema.name, schema.columns.map(columnInfo)])),
        warnings,
        milliseconds: performance.now() - started,
      }
    } finally {
      await client.close()
    }

    async function firstPage(resource: ResolvedResource, branch: Branch): Promise<FirstPage> {
      const { initialValue, endValue } = resource.incremental ?? {}
      const bounds = {
        ...(initialValue !== undefined && { start: initialValue }),
        ...(endValue !== undefined && { end: endValue }),
      }
      const listing = { branch, key: listingKey(resource, branch), bounds }
      const request = resource.paginator.first(bindRequest(resource, listing))
      const observer = { onRequest: () => {}, onRetry: () => {} }
      const starts = [{ request, start: listing }]
      const pages = extract({
        resource,
        client,
        redactor: context.redactor,
        starts,
        isResumed: false,
        observer,
        signal,
        warn,
        fallsShort: () => {},
      })
      for await (const page of pages) return { records: page.records(), request, listing }
      return { records: [], request, listing }
    }
  } catch (thrown) {
    const { code, recovery, message } = toTributaryError(thrown)
    throw new TributaryError({ code, recovery, message: context.redactor.message(message) })
  }
}

interface FirstPage {
  readonly records: readonly JsonValue[]
  readonly request: PageRequest
  readonly listing: Listing
}

const firstResource = ({ resources }: Connector): string =>
  Object.keys(resources).find((name) => resources[name]!.selected !== false) ?? Object.keys(resources)[0]!

function noParent(name: string, parent: string): TributaryError {
  return new TributaryError({
    code: 'PARENT_EMPTY',
    recovery: 'retry',
    message: `${name} cannot be checked: it depends on ${parent}, of which the first page has no record.`,
  })
}

const columnInfo = ({ name, type, nullable, declared = false }: Column) => ({ name, type, nullable, declared })

/** What is known of a resource without running it. */
export interface ResourceDescription {
  readonly name: string
  readonly description?: string
  readonly table: string
  readonly primaryKey: readonly string[]
  readonly writeDisposition: WriteDisposition
  /** Of a merge. */
  readonly mergeStrategy?: MergeStrategy
  /** Of a merge that has one: names of columns, or dotted paths where it cannot be told yet which column they become. */
  readonly mergeKey?: readonly string[]
  /** Of a merge that has one. `column`: as of `mergeKey`. */
  readonly dedupSort?: DedupSort
  /** Of a merge that has one: as of `mergeKey`. */
  readonly hardDelete?: string
  /** Of a merge: rows that did not change keep their load. */
  readonly skipUnchanged?: boolean
  /** `dataType` undefined: inferred columns evolve, declared types are promises. */
  readonly schemaContract: ResolvedContract
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
      ...(shape.disposition === 'merge' && describeMerge(shape, (path) => normalizer.columnOf(path) ?? path)),
      schemaContract: shape.contract,
      ...(shape.cursor !== undefined && { cursor: shape.cursor }),
      ...(endpoint !== undefined && {
        endpoint: { method: endpoint.method ?? 'GET', path: createRedactor([]).message(endpoint.path) },
      }),
      tables: normalizer.schemas(),
    }
  })
}

type MergeFacts = Pick<ResourceDescription, 'mergeStrategy' | 'mergeKey' | 'dedupSort' | 'hardDelete' | 'skipUnchanged'>

function describeMerge(shape: ResolvedShape, columnOf: (path: string) => string): MergeFacts {
  const { strategy, mergeKey, dedupSort, hardDelete, skipUnchanged } = shape
  return {
    mergeStrategy: strategy,
    ...(mergeKey.length > 0 && { mergeKey: mergeKey.map(columnOf) }),
    ...(dedupSort !== undefined && { dedupSort: { column: columnOf(dedupSort.path), order: dedupSort.order } }),
    ...(hardDelete !== undefined && { hardDelete: columnOf(hardDelete) }),
    skipUnchanged,
  }
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
