import type { DuckDBConnection } from '@duckdb/node-api'
import { type LoadPlan, SYSTEM_COLUMNS, type TableChanges } from '@tributary/core'
import { broughtColumns, instant, SEQUENCE } from '../sql.ts'
import { deletionOf } from './deletions.ts'
import { keepKnown } from './keep-known.ts'
import { type LoadTable, leaveOut } from './load-table.ts'
import { mergeRows } from './merge-rows.ts'
import { endVersions } from './versions.ts'

const { loadId: LOAD_ID, validFrom: VALID_FROM } = SYSTEM_COLUMNS

/**
 * Rows into their tables, inside the load's transaction, once `makeUnique` was called: steps 3 to 7. `dropped`: rows that went
 * with tables that were made anew.
 */
export async function apply(
  connection: DuckDBConnection,
  plan: LoadPlan,
  tables: readonly LoadTable[],
  dropped: ReadonlyMap<string, number>,
): Promise<Record<string, TableChanges>> {
  const known = tables.length === 0 ? [] : await makeRoom(connection, plan, tables)
  const changes: [string, TableChanges][] = []
  for (const [index, table] of tables.entries()) {
    const inserted = await insert(connection, plan, table)
    const counted = { inserted, updated: 0, deleted: 0, unchanged: 0, ...known[index] }
    changes.push([table.schema.name, { ...counted, deleted: counted.deleted + (dropped.get(table.schema.name) ?? 0) }])
  }
  return Object.fromEntries(changes)
}

/** Takes what must go out of the tables, and out of the load; answers the counts of each table. Not counted: all staged rows are new. */
async function makeRoom(
  connection: DuckDBConnection,
  plan: LoadPlan,
  tables: readonly LoadTable[],
): Promise<readonly Partial<TableChanges>[]> {
  if (plan.disposition === 'merge') {
    if (plan.strategy === 'insert-only') return await keepKnown(connection, plan, tables)
    if (plan.strategy === 'scd2') return await endVersions(connection, plan, tables)
    return await mergeRows(connection, plan, tables)
  }
  const deletion = deletionOf(plan, tables[0]!.schema)
  if (deletion !== undefined)
    await leaveOut(connection, tables, `SELECT s.${SEQUENCE} FROM ${tables[0]!.staged.view} s WHERE ${deletion}`)
  if (plan.disposition === 'append') return []
  const counts: Partial<TableChanges>[] = []
  for (const { name } of tables) counts.push({ deleted: (await connection.run(`DELETE FROM ${name}`)).rowsChanged })
  return counts
}

async function insert(connection: DuckDBConnection, plan: LoadPlan, { schema, staged, name }: LoadTable): Promise<number> {
  const brought = broughtColumns(schema).join(', ')
  const isVersion = schema.versioned === true
  const columns = [brought, LOAD_ID, ...(isVersion ? [VALID_FROM] : [])].join(', ')
  const values = [brought, plan.id, ...(isVersion ? [instant(plan.startedAt)] : [])].join(', ')
  const { rowsChanged } = await connection.run(`INSERT INTO ${name} (${columns}) SELECT ${values} FROM ${staged.view}`)
  return rowsChanged
}
