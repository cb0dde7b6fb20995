import type { Connector } from '../connector/connector.ts'
import { TributaryError } from '../errors.ts'
import { createSemaphore } from '../http/semaphore.ts'
import type { Dataset, DatasetState, LoadRecord, LoadResult, LoadSession } from './destination.ts'
import type { TableSchema } from './schema.ts'
import type { PipelineState, ResourceState } from './state.ts'
import { type StoredRows, storedRows } from './stored-rows.ts'

/** A connector and the dataset that it is loaded into, while a run has it open. */
export interface Pipeline {
  readonly connector: Pick<Connector, 'name' | 'version'>
  readonly dataset: Dataset
  /** As they were when it was opened, earlier ones first. */
  readonly loads: readonly LoadRecord[]
  /** As last committed. */
  state(): PipelineState
  /** What loads have made of a table, as last committed. */
  rowsOf(table: TableSchema): StoredRows
  nextLoadId(): number
  /** Now; or, where the clock was put back, later than the start of any load. */
  nextStart(): Date
  /**
   * Commits a session together with the resource's state and tables. One at a time: the state is one. Without a state,
   * nothing more is known of the resource but its tables.
   */
  commit(
    session: LoadSession,
    resource: string,
    state: ResourceState | undefined,
    tables: readonly TableSchema[],
  ): Promise<LoadResult>
}

/** What a pipeline is opened for. */
export interface Loading {
  /** Name of the dataset. */
  readonly dataset: string
  /** Names of the resources that are to be loaded, or put through again. */
  readonly resources: readonly string[]
}

/**
 * Reads what the dataset remembers. Throws `RESOURCE_OF_ANOTHER_CONNECTOR` where a resource that is to be loaded was last
 * loaded by another connector, and anything of it is left: state and tables are kept by the resource's name.
 */
export async function openPipeline(connector: Pipeline['connector'], dataset: Dataset, loading?: Loading): Promise<Pipeline> {
  const read = await dataset.read()
  if (loading !== undefined) checkConnector(connector, read, loading)
  let current = read.state
  const loads: Pick<LoadRecord, 'resource' | 'tables'>[] = [...read.loads]
  let lastStart = read.loads.reduce((last, { startedAt }) => Math.max(last, startedAt.getTime()), 0)
  let lastLoadId = read.loads.reduce((last, { loadId }) => Math.max(last, loadId), 0)
  const oneAtATime = createSemaphore(1)
  return {
    connector,
    dataset,
    loads: read.loads,
    state: () => current,
    rowsOf: (table) => storedRows(loads, table),
    nextLoadId: () => ++lastLoadId,
    nextStart() {
      lastStart = Math.max(Date.now(), lastStart + 1)
      return new Date(lastStart)
    },
    commit: (session, resource, state, tables) =>
      oneAtATime.run(async () => {
        const known = Object.values(current.tables).filter((table) => table.resource === resource)
        const next: PipelineState = {
          resources: changed(current.resources, [resource], state === undefined ? [] : [[resource, state]]),
          tables: changed(
            current.tables,
            known.map(({ name }) => name),
            tables.map((table) => [table.name, table]),
          ),
        }
        const result = await session.commit(next)
        current = next
        loads.push({ resource, tables: result.tables })
        return result
      }),
  }
}

/** A record without some members, and with others behind the rest: copied as a whole, for there may be thousands, and a load changes a few. */
function changed<T>(
  record: Readonly<Record<string, T>>,
  without: readonly string[],
  added: readonly (readonly [name: string, value: T])[],
): Record<string, T> {
  const next = { ...record }
  for (const name of without) delete next[name]
  // One may be called `__proto__`.
  for (const [name, value] of added)
    Object.defineProperty(next, name, { value, enumerable: true, writable: true, configurable: true })
  return next
}

function checkConnector({ name }: Pipeline['connector'], { state, loads }: DatasetState, { dataset, resources }: Loading): void {
  // A reset with tables leaves nothing but the records of loads.
  const known = new Set([...Object.keys(state.resources), ...Object.values(state.tables).map(({ resource }) => resource)])
  const last = new Map(loads.map(({ resource, connector }) => [resource, connector]))
  const taken = resources.filter((resource) => known.has(resource) && last.has(resource) && last.get(resource) !== name)
  const [first] = taken
  if (first === undefined) return
  const owner = last.get(first)!
  const theirs = taken.filter((resource) => last.get(resource) === owner).join(', ')
  throw new TributaryError({
    code: 'RESOURCE_OF_ANOTHER_CONNECTOR',
    recovery: 'fix-config',
    message: `The connector ${name} cannot load ${theirs} into the dataset ${dataset}: the connector ${owner} has loaded that there, and a dataset keeps tables and cursors by the resource's name. Choose another --dataset for ${name}; or, where what ${owner} has loaded may go, drop it first: tributary reset ${first} --tables --dataset ${dataset}.`,
  })
}
