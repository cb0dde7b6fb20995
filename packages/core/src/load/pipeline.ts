import type { Connector } from '../connector/connector.ts'
import { createSemaphore } from '../http/semaphore.ts'
import type { Dataset, LoadResult, LoadSession } from './destination.ts'
import type { TableSchema } from './schema.ts'
import type { PipelineState, ResourceState } from './state.ts'

/** A connector and the dataset that it is loaded into, while a run has it open. */
export interface Pipeline {
  readonly connector: Connector
  readonly dataset: Dataset
  /** As last committed. */
  state(): PipelineState
  nextLoadId(): number
  /** Now; or, where the clock was put back, later than the start of any load. */
  nextStart(): Date
  /** Commits a session together with the resource's state and tables. One at a time: the state is one. */
  commit(session: LoadSession, resource: string, state: ResourceState, tables: readonly TableSchema[]): Promise<LoadResult>
}

/** Reads what the dataset remembers. */
export async function openPipeline(connector: Connector, dataset: Dataset): Promise<Pipeline> {
  const read = await dataset.read()
  let current = read.state
  let lastStart = read.loads.reduce((last, { startedAt }) => Math.max(last, startedAt.getTime()), 0)
  let lastLoadId = read.loads.reduce((last, { loadId }) => Math.max(last, loadId), 0)
  const oneAtATime = createSemaphore(1)
  return {
    connector,
    dataset,
    state: () => current,
    nextLoadId: () => ++lastLoadId,
    nextStart() {
      lastStart = Math.max(Date.now(), lastStart + 1)
      return new Date(lastStart)
    },
    commit: (session, resource, state, tables) =>
      oneAtATime.run(async () => {
        const others = Object.entries(current.tables).filter(([, table]) => table.resource !== resource)
        const next: PipelineState = {
          resources: { ...current.resources, [resource]: state },
          tables: Object.fromEntries([...others, ...tables.map((table) => [table.name, table] as const)]),
        }
        const result = await session.commit(next)
        current = next
        return result
      }),
  }
}
