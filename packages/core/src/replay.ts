import type { Connector, ResourceName } from './connector/connector.ts'
import type { SchemaContract } from './connector/contract.ts'
import { type ResolvedResource, resolveResources } from './connector/resolve.ts'
import { type Recovery, TributaryError, toTributaryError } from './errors.ts'
import type { SyncEventListener } from './events.ts'
import { connectorContext } from './http/context.ts'
import type { Redactor } from './http/redact.ts'
import type { Destination } from './load/destination.ts'
import { openPipeline, type Pipeline } from './load/pipeline.ts'
import { replacesRows, replayLoad } from './load/replay-load.ts'
import { normalizeName, withTablesWithin } from './normalize/names.ts'
import type { TableResult } from './run.ts'
import { addChanges, addRejected, rejectedEvents } from './table-results.ts'

export interface ReplayOptions<TConnector extends Connector = Connector> {
  connector: TConnector
  destination: Destination
  /** Default: the connector's name in snake_case. */
  dataset?: string
  /** Default: all of them. */
  resources?: readonly ResourceName<TConnector>[]
  /** Over what the connector and its resources say, for this time. */
  schemaContract?: SchemaContract
  /** Keep what is left out again. Default true; false: it is only counted. */
  keepRejects?: boolean
  /** Stops between loads: what is committed stays. */
  signal?: AbortSignal
  onEvent?: SyncEventListener
}

/** What became of the rejects of one resource. */
export interface ReplayedResource {
  readonly status: 'ok' | 'failed' | 'interrupted'
  /** Records that were put through again, those that were left out again among them. */
  readonly replayed: number
  /** Rejects that are still kept. */
  readonly kept: number
  readonly tables: Readonly<Record<string, TableResult>>
  readonly warnings: readonly string[]
  readonly error?: { readonly code: string; readonly message: string; readonly recovery: Recovery }
}

export interface ReplayResult {
  readonly status: 'ok' | 'failed' | 'interrupted'
  /** Loads that were committed, in order. */
  readonly loadIds: readonly number[]
  readonly dataset: string
  /** Those that had rejects. */
  readonly resources: Readonly<Record<string, ReplayedResource>>
}

/**
 * Puts what contracts left out through again, after the connector's schema or its contract was mended, without a request to the
 * API: load by load, the oldest first, each in a commit of its own. What a later load wrote is newer, and stays; what is left
 * out again is kept as it was. Throws a `TributaryError` where nothing could run at all.
 */
export async function replayRejects<TConnector extends Connector>(options: ReplayOptions<TConnector>): Promise<ReplayResult> {
  const { connector, destination, signal = new AbortController().signal, onEvent = () => {} } = options
  const { redactor } = connectorContext(connector)
  try {
    const { identifierLimit } = destination
    const asked = resolveResources(connector, options.resources, undefined, options.schemaContract)
    const resources = withTablesWithin(identifierLimit, asked)
    const name = options.dataset ?? normalizeName(connector.name)
    const dataset = await destination.open(name)
    try {
      const loaded = resources.filter(({ isLoaded }) => isLoaded)
      const pipeline = await openPipeline(connector, dataset, { dataset: name, resources: loaded.map((each) => each.name) })
      const loadIds: number[] = []
      const emit: SyncEventListener = (event) => {
        if (event.type === 'committed') loadIds.push(event.loadId)
        onEvent(event)
      }
      const results: Record<string, ReplayedResource> = {}
      for (const resource of loaded) {
        const { keepRejects = true } = options
        const context = { pipeline, resource, identifierLimit, keepRejects, signal, emit, redactor }
        const result = await replayResource(context)
        if (result !== undefined) results[resource.name] = result
      }
      const is = (status: ReplayedResource['status']): boolean => Object.values(results).some((each) => each.status === status)
      return {
        status: is('interrupted') ? 'interrupted' : is('failed') ? 'failed' : 'ok',
        loadIds,
        dataset: name,
        resources: results,
      }
    } finally {
      await dataset.close()
    }
  } catch (thrown) {
    const { code, recovery, message } = toTributaryError(thrown)
    throw new TributaryError({ code, recovery, message: redactor.message(message) })
  }
}

interface ReplayContext {
  readonly pipeline: Pipeline
  readonly resource: ResolvedResource
  readonly identifierLimit: number
  readonly keepRejects: boolean
  readonly signal: AbortSignal
  readonly emit: SyncEventListener
  readonly redactor: Redactor
}

/** Undefined where the resource has no rejects. */
async function replayResource(context: ReplayContext): Promise<ReplayedResource | undefined> {
  const { pipeline, resource, signal, emit, redactor, ...settings } = context
  const { name } = resource
  const { loads, beyondMending, total } = await lookAt(pipeline, resource)
  if (total === 0) return undefined
  const tables: Record<string, TableResult> = {}
  const warnings: string[] = []
  let replayed = 0
  let kept = total
  const warn = (text: string): void => {
    const message = redactor.message(text)
    if (warnings.includes(message)) return
    warnings.push(message)
    emit({ type: 'warning', resource: name, message })
  }
  const outcome = (status: ReplayedResource['status'], error?: ReplayedResource['error']): ReplayedResource => ({
    status,
    replayed,
    kept,
    tables,
    warnings,
    ...(error !== undefined && { error }),
  })
  if (beyondMending > 0) warn(notMended(name, beyondMending))
  try {
    for (const load of loads) {
      if (signal.aborted) return outcome('interrupted')
      const done = await replayLoad({ ...settings, pipeline, resource, load, warn })
      replayed += done.records
      kept -= done.records - done.stillKept
      addRejected(tables, done.rejected)
      for (const event of rejectedEvents(name, done.rejected)) emit(event)
      addChanges(tables, done.tables)
      for (const warning of done.warnings ?? []) warn(warning)
      const { loadId, tables: changes } = done
      if (loadId !== undefined) emit({ type: 'committed', resource: name, loadId, checkpoint: false, tables: changes })
    }
    return outcome('ok')
  } catch (thrown) {
    const { code, recovery, message } = toTributaryError(thrown)
    return outcome('failed', { code, recovery, message: redactor.message(message) })
  }
}

/** Loads with rejects that can be put through again, the oldest first. */
async function lookAt(
  { dataset }: Pipeline,
  resource: ResolvedResource,
): Promise<{ loads: number[]; beyondMending: number; total: number }> {
  const mends = replacesRows(resource)
  const loads = new Set<number>()
  let beyondMending = 0
  let total = 0
  for await (const { loadId, kind } of dataset.rejects(resource.name)) {
    total++
    if (kind === 'part' && !mends) beyondMending++
    else loads.add(loadId)
  }
  return { loads: [...loads].sort((a, b) => a - b), beyondMending, total }
}

const notMended = (name: string, count: number): string =>
  `Of ${count} record${count === 1 ? '' : 's'} of ${name} only a part was left out: their rows are in a table that no key finds them in again, and stay as they are. A full refresh mends them.`
