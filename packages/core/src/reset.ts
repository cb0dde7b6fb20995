import { TributaryError } from './errors.ts'
import type { Destination } from './load/destination.ts'
import { ownValue } from './load/own-value.ts'
import { openPipeline, type Pipeline } from './load/pipeline.ts'
import type { LoadPlan } from './load/plan.ts'

export interface ResetOptions {
  destination: Destination
  dataset: string
  /** Names of resources that were loaded into the dataset. */
  resources: readonly string[]
  /** Drop their tables too, with all rows, and what is kept of their rejects. Default false: rows stay. */
  tables?: boolean
}

/** What became of one resource. */
export interface ResetResource {
  /** It remembered something. */
  readonly forgot: boolean
  /** Tables that were dropped, and how many rows each had. */
  readonly dropped: Readonly<Record<string, number>>
}

/**
 * Makes resources forget their cursors, and what a run that was cut off has left, each in a commit of its own: the next run reads
 * everything again. Throws `RESOURCE_UNKNOWN` for a resource that the dataset does not know, with nothing changed.
 */
export async function resetResources(options: ResetOptions): Promise<Readonly<Record<string, ResetResource>>> {
  const { destination, resources, tables: dropsTables = false } = options
  const dataset = await destination.open(options.dataset)
  try {
    const pipeline = await openPipeline({ name: options.dataset, version: '' }, dataset)
    const { resources: states, tables: schemas } = pipeline.state()
    const known = new Set([...Object.keys(states), ...Object.values(schemas).map(({ resource }) => resource)])
    for (const name of resources) if (!known.has(name)) throw unknownResource(options.dataset, name, [...known])
    const results: [string, ResetResource][] = []
    for (const name of new Set(resources)) results.push([name, await resetResource(pipeline, name, dropsTables)])
    return Object.fromEntries(results)
  } finally {
    await dataset.close()
  }
}

async function resetResource(pipeline: Pipeline, name: string, dropsTables: boolean): Promise<ResetResource> {
  const { resources, tables } = pipeline.state()
  const own = Object.values(tables).filter(({ resource }) => resource === name)
  const known = ownValue(resources, name)
  const { cursors, pending } = known ?? {}
  const forgot = cursors !== undefined || pending !== undefined
  if (dropsTables) {
    const dropped = Object.fromEntries(own.map((table) => [table.name, pipeline.rowsOf(table).count]))
    await commit(pipeline, name, 'replace')
    return { forgot, dropped }
  }
  if (forgot) await commit(pipeline, name, 'append')
  return { forgot, dropped: {} }
}

/** A load without rows. `replace`: nothing of the resource is left. */
async function commit(pipeline: Pipeline, resource: string, disposition: 'append' | 'replace'): Promise<void> {
  const { dataset, loads } = pipeline
  const last = loads.findLast((load) => load.resource === resource) ?? loads.at(-1)
  const own = Object.values(pipeline.state().tables).filter((table) => table.resource === resource)
  const id = pipeline.nextLoadId()
  const plan: LoadPlan = {
    id,
    connector: last?.connector ?? pipeline.connector.name,
    connectorVersion: last?.connectorVersion ?? pipeline.connector.version,
    resource,
    startedAt: pipeline.nextStart(),
    table: own.find(({ parent }) => parent === undefined)?.name ?? resource,
    disposition,
    strategy: 'delete-insert',
    primaryKey: [],
    mergeKey: [],
    keep: 'all',
    removesAbsent: false,
    skipUnchanged: false,
    recreate: disposition === 'replace',
    firstLoadId: id,
  }
  const session = await dataset.begin(plan)
  try {
    await pipeline.commit(session, resource, undefined, disposition === 'replace' ? [] : own)
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
