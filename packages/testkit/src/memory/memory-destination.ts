import { setTimeout as sleep } from 'node:timers/promises'
import { type Dataset, type Destination, type LoadSession, TributaryError } from '@tributary/core'
import { readerOf, rejectsOf, stateOf } from './reader.ts'
import { beginSession, type CommittedCell } from './session.ts'
import { NOTHING_COMMITTED } from './store.ts'

export interface MemoryOptions {
  /** Milliseconds to wait for a dataset that is open already. Default 10 000. */
  lockTimeout?: number
}

/** A destination that forgets everything with its process. */
export interface MemoryDestination extends Destination {
  /** The committed rows of a table, as `DatasetReader.rows` gives them. Throws `TABLE_NOT_FOUND`. */
  readTable(dataset: string, table: string): Promise<Record<string, unknown>[]>
}

/** The reference destination: the rules of loading with nothing in their way, in memory. For tests, not for size. */
export function memoryDestination({ lockTimeout = 10_000 }: MemoryOptions = {}): MemoryDestination {
  const datasets = new Map<string, CommittedCell>()
  const held = new Set<string>()
  const committed = (dataset: string): CommittedCell['committed'] => datasets.get(dataset)?.committed ?? NOTHING_COMMITTED
  return {
    name: 'memory',
    location: 'memory',
    identifierLimit: 200,
    async open(dataset) {
      await waitFor(held, dataset, lockTimeout)
      held.add(dataset)
      const cell = datasets.get(dataset) ?? { committed: NOTHING_COMMITTED }
      datasets.set(dataset, cell)
      return openDataset(cell, () => held.delete(dataset))
    },
    async datasets() {
      return [...datasets.keys()].filter((dataset) => committed(dataset).loads.length > 0).sort()
    },
    async inspect(dataset) {
      return readerOf(dataset, committed(dataset))
    },
    async readTable(dataset, table) {
      const rows: Record<string, unknown>[] = []
      for await (const row of readerOf(dataset, committed(dataset)).rows(table)) rows.push(row)
      return rows
    },
  }
}

function openDataset(cell: CommittedCell, release: () => void): Dataset {
  const sessions = new Set<LoadSession>()
  return {
    read: async () => stateOf(cell.committed),
    rejects: (resource) => rejectsOf(cell.committed, resource),
    async begin(plan) {
      const session = beginSession(cell, plan)
      sessions.add(session)
      return session
    },
    async close() {
      for (const session of sessions) await session.abort()
      release()
    },
  }
}

async function waitFor(held: ReadonlySet<string>, dataset: string, timeout: number): Promise<void> {
  const deadline = Date.now() + timeout
  while (held.has(dataset)) {
    if (Date.now() > deadline) {
      const message = `${dataset} is in use: this process has it open`
      throw new TributaryError({ code: 'DATASET_IN_USE', recovery: 'retry', message })
    }
    await sleep(5)
  }
}
