import { rm } from 'node:fs/promises'
import type { LoadPlan, LoadSession, PipelineState, TableSchema } from '@tributary/core'
import {
  apply,
  childrenOf,
  createStagedTable,
  type LoadTable,
  makeUnique,
  type StagedTable,
  withMemory,
} from '@tributary/duckdb-engine'
import type { DatasetContext } from './dataset.ts'
import { migrate } from './ddl.ts'
import { storageError } from './errors.ts'
import { createStagedRejects } from './rejects.ts'
import { createSystemTables, qualified, writeSystemTables } from './system-tables.ts'

/** Stages in files of its own, beside the database; commits in one transaction. */
export async function beginSession(context: DatasetContext, plan: LoadPlan): Promise<LoadSession> {
  const { database } = context
  const connection = await database.connect()
  const staged = new Map<string, StagedTable>()
  const folder = database.stagingFolder()
  const rejects = createStagedRejects(connection, `_sync_rejects_${plan.id}`)
  let ended = false

  const stagedTable = (name: string): StagedTable => {
    const table =
      staged.get(name) ?? createStagedTable(connection, database.memory, `_sync_stage_${plan.id}_${staged.size}`, folder)
    staged.set(name, table)
    return table
  }
  const end = async (): Promise<void> => {
    if (ended) return
    ended = true
    // TEMP tables would go with the connection; dropped at once, their memory is free for the next load.
    for (const table of [...staged.values(), rejects]) await table.drop().catch(() => {})
    connection.closeSync()
    await rm(folder, { recursive: true, force: true }).catch(() => {})
  }
  const commit = async (
    state: PipelineState,
    schemas: readonly TableSchema[],
  ): Promise<Awaited<ReturnType<LoadSession['commit']>>> => {
    const tables: LoadTable[] = []
    for (const schema of schemas) {
      const table = stagedTable(schema.name)
      await table.finish(schema, childrenOf(schema, schemas))
      tables.push({ schema, staged: table, name: qualified(context, schema.name) })
    }
    // Also for what is staged: after a rollback it is there again, as it was written.
    await connection.run('BEGIN TRANSACTION')
    try {
      await makeUnique(connection, plan, tables, Object.hasOwn(context.committed.tables, plan.table))
      await createSystemTables(connection, context)
      const dropped = await migrate(connection, context, plan.resource, schemas, plan.recreate)
      const changes = await apply(connection, plan, tables, dropped)
      await rejects.apply(context, plan)
      await writeSystemTables(connection, context, plan, state, changes)
      await connection.run('COMMIT')
      context.committed = state
      return { tables: changes }
    } catch (error) {
      await connection.run('ROLLBACK').catch(() => {})
      throw error
    }
  }

  return {
    async write(batch) {
      try {
        await stagedTable(batch.table.name).write(batch)
      } catch (error) {
        throw storageError(database.path, `staging rows of ${batch.table.name}`, error)
      }
    },
    async reject(given) {
      try {
        await rejects.write(given)
      } catch (error) {
        throw storageError(database.path, 'staging rejects', error)
      }
    },
    async commit(state) {
      // The root table first, parents before their children.
      const schemas = Object.values(state.tables)
        .filter((schema) => schema.resource === plan.resource)
        .sort((a, b) => a.path.length - b.path.length)
      try {
        // A commit that runs out of memory was rolled back, and what is staged is still there.
        return await context.inTurn(() => withMemory(database.memory, () => commit(state, schemas)))
      } catch (error) {
        throw storageError(database.path, `committing load ${plan.id}`, error)
      } finally {
        await end()
      }
    },
    abort: end,
  }
}
