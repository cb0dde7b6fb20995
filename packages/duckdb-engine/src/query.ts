import type { DuckDBConnection } from '@duckdb/node-api'

/** The number that a query selects. */
export async function numberOf(connection: DuckDBConnection, sql: string): Promise<number> {
  return Number((await connection.runAndReadAll(sql)).getRows()[0]?.[0])
}

/** Makes a TEMP table, of the connection alone, of the rows of a query; its name is the answer. */
export async function temporary(connection: DuckDBConnection, name: string, query: string): Promise<string> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${name} AS ${query}`)
  return `temp.main.${name}`
}
