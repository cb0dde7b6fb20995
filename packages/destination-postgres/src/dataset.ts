import {
  type Dataset,
  type DatasetState,
  EMPTY_STATE,
  type LoadSession,
  type PipelineState,
  SYSTEM_TABLES,
} from '@tributary/core'
import type { Address } from './address.ts'
import { type Connection, connect } from './connection.ts'
import { storageError } from './errors.ts'
import { takeDataset } from './lock.ts'
import { readRejects } from './rejects.ts'
import { beginSession } from './session.ts'
import { readLoads, readState, relationNames } from './system-tables.ts'

/** What sessions of one dataset share. */
export interface DatasetContext {
  readonly address: Address
  readonly dataset: string
  /** Milliseconds that a statement waits for a lock of somebody else's. */
  readonly lockTimeout: number
  /** The connection that holds the dataset. */
  readonly holder: Connection
  /** As last committed, so that only what changed is written. */
  committed: PipelineState
  /** Runs commits one after the other. */
  inTurn<T>(task: () => Promise<T>): Promise<T>
}

/** Takes a dataset for writing. Throws `DATASET_IN_USE`. */
export async function openDataset(address: Address, dataset: string, lockTimeout: number): Promise<Dataset> {
  const { location } = address
  const holder = await connect(address)
  let last: Promise<unknown> = Promise.resolve()
  const context: DatasetContext = {
    address,
    dataset,
    lockTimeout,
    holder,
    committed: EMPTY_STATE,
    inTurn(task) {
      const turn = last.then(task)
      last = turn.catch(() => {})
      return turn
    },
  }
  const sessions = new Set<LoadSession>()
  const read = async (): Promise<DatasetState> => {
    try {
      const names = await relationNames(holder, dataset)
      if (names?.has(SYSTEM_TABLES.schema) !== true) return { state: EMPTY_STATE, loads: [] }
      context.committed = await readState(holder, dataset)
      return { state: context.committed, loads: await readLoads(holder, dataset) }
    } catch (error) {
      throw storageError(location, `reading the state of ${dataset}`, error)
    }
  }
  try {
    await takeDataset(holder, location, dataset, lockTimeout)
    // Sessions compare with what is committed, also where the caller never reads it.
    await read()
  } catch (error) {
    await holder.close()
    throw storageError(location, `opening the dataset ${dataset}`, error)
  }
  return {
    read,
    async *rejects(resource) {
      try {
        const names = await relationNames(holder, dataset)
        if (names?.has(SYSTEM_TABLES.rejects) === true) yield* readRejects(holder, dataset, { resource, hold: true })
      } catch (error) {
        throw storageError(location, `reading the rejects of ${resource}`, error)
      }
    },
    async begin(plan) {
      const session = await beginSession(context, plan)
      sessions.add(session)
      return session
    },
    async close() {
      for (const session of sessions) await session.abort()
      await holder.close()
    },
  }
}
