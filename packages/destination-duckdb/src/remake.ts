import { randomUUID } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Column, TableSchema } from '@tributary/core'
import { columnDefinitions, columnType, identifier, VERSION_COLUMNS } from '@tributary/duckdb-engine'
import { type Place, qualified } from './system-tables.ts'

/** To add a column takes longer the more there are: 5000 of them one by one take half a minute, and a copy of few rows does not. */
const MANY_COLUMNS = 500
/** More rows than these may take longer to copy than columns to add. */
const FEW_ROWS = 10_000

/**
 * Makes a table anew with the columns of its new schema, and copies its rows: the same as altering it does, in the order of its columns
 * too. Answers false, and changes nothing, where altering it is quicker, or the table has anything that Tributary did not give it.
 */
export async function remakeTable(
  connection: DuckDBConnection,
  place: Place,
  old: TableSchema,
  table: TableSchema,
): Promise<boolean> {
  const known = new Map(old.columns.map((column) => [column.name, column]))
  const added = table.columns.filter(({ name }) => !known.has(name))
  if (added.length < MANY_COLUMNS || table.columns.length - added.length < known.size) return false
  const stored = await columnsAsMade(connection, place, old)
  if (stored === undefined) return false

  const kept = table.columns.filter(({ name }) => known.has(name)).map((column) => [column.name, column] as const)
  const changed = new Map<string, Column>(kept)
  const columns = old.columns.map((was) => {
    const column = changed.get(was.name)!
    return { ...column, nullable: was.nullable || column.nullable }
  })
  const definitions = columnDefinitions({ ...old, columns })
  const all = [
    ...stored.map(({ position }) => definitions[position]!),
    ...(old.versioned !== true && table.versioned === true ? VERSION_COLUMNS : []),
    // Rows are there already, without a value: it cannot be required any longer.
    ...added.map((column) => `${identifier(column.name)} ${columnType(column)}`),
  ]
  const name = qualified(place, table.name)
  const aside = `_sync_aside_${randomUUID()}`
  const names = stored.map((column) => identifier(column.name)).join(', ')
  // In this order, since DuckDB does not rename a table that the transaction has written to.
  await connection.run(`ALTER TABLE ${name} RENAME TO ${identifier(aside)}`)
  await connection.run(`CREATE TABLE ${name} (${all.join(', ')})`)
  await connection.run(`INSERT INTO ${name} (${names}) SELECT ${names} FROM ${qualified(place, aside)}`)
  await connection.run(`DROP TABLE ${qualified(place, aside)}`)
  return true
}

/** A column, and its place among `columnDefinitions`. */
interface StoredColumn {
  readonly name: string
  readonly position: number
}

/** The columns in their order. Undefined: there are many rows, or somebody else has given the table something: a column, an index, a comment. */
async function columnsAsMade(
  connection: DuckDBConnection,
  { database, dataset }: Place,
  schema: TableSchema,
): Promise<StoredColumn[] | undefined> {
  const twin = `_sync_twin_${randomUUID()}`
  const place = [database.catalog, dataset, schema.name]
  const [table] = (
    await connection.runAndReadAll(
      `SELECT estimated_size <= ${FEW_ROWS} AND index_count = 0 AND comment IS NULL AND NOT EXISTS (
         FROM duckdb_constraints() c WHERE c.table_oid = t.table_oid AND c.database_oid = t.database_oid AND constraint_type <> 'NOT NULL')
       FROM duckdb_tables() t WHERE database_name = $1 AND schema_name = $2 AND table_name = $3`,
      place,
    )
  ).getRows()
  if (table?.[0] !== true) return undefined
  await connection.run(`CREATE TEMP TABLE ${identifier(twin)} (${columnDefinitions(schema).join(', ')})`)
  try {
    const stored = (
      await connection.runAndReadAll(
        `SELECT s.column_name, t.column_index - 1, s.comment
         FROM (FROM duckdb_columns() WHERE database_name = $1 AND schema_name = $2 AND table_name = $3) s
         LEFT JOIN (FROM duckdb_columns() WHERE database_name = 'temp' AND table_name = $4) t
           ON t.column_name = s.column_name AND t.data_type = s.data_type AND t.is_nullable = s.is_nullable
           AND s.column_default IS NULL
         ORDER BY s.column_index`,
        [...place, twin],
      )
    ).getRows()
    const descriptions = new Map(schema.columns.map(({ name, description }) => [name, description]))
    const isOurs = ([name, position, comment]: (typeof stored)[number]): boolean =>
      position !== null && (comment === null || comment === descriptions.get(String(name)))
    if (stored.length !== columnDefinitions(schema).length || !stored.every(isOurs)) return undefined
    return stored.map(([name, position]) => ({ name: String(name), position: Number(position) }))
  } finally {
    await connection.run(`DROP TABLE ${identifier(twin)}`)
  }
}
