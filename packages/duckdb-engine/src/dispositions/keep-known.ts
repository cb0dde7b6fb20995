import type { DuckDBConnection } from '@duckdb/node-api'
import type { LoadPlan, TableChanges } from '@tributary/core'
import { SEQUENCE } from '../sql.ts'
import { type LoadTable, leaveOut } from './load-table.ts'
import { MATCHED, matchRows } from './matches.ts'

/** `insert-only`: leaves out what is stored already. */
export async function keepKnown(
  connection: DuckDBConnection,
  plan: LoadPlan,
  tables: readonly LoadTable[],
): Promise<Partial<TableChanges>[]> {
  const outdone = await matchRows(connection, plan, tables)
  const known = await leaveOut(connection, tables, `SELECT DISTINCT sequence AS ${SEQUENCE} FROM ${MATCHED}`)
  return known.map((rows, index) => ({ unchanged: rows + outdone[index]! }))
}
