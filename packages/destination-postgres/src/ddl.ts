import { type Column, ownValue, type PipelineState, type TableSchema, TributaryError } from '@tributary/core'
import { type Connection, count } from './connection.ts'
import { storageError } from './errors.ts'
import { broughtColumns, columnIdentifier, columnType, converted, LOAD_ID, literal, VALIDITY } from './sql.ts'
import { storableText } from './storable.ts'
import { qualified, relationNames } from './system-tables.ts'

export interface Migration {
  readonly location: string
  readonly dataset: string
  readonly resource: string
  /** As committed. */
  readonly before: PipelineState
  /** Of the resource, parents first. */
  readonly tables: readonly TableSchema[]
  readonly recreate: boolean
}

/**
 * Brings the tables of a resource to their new schema, inside the load's transaction. Nothing is ever dropped, unless
 * `recreate`; the answer is how many rows went with each table. Throws `TABLE_NOT_OURS`.
 */
export async function migrate(connection: Connection, migration: Migration): Promise<ReadonlyMap<string, number>> {
  const { dataset, resource, before, tables, recreate } = migration
  const existing = (await relationNames(connection, dataset)) ?? new Set<string>()
  const dropped = new Map<string, number>()
  const check = (table: TableSchema): TableSchema | undefined => {
    const old = ownValue(before.tables, table.name)
    if (old !== undefined && old.resource !== resource) throw notOurs(migration, table, `the resource ${old.resource} has`)
    if (old === undefined && existing.has(table.name)) throw notOurs(migration, table, 'something other than Tributary has')
    return old
  }
  // Before anything is dropped.
  for (const table of tables) check(table)
  if (recreate) {
    const ours = Object.values(before.tables).filter((table) => table.resource === resource && existing.has(table.name))
    for (const { name } of ours) {
      dropped.set(name, await count(connection, `SELECT count(*) FROM ${qualified(dataset, name)}`))
      await connection.run(`DROP TABLE ${qualified(dataset, name)}`)
    }
  }
  for (const table of tables) {
    const old = check(table)
    const name = qualified(dataset, table.name)
    const isNew = old === undefined || recreate || !existing.has(table.name)
    try {
      if (isNew) await createTable(connection, name, table)
      else await alterTable(connection, name, old, table)
    } catch (error) {
      // The server does not say which table it was.
      throw storageError(migration.location, `${isNew ? 'making' : 'changing'} the table ${dataset}.${table.name}`, error)
    }
  }
  return dropped
}

async function createTable(connection: Connection, name: string, table: TableSchema): Promise<void> {
  const columns = [
    ...table.columns.map((column) => `${definition(column)}${column.nullable ? '' : ' NOT NULL'}`),
    ...broughtColumns(table).map(({ stored, type, notNull }) => `${stored} ${type}${notNull ? ' NOT NULL' : ''}`),
    `${LOAD_ID} bigint NOT NULL`,
    ...(table.versioned === true ? VALIDITY.map(({ stored, type }) => `${stored} ${type}`) : []),
  ]
  await connection.run(`CREATE TABLE ${name} (${columns.join(', ')})`)
  for (const column of table.columns) await comment(connection, name, column)
}

const definition = (column: Column): string => `${columnIdentifier(column.name)} ${columnType(column)}`

/** All changes in one statement, so that a table is rewritten once, if at all: most of them only change the catalogue. */
async function alterTable(connection: Connection, name: string, old: TableSchema, table: TableSchema): Promise<void> {
  const known = new Map(old.columns.map((column) => [column.name, column]))
  const changes = table.columns.flatMap((column): string[] => {
    const was = known.get(column.name)
    const stored = columnIdentifier(column.name)
    // Rows are there already, without a value: it cannot be required any longer.
    if (was === undefined) return [`ADD COLUMN ${definition(column)}`]
    const type = columnType(column)
    return [
      ...(columnType(was) === type ? [] : [`ALTER COLUMN ${stored} TYPE ${type} USING ${converted(stored, was, column)}`]),
      ...(!was.nullable && column.nullable ? [`ALTER COLUMN ${stored} DROP NOT NULL`] : []),
    ]
  })
  const becomesVersioned = table.versioned === true && old.versioned !== true
  if (becomesVersioned) {
    const hash = broughtColumns(table).filter(({ notNull }) => !notNull)
    changes.push(...[...hash, ...VALIDITY].map(({ stored, type }) => `ADD COLUMN IF NOT EXISTS ${stored} ${type}`))
  }
  if (changes.length > 0) await connection.run(`ALTER TABLE ${name} ${changes.join(', ')}`)
  for (const column of table.columns) {
    if (known.get(column.name)?.description !== column.description) await comment(connection, name, column)
  }
}

async function comment(connection: Connection, name: string, { name: column, description }: Column): Promise<void> {
  if (description === undefined) return
  const text = literal(storableText(description, () => {}))
  await connection.run(`COMMENT ON COLUMN ${name}.${columnIdentifier(column)} IS ${text}`)
}

function notOurs({ location, dataset }: Migration, table: TableSchema, owner: string): TributaryError {
  return new TributaryError({
    code: 'TABLE_NOT_OURS',
    recovery: 'fix-config',
    message: `${location}: ${owner} a table ${dataset}.${table.name} already, so ${table.resource} cannot load into it. Give the resource another tableName, or choose another --dataset.`,
  })
}
