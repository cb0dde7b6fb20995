import type { LoadPlan, LoadResult, LoadSession, PipelineState, TableSchema } from '@tributary/core'
import { applyLoad } from './apply.ts'
import { connect, inTransaction } from './connection.ts'
import type { DatasetContext } from './dataset.ts'
import { migrate } from './ddl.ts'
import { storageError } from './errors.ts'
import type { LoadTable } from './load-table.ts'
import { enterCommit, waitAtMost } from './lock.ts'
import { stageRejects, writeRejects } from './rejects.ts'
import { createStagedTable, type StagedTable } from './staging.ts'
import { createNotes } from './storable.ts'
import { createSystemTables, qualified, writeSystemTables } from './system-tables.ts'

/** Stages in TEMP tables of a connection of its own; commits in one transaction. */
export async function beginSession(context: DatasetContext, plan: LoadPlan): Promise<LoadSession> {
  const { address, dataset, lockTimeout } = context
  const { location } = address
  const connection = await connect(address)
  const staged = new Map<string, StagedTable>()
  const notes = createNotes()
  const said = plan.keep !== 'all' && (plan.strategy === 'upsert' || plan.strategy === 'mirror')
  const rejects = `stage_${plan.id}_rejects`
  let hasRejects = false
  let ended = false

  const stagedTable = (name: string): StagedTable => {
    const table = staged.get(name) ?? createStagedTable(connection, `stage_${plan.id}_${staged.size}`, notes, said)
    staged.set(name, table)
    return table
  }
  const end = async (): Promise<void> => {
    if (ended) return
    ended = true
    // The TEMP tables, and what they take on the server's disk, go with it.
    await connection.close()
  }
  const commit = async (state: PipelineState, schemas: readonly TableSchema[]): Promise<LoadResult> => {
    const tables: LoadTable[] = []
    for (const schema of schemas) {
      const table = stagedTable(schema.name)
      await table.finish(schema)
      tables.push({ schema, staged: table, name: qualified(dataset, schema.name) })
    }
    const before = context.committed
    await connection.run(waitAtMost(lockTimeout))
    const changes = await inTransaction(connection, 'BEGIN ISOLATION LEVEL READ COMMITTED', async () => {
      await enterCommit(connection, location, dataset, context.holder)
      await createSystemTables(connection, dataset)
      const { resource, recreate } = plan
      const dropped = await migrate(connection, { location, dataset, resource, before, tables: schemas, recreate })
      const done = await applyLoad(connection, plan, tables, dropped)
      await writeRejects(connection, dataset, plan, hasRejects ? rejects : undefined)
      await writeSystemTables(connection, dataset, plan, before, state, done)
      return done
    })
    context.committed = state
    const warnings = notes.sentences()
    return { tables: changes, ...(warnings.length > 0 && { warnings }) }
  }

  return {
    async write(batch) {
      try {
        await stagedTable(batch.table.name).write(batch)
      } catch (error) {
        throw storageError(location, `staging rows of ${batch.table.name}`, error)
      }
    },
    async reject(rejected) {
      if (rejected.length === 0) return
      try {
        await stageRejects(connection, rejects, rejected, !hasRejects)
        hasRejects = true
      } catch (error) {
        throw storageError(location, `staging rejects of ${plan.resource}`, error)
      }
    },
    async commit(state) {
      // The root table first, parents before their children.
      const schemas = Object.values(state.tables)
        .filter((schema) => schema.resource === plan.resource)
        .sort((a, b) => a.path.length - b.path.length)
      try {
        return await context.inTurn(() => commit(state, schemas))
      } catch (error) {
        throw storageError(location, `committing load ${plan.id}`, error)
      } finally {
        await end()
      }
    },
    abort: end,
  }
}
