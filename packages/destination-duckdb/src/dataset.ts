import { type Dataset, type DatasetState, EMPTY_STATE, type PipelineState, type Reject } from '@tributary/core'
import type { Database } from './connect.ts'
import { storageError } from './errors.ts'
import { readRejects } from './rejects.ts'
import { beginSession } from './session.ts'
import { readLoads, readState, systemTablesExist } from './system-tables.ts'

/** What sessions of one dataset share. */
export interface DatasetContext {
  readonly database: Database
  readonly dataset: string
  /** As last committed: tables, and the text of each resource's state, so that only what changed is written. */
  committed: PipelineState
  /** Runs commits one after the other. */
  inTurn<T>(task: () => Promise<T>): Promise<T>
}

export async function openDataset(database: Database, dataset: string, release: () => void): Promise<Dataset> {
  const connection = await database.connect()
  let last: Promise<unknown> = Promise.resolve()
  const context: DatasetContext = {
    database,
    dataset,
    committed: EMPTY_STATE,
    inTurn(task) {
      const turn = last.then(task)
      last = turn.catch(() => {})
      return turn
    },
  }
  const sessions = new Set<{ abort(): Promise<void> }>()
  const read = async (): Promise<DatasetState> => {
    if (!(await systemTablesExist(connection, context))) return { state: EMPTY_STATE, loads: [] }
    context.committed = await readState(connection, context)
    return { state: context.committed, loads: await readLoads(connection, context) }
  }
  // Sessions compare with what is committed, also where the caller never reads it.
  try {
    await read()
  } catch (error) {
    connection.closeSync()
    throw storageError(database.path, 'reading the state', error)
  }
  return {
    read,
    rejects: (resource) => rejectsOf(context, resource),
    async begin(plan) {
      const session = await beginSession(context, plan)
      sessions.add(session)
      return session
    },
    async close() {
      for (const session of sessions) await session.abort()
      connection.closeSync()
      release()
    },
  }
}

/** By a connection of its own: loads may be staged and committed while they are read, which sees them as they were. */
async function* rejectsOf(context: DatasetContext, resource: string): AsyncGenerator<Reject> {
  const connection = await context.database.connect()
  try {
    yield* readRejects(connection, context, resource)
  } catch (error) {
    throw storageError(context.database.path, 'reading rejects', error)
  } finally {
    connection.closeSync()
  }
}
