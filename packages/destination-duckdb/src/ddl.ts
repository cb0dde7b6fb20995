import type { DuckDBConnection } from '@duckdb/node-api'
import { ownValue, type TableSchema, TributaryError } from '@tributary/core'
import { columnDefinitions, columnType, identifier, literal, VERSION_COLUMNS } from '@tributary/duckdb-engine'
import type { DatasetContext } from './dataset.ts'
import { remakeTable } from './remake.ts'
import { qualified, tableNames } from './system-tables.ts'

/**
 * Brings the tables of a resource to their new schema, inside the load's transaction. Nothing is ever dropped, unless
 * `recreate`; the answer is how many rows went with each table.
 */
export async function migrate(
  connection: DuckDBConnection,
  context: DatasetContext,
  resource: string,
  tables: readonly TableSchema[],
  recreate: boolean,
): Promise<ReadonlyMap<string, number>> {
  const existing = await tableNames(connection, context)
  const before = context.committed.tables
  const dropped = new Map<string, number>()
  if (recreate) {
    for (const { name } of Object.values(before).filter((candidate) => candidate.resource === resource)) {
      if (!existing.has(name.toLowerCase())) continue
      const [row] = (await connection.runAndReadAll(`SELECT count(*) FROM ${qualified(context, name)}`)).getRows()
      dropped.set(name, Number(row?.[0]))
      await connection.run(`DROP TABLE ${qualified(context, name)}`)
    }
  }
  for (const table of tables) {
    const old = ownValue(before, table.name)
    if (old !== undefined && old.resource !== resource) throw notOurs(context, table, `the resource ${old.resource} has`)
    if (old === undefined || recreate || !existing.has(table.name.toLowerCase())) {
      if (old === undefined && existing.has(table.name.toLowerCase()))
        throw notOurs(context, table, 'something other than Tributary has')
      await createTable(connection, qualified(context, table.name), table)
    } else {
      await changeTable(connection, context, old, table)
    }
  }
  return dropped
}

async function createTable(connection: DuckDBConnection, name: string, table: TableSchema): Promise<void> {
  await connection.run(`CREATE TABLE ${name} (${columnDefinitions(table).join(', ')})`)
  for (const column of table.columns) await comment(connection, name, column.name, column.description)
}

async function changeTable(
  connection: DuckDBConnection,
  context: DatasetContext,
  old: TableSchema,
  table: TableSchema,
): Promise<void> {
  const name = qualified(context, table.name)
  if (await remakeTable(connection, context, old, table)) {
    const described = new Map(old.columns.map((column) => [column.name, column.description]))
    for (const column of table.columns)
      await comment(connection, name, column.name, column.description ?? described.get(column.name))
  } else {
    await alterTable(connection, name, old, table)
  }
}

/** All changes come before the rows: DuckDB refuses to alter a table that the transaction has written to. */
async function alterTable(connection: DuckDBConnection, name: string, old: TableSchema, table: TableSchema): Promise<void> {
  if (old.versioned !== true && table.versioned === true)
    for (const column of VERSION_COLUMNS) await connection.run(`ALTER TABLE ${name} ADD COLUMN ${column}`)
  const known = new Map(old.columns.map((column) => [column.name, column]))
  for (const column of table.columns) {
    const was = known.get(column.name)
    const of = `ALTER TABLE ${name} ALTER COLUMN ${identifier(column.name)}`
    if (was === undefined) {
      await connection.run(`ALTER TABLE ${name} ADD COLUMN ${identifier(column.name)} ${columnType(column)}`)
    } else {
      if (columnType(was) !== columnType(column)) await connection.run(`${of} TYPE ${columnType(column)}`)
      if (!was.nullable && column.nullable) await connection.run(`${of} DROP NOT NULL`)
    }
    if (was?.description !== column.description) await comment(connection, name, column.name, column.description)
  }
}

async function comment(connection: DuckDBConnection, name: string, column: string, description?: string): Promise<void> {
  if (description !== undefined)
    await connection.run(`COMMENT ON COLUMN ${name}.${identifier(column)} IS ${literal(description)}`)
}

function notOurs({ database, dataset }: DatasetContext, table: TableSchema, owner: string): TributaryError {
  return new TributaryError({
    code: 'TABLE_NOT_OURS',
    recovery: 'fix-config',
    message: `${database.path}: ${owner} a table ${dataset}.${table.name} already, so ${table.resource} cannot load into it. Give the resource another tableName, or choose another --dataset.`,
  })
}
