import type { DuckDBConnection } from '@duckdb/node-api'
import type { TableSchema } from '@tributary/core'
import { SEQUENCE, type StagedTable } from '../staging.ts'

/** A table of the load: its schema, its rows, and its full name. The root table comes first, parents before their children. */
export interface LoadTable {
  readonly schema: TableSchema
  readonly staged: StagedTable
  /** SQL name of a table that has all of its columns. */
  readonly name: string
}

/** The number that a query selects. */
export async function numberOf(connection: DuckDBConnection, sql: string): Promise<number> {
  return Number((await connection.runAndReadAll(sql)).getRows()[0]?.[0])
}

/** Makes a TEMP table, of the connection alone, of the rows of a query; its name is the answer. */
export async function temporary(connection: DuckDBConnection, name: string, query: string): Promise<string> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${name} AS ${query}`)
  return `temp.main.${name}`
}

/** Takes records, whose sequences the query yields, out of the load, with all their rows. Answers how many rows each table lost. */
export async function leaveOut(connection: DuckDBConnection, tables: readonly LoadTable[], sequences: string): Promise<number[]> {
  const dropped = await temporary(connection, '_sync_dropped', sequences)
  const counts: number[] = []
  for (const { staged } of tables) counts.push(await staged.remove(`SELECT ${SEQUENCE} FROM ${dropped}`))
  await connection.run(`DROP TABLE ${dropped}`)
  return counts
}
