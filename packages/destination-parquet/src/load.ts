import { dirname } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { LoadPlan } from '@tributary/core'
import { childrenOf, createStagedTable, isOutOfMemory, type Memory, type StagedTable, withMemory } from '@tributary/duckdb-engine'
import type { FileLoad } from '@tributary/file-dataset'
import { commitTables, type StagedFileTable } from './commit.ts'
import { parquetError } from './errors.ts'
import type { Compression } from './format.ts'
import type { Scratch } from './scratch.ts'

/** Stages in files, and works on them with a connection of its own. */
export function beginLoad(scratch: Scratch, compression: Compression, plan: LoadPlan, staging: string): FileLoad {
  const folder = dirname(dirname(staging))
  const staged = new Map<string, StagedTable>()
  let opened: ReturnType<Scratch['connect']> | undefined
  const open = (): ReturnType<Scratch['connect']> => {
    opened ??= scratch.connect(dirname(staging))
    return opened
  }
  const stagedTable = async (name: string): Promise<StagedTable> => {
    const { connection, memory } = await open()
    const table = staged.get(name) ?? createStagedTable(connection, memory, `_sync_stage_${staged.size}`, staging)
    staged.set(name, table)
    return table
  }
  return {
    async write(batch) {
      try {
        await (await stagedTable(batch.table.name)).write(batch)
      } catch (error) {
        throw parquetError(folder, `staging rows of ${batch.table.name}`, error)
      }
    },
    async commit(tables) {
      try {
        const { connection, memory } = await open()
        const loaded: StagedFileTable[] = []
        for (const table of tables) loaded.push({ table, staged: await stagedTable(table.schema.name) })
        return await inMemory(connection, memory, async () => {
          const schemas = tables.map(({ schema }) => schema)
          for (const { table, staged } of loaded) await staged.finish(table.schema, childrenOf(table.schema, schemas))
          // Whatever is worked on goes with the transaction; what is staged is there again for another try.
          await connection.run('BEGIN TRANSACTION')
          try {
            return await commitTables(connection, plan, loaded, { staging, compression })
          } finally {
            await connection.run('ROLLBACK').catch(() => {})
          }
        })
      } catch (error) {
        throw parquetError(folder, `committing load ${plan.id}`, error)
      }
    },
    async end() {
      const { connection } = (await opened?.catch(() => undefined)) ?? {}
      if (connection === undefined) return
      // TEMP tables would go with the connection; dropped at once, their memory is free for the next load.
      for (const table of staged.values()) await table.drop().catch(() => {})
      connection.closeSync()
    },
  }
}

/** Tries again with more memory and, where there is no more, with one thread: each of them holds rows of its own while it writes. */
async function inMemory<T>(connection: DuckDBConnection, memory: Memory, task: () => Promise<T>): Promise<T> {
  try {
    return await withMemory(memory, task)
  } catch (error) {
    if (!isOutOfMemory(error)) throw error
    await connection.run('SET threads = 1')
    return await task()
  }
}
