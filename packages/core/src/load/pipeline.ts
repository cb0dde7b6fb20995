import type { Connector } from '../connector/connector.ts'
import { createSemaphore } from '../http/semaphore.ts'
import type { Dataset, LoadRecord, LoadResult, LoadSession } from './destination.ts'
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

/** Reads what the dataset remembers. */
export async function openPipeline(connector: Pipeline['connector'], dataset: Dataset): Promise<Pipeline> {
  const read = await dataset.read()
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
        const otherTables = Object.entries(current.tables).filter(([, table]) => table.resource !== resource)
        const otherStates = Object.entries(current.resources).filter(([name]) => name !== resource)
        const next: PipelineState = {
          resources: Object.fromEntries([...otherStates, ...(state === undefined ? [] : [[resource, state] as const])]),
          tables: Object.fromEntries([...otherTables, ...tables.map((table) => [table.name, table] as const)]),
        }
        const result = await session.commit(next)
        current = next
        loads.push({ resource, tables: result.tables })
        return result
      }),
  }
}
