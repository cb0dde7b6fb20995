import { setTimeout as sleep } from 'node:timers/promises'
import type { Destination } from '@tributary/core'
import { openDatabase } from './connect.ts'
import { openDataset } from './dataset.ts'
import { inUse } from './in-use.ts'
import { inspectDataset, listDatasets } from './inspect.ts'

export interface DuckDBOptions {
  /** The database file; it and its folder are made when missing. */
  path: string
  /**
   * Memory that DuckDB may use, such as `1GB`; beyond it, it spills to a folder beside the file. Default: 128 MiB, and more
   * where wide or long rows need it, up to four fifths of the machine's.
   */
  memoryLimit?: string
  /** Milliseconds to wait for a file or dataset that another sync holds. Default 10 000. */
  lockTimeout?: number
}

const DEFAULT_LOCK_TIMEOUT = 10_000

/** Datasets that a sync in this process writes to. */
const held = new Set<string>()

/** Loads into a DuckDB file: a dataset is a schema in it, a table a table. */
export function duckdb({ path, memoryLimit, lockTimeout = DEFAULT_LOCK_TIMEOUT }: DuckDBOptions): Destination {
  return {
    name: 'duckdb',
    location: path,
    identifierLimit: 200,
    datasets: () => listDatasets(path),
    inspect: (dataset) => inspectDataset(path, dataset),
    async open(dataset) {
      const database = await openDatabase(path, memoryLimit, lockTimeout)
      const key = `${database.path}\0${dataset}`
      try {
        await hold(key, path, lockTimeout)
        try {
          return await openDataset(database, dataset, () => {
            held.delete(key)
            database.release()
          })
        } catch (error) {
          held.delete(key)
          throw error
        }
      } catch (error) {
        database.release()
        throw error
      }
    },
  }
}

async function hold(key: string, path: string, timeout: number): Promise<void> {
  const deadline = Date.now() + timeout
  while (held.has(key)) {
    if (Date.now() > deadline) throw inUse(path, 'another sync in this process', timeout)
    await sleep(20)
  }
  held.add(key)
}
