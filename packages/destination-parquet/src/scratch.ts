import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { createMemory, FIRST_LIMIT, type Memory } from '@tributary/duckdb-engine'
import { parquetError } from './errors.ts'

/** A DuckDB that holds what is staged, and nothing when it is closed. */
export interface Scratch {
  /**
   * Texts and dates become instants, and back, in UTC. `staging`: the folder that what is staged may spill into. Starts at the
   * first use: a dataset is also opened where there turns out to be nothing to load.
   */
  connect(staging: string): Promise<{ readonly connection: DuckDBConnection; readonly memory: Memory }>
  close(): Promise<void>
}

export function createScratch(memoryLimit: string | undefined): Scratch {
  let started: Promise<{ instance: DuckDBInstance; memory: Memory }> | undefined
  const start = async (staging: string): Promise<{ instance: DuckDBInstance; memory: Memory }> => {
    // DuckDB makes a folder, but not those above it.
    await mkdir(staging, { recursive: true })
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: memoryLimit ?? FIRST_LIMIT,
      // What does not fit lies beside what is staged, and is cleaned with it.
      temp_directory: join(resolve(staging), 'spilled'),
      preserve_insertion_order: 'false',
    })
    return { instance, memory: createMemory(instance, memoryLimit !== undefined) }
  }
  return {
    async connect(staging) {
      try {
        started ??= start(staging)
        const { instance, memory } = await started
        const connection = await instance.connect()
        await connection.run("SET TimeZone = 'UTC'")
        return { connection, memory }
      } catch (error) {
        throw parquetError(staging, 'starting DuckDB', error)
      }
    },
    async close() {
      const instance = await started?.then(({ instance }) => instance).catch(() => undefined)
      instance?.closeSync()
    },
  }
}
