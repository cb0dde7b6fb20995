import type { Connector, ResourceName } from './connector/connector.ts'
import { type ResolvedResource, resolveResources } from './connector/resolve.ts'
import { TributaryError, toTributaryError } from './errors.ts'
import { createClient } from './http/client.ts'
import { connectorContext } from './http/context.ts'
import { createSemaphore } from './http/semaphore.ts'
import { openPipeline } from './load/pipeline.ts'
import { normalizeName, withTablesWithin } from './normalize/names.ts'
import type { ResourceResult, SyncOptions, SyncResult } from './run.ts'
import { familiesOf, runFamily } from './run-family.ts'

/** Families of resources that are read at once, at least: as many as can have a request in flight. */
const FAMILIES_AT_ONCE = 4

/**
 * Runs a pipeline: extract → normalize → load, for each resource. Resolves when all are done, also when some failed:
 * `status` and the resources' `error` tell. Throws a `TributaryError` where nothing could run at all: for a
 * configuration error before any request, and where the dataset cannot be opened.
 */
export async function sync<TConnector extends Connector>(
  options: SyncOptions<TConnector>,
): Promise<SyncResult<ResourceName<TConnector>>> {
  const { connector, destination, onEvent = () => {}, signal = new AbortController().signal } = options
  const context = connectorContext(connector)
  const started = performance.now()
  try {
    const { identifierLimit } = destination
    const asked = resolveResources(connector, options.resources, options.writeDisposition, options.schemaContract)
    const resources = withTablesWithin(identifierLimit, asked)
    checkOptions(options, resources)
    const client = createClient(connector.client, context)
    // Before any of them is used, and in an order that is the same in the next run.
    for (const { send } of resources) for (const secret of send.auth?.secrets ?? []) context.redactor.add(secret)
    const name = options.dataset ?? normalizeName(connector.name)
    const dataset = await destination.open(name)
    try {
      const loaded = resources.filter(({ isLoaded }) => isLoaded)
      const pipeline = await openPipeline(connector, dataset, { dataset: name, resources: loaded.map((each) => each.name) })
      // A table stays with the resource that made it.
      const tableOwners = new Map([
        ...loaded.map(({ table, name }) => [table, name] as const),
        ...Object.values(pipeline.state().tables).map((table) => [table.name, table.resource] as const),
      ])
      const loadIds: number[] = []
      const emit: typeof onEvent = (event) => {
        if (event.type === 'committed') loadIds.push(event.loadId)
        onEvent(event)
      }
      const turns = createSemaphore(Math.max(FAMILIES_AT_ONCE, client.concurrency))
      const run = { pipeline, client, ...context, tableOwners, options, identifierLimit, signal, emit }
      const runs = await Promise.all(familiesOf(resources).map((family) => turns.run(() => runFamily(family, run))))
      const results = runs.flat().map((each) => [each.resource.name, each.result()] as const)
      return summarize(Object.fromEntries(results), loadIds, name, started)
    } finally {
      await client.close()
      await dataset.close()
    }
  } catch (thrown) {
    const { code, recovery, message } = toTributaryError(thrown)
    throw new TributaryError({ code, recovery, message: context.redactor.message(message) })
  }
}

function checkOptions({ window, limit, fullRefresh, checkpoint }: SyncOptions, resources: readonly ResolvedResource[]): void {
  const invalid = (message: string): TributaryError =>
    new TributaryError({ code: 'OPTIONS_INVALID', recovery: 'fix-config', message })
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1))
    throw invalid(`limit is a number of pages, from 1, but is ${limit}.`)
  if (checkpoint?.rows !== undefined && !(checkpoint.rows >= 1))
    throw invalid(`checkpoint.rows is a number from 1, but is ${checkpoint.rows}.`)
  if (checkpoint?.seconds !== undefined && !(checkpoint.seconds > 0))
    throw invalid(`checkpoint.seconds is more than 0, but is ${checkpoint.seconds}.`)
  if (window === undefined) return
  if (window.from === undefined && window.to === undefined) throw invalid('A backfill window needs a from or a to.')
  if (fullRefresh === true)
    throw invalid('A backfill window and a full refresh exclude each other: the one adds a part, the other loads all anew.')
  for (const { name, cursor, disposition, isLoaded } of resources) {
    if (!isLoaded) continue
    if (cursor === undefined)
      throw invalid(`A backfill window needs a cursor, and ${name} has none: choose the resources that have one.`)
    if (disposition === 'replace')
      throw invalid(`A backfill window would replace all of ${name} by a part of it: merge or append instead.`)
  }
}

function summarize<TName extends string>(
  resources: Record<TName, ResourceResult>,
  loadIds: readonly number[],
  dataset: string,
  started: number,
): SyncResult<TName> {
  const results = Object.values<ResourceResult>(resources)
  const seconds = (performance.now() - started) / 1000
  const records = results.reduce((sum, result) => sum + result.records, 0)
  const is = (status: ResourceResult['status']): boolean => results.some((result) => result.status === status)
  return {
    status: is('interrupted') ? 'interrupted' : is('failed') || is('skipped') ? 'failed' : 'ok',
    loadIds,
    dataset,
    resources,
    seconds,
    rowsPerSecond: Math.round(records / seconds),
  }
}
