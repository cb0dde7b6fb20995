import { TributaryError } from './errors.ts'
import type { Dataset, Destination } from './load/destination.ts'
import { ownValue } from './load/own-value.ts'
import type { LoadPlan } from './load/plan.ts'
import type { PipelineState } from './load/state.ts'

export interface ResetOptions {
  destination: Destination
  dataset: string
  /** Names of resources that were loaded into the dataset. */
  resources: readonly string[]
  /** Drop their tables and rejects too, with all rows. Default false: rows stay. */
  tables?: boolean
}

/** What became of one resource. */
export interface ResetResource {
  /** It remembered something. */
  readonly forgot: boolean
  /** Tables that were dropped, with their rows. */
  readonly dropped: readonly string[]
}

/**
 * Makes resources forget their cursors, and what a run that was cut off has left, each in a commit of its own: the next run reads
 * everything again. Throws `RESOURCE_UNKNOWN` for a resource that the dataset does not know, with nothing changed.
 */
export async function resetResources(options: ResetOptions): Promise<Readonly<Record<string, ResetResource>>> {
  const { destination, resources, tables: dropsTables = false } = options
  const dataset = await destination.open(options.dataset)
  try {
    const { state, loads } = await dataset.read()
    const known = new Set([...Object.keys(state.resources), ...Object.values(state.tables).map(({ resource }) => resource)])
    for (const name of resources) if (!known.has(name)) throw unknownResource(options.dataset, name, [...known])
    let current = state
    let lastId = loads.reduce((last, { loadId }) => Math.max(last, loadId), 0)
    const results: [string, ResetResource][] = []
    for (const resource of new Set(resources)) {
      const last = loads.findLast((load) => load.resource === resource) ?? loads.at(-1)
      const forgot = Object.keys(ownValue(current.resources, resource) ?? {}).length > 0
      const own = Object.values(current.tables).filter((table) => table.resource === resource)
      const drops = dropsTables && own.length > 0
      if (!forgot && !drops) {
        results.push([resource, { forgot, dropped: [] }])
        continue
      }
      const next: PipelineState = {
        resources: Object.fromEntries(Object.entries(current.resources).filter(([name]) => name !== resource)),
        tables: drops
          ? Object.fromEntries(Object.entries(current.tables).filter(([, table]) => table.resource !== resource))
          : current.tables,
      }
      const root = own.find(({ parent }) => parent === undefined)
      const plan: LoadPlan = {
        id: ++lastId,
        connector: last?.connector ?? '',
        connectorVersion: last?.connectorVersion ?? '',
        resource,
        startedAt: new Date(Math.max(Date.now(), ...loads.map(({ startedAt }) => startedAt.getTime() + 1))),
        table: root?.name ?? resource,
        disposition: drops ? 'replace' : 'append',
        strategy: 'delete-insert',
        primaryKey: [],
        mergeKey: [],
        keep: 'all',
        removesAbsent: false,
        skipUnchanged: false,
        recreate: drops,
        firstLoadId: lastId,
      }
      await commit(dataset, plan, next)
      results.push([resource, { forgot, dropped: drops ? own.map(({ name }) => name) : [] }])
      current = next
    }
    return Object.fromEntries(results)
  } finally {
    await dataset.close()
  }
}

async function commit(dataset: Dataset, plan: LoadPlan, state: PipelineState): Promise<void> {
  const session = await dataset.begin(plan)
  try {
    await session.commit(state)
  } catch (error) {
    await session.abort()
    throw error
  }
}

function unknownResource(dataset: string, name: string, known: readonly string[]): TributaryError {
  return new TributaryError({
    code: 'RESOURCE_UNKNOWN',
    recovery: 'fix-config',
    message: `No resource ${JSON.stringify(name)} was loaded into the dataset ${dataset}. ${known.length === 0 ? 'It has none.' : `It has ${known.join(', ')}.`}`,
  })
}
