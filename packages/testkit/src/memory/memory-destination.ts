import { setTimeout as sleep } from 'node:timers/promises'
import { type Dataset, type Destination, type LoadSession, TributaryError } from '@tributary/core'
import type { MemoryRow } from './decode.ts'
import { beginSession, type CommittedCell } from './session.ts'
import { NOTHING_COMMITTED, stateFromText } from './store.ts'

export interface MemoryOptions {
  /** Milliseconds to wait for a dataset that is open already. Default 10 000. */
  lockTimeout?: number
}

/** A destination that forgets everything with its process. */
export interface MemoryDestination extends Destination {
  /** The committed rows of a table, system columns among them; columns without a value are missing. Throws `TABLE_NOT_FOUND`. */
  readTable(dataset: string, table: string): Promise<Record<string, unknown>[]>
}

/** The reference destination: the rules of loading with nothing in their way, in memory. For tests, not for size. */
export function memoryDestination({ lockTimeout = 10_000 }: MemoryOptions = {}): MemoryDestination {
  const datasets = new Map<string, CommittedCell>()
  const held = new Set<string>()
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
    async readTable(dataset, table) {
      const found = datasets.get(dataset)?.committed.tables.get(table)
      if (found === undefined) throw failure('TABLE_NOT_FOUND', 'fix-config', `there is no table ${table} in ${dataset}`)
      return found.rows.map((row: MemoryRow) => ({ ...row }))
    },
  }
}

function openDataset(cell: CommittedCell, release: () => void): Dataset {
  const sessions = new Set<LoadSession>()
  return {
    async read() {
      return { state: stateFromText(cell.committed.state), loads: cell.committed.loads }
    },
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
    if (Date.now() > deadline) throw failure('DATASET_IN_USE', 'retry', `${dataset} is in use: this process has it open`)
    await sleep(5)
  }
}

function failure(code: string, recovery: 'retry' | 'fix-config', message: string): TributaryError {
  return new TributaryError({ code, recovery, message })
}
