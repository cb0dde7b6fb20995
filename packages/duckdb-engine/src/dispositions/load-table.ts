import type { DuckDBConnection } from '@duckdb/node-api'
import type { TableSchema } from '@tributary/core'
import { numberOf, temporary } from '../query.ts'
import { SEQUENCE } from '../sql.ts'
import type { StagedTable } from '../staging.ts'

/** A table of the load: its schema, its rows, and its full name. The root table comes first, parents before their children. */
export interface LoadTable {
  readonly schema: TableSchema
  readonly staged: StagedTable
  /** SQL name of a table that has all of its columns. */
  readonly name: string
}

/** Names of the tables whose parent a table is. */
export const childrenOf = ({ name }: TableSchema, schemas: readonly TableSchema[]): string[] =>
  schemas.filter(({ parent }) => parent === name).map((child) => child.name)

/** The table directly below the root that a child table is, or is below of: its rows come and stay with that list. */
export function topmost(schema: TableSchema, children: readonly LoadTable[]): string {
  const parent = children.find((child) => child.schema.name === schema.parent)
  return parent === undefined ? schema.name : topmost(parent.schema, children)
}

/** Whether several staged rows have the same value of a column. */
export async function hasRepeats(connection: DuckDBConnection, { staged }: LoadTable, column: string): Promise<boolean> {
  const some = `SELECT 1 FROM ${staged.view} GROUP BY ${column} HAVING count(*) > 1 LIMIT 1`
  return (await numberOf(connection, `SELECT count(*) FROM (${some})`)) > 0
}

/** Takes records, whose sequences the query yields, out of the load, with all their rows. Answers how many rows each table lost. */
export async function leaveOut(connection: DuckDBConnection, tables: readonly LoadTable[], sequences: string): Promise<number[]> {
  const dropped = await temporary(connection, '_sync_dropped', sequences)
  const counts: number[] = []
  for (const { staged } of tables) counts.push(await staged.remove(`SELECT ${SEQUENCE} FROM ${dropped}`))
  await connection.run(`DROP TABLE ${dropped}`)
  return counts
}
