import type { DuckDBConnection } from '@duckdb/node-api'
import { type LoadPlan, SYSTEM_COLUMNS, type TableChanges, type TableSchema } from '@tributary/core'
import { identifier, systemColumns } from './sql.ts'
import { SEQUENCE, type StagedTable } from './staging.ts'

/** A table of the load: its schema, its rows, and its full name. */
export interface LoadTable {
  readonly schema: TableSchema
  readonly staged: StagedTable
  readonly name: string
}

const { id: ID, loadId: LOAD_ID, rootId: ROOT_ID } = SYSTEM_COLUMNS

/** Drops staged rows that a later one of the same key replaces, and those that the run has loaded already. Before the transaction: it touches TEMP tables only. */
export async function makeUnique(
  connection: DuckDBConnection,
  plan: LoadPlan,
  tables: readonly LoadTable[],
  targetExists: boolean,
): Promise<void> {
  const [root] = tables
  if (root === undefined || plan.primaryKey.length === 0) return
  const mayRepeat = tables.some(({ staged }) => staged.mayRepeat)
  if (plan.keep !== 'all' || mayRepeat) {
    await drop(
      connection,
      tables,
      `SELECT ${SEQUENCE} FROM ${root.staged.view} QUALIFY row_number() OVER (PARTITION BY ${ID} ORDER BY ${SEQUENCE} DESC) > 1`,
      `SELECT 1 FROM ${root.staged.view} GROUP BY ${ID} HAVING count(*) > 1 LIMIT 1`,
    )
  }
  if (mayRepeat && plan.disposition === 'append' && targetExists) {
    const loaded = `SELECT ${ID} FROM ${root.name} WHERE ${LOAD_ID} >= ${plan.firstLoadId}`
    await drop(connection, tables, `SELECT ${SEQUENCE} FROM ${root.staged.view} WHERE ${ID} IN (${loaded})`)
  }
}

async function drop(connection: DuckDBConnection, tables: readonly LoadTable[], sequences: string, when?: string): Promise<void> {
  if (when !== undefined && (await count(connection, `SELECT count(*) FROM (${when})`)) === 0) return
  await connection.run(`CREATE OR REPLACE TEMP TABLE _sync_dropped AS ${sequences}`)
  for (const { staged } of tables) await staged.remove(`SELECT ${SEQUENCE} FROM temp.main._sync_dropped`)
  await connection.run('DROP TABLE temp.main._sync_dropped')
}

/** Rows into their tables, inside the load's transaction. `dropped`: rows that went with tables that were made anew. */
export async function apply(
  connection: DuckDBConnection,
  plan: LoadPlan,
  tables: readonly LoadTable[],
  dropped: ReadonlyMap<string, number>,
): Promise<Record<string, TableChanges>> {
  const changes = new Map<string, TableChanges>()
  if (plan.disposition === 'merge') {
    await merge(connection, plan, tables, changes)
    return Object.fromEntries(tables.map(({ schema: { name } }) => [name, changes.get(name)!]))
  }
  for (const table of tables) {
    const emptied = plan.disposition === 'replace' ? (await connection.run(`DELETE FROM ${table.name}`)).rowsChanged : 0
    const deleted = emptied + (dropped.get(table.schema.name) ?? 0)
    changes.set(table.schema.name, { inserted: await insert(connection, plan, table), updated: 0, deleted, unchanged: 0 })
  }
  return Object.fromEntries(changes)
}

async function insert(connection: DuckDBConnection, plan: LoadPlan, { schema, staged, name }: LoadTable): Promise<number> {
  const columns = columnNames(schema)
  const { rowsChanged } = await connection.run(
    `INSERT INTO ${name} (${[...columns, LOAD_ID].join(', ')}) SELECT ${columns.join(', ')}, ${plan.id} FROM ${staged.view}`,
  )
  return rowsChanged
}

/**
 * Replaces rows of the same key as a whole, and their children with them. A row counts as updated where any of its
 * values, or any of its children, differ. Deleting and inserting is faster here than updating in place, which keeps every
 * old value in memory until the commit.
 */
async function merge(
  connection: DuckDBConnection,
  plan: LoadPlan,
  tables: readonly LoadTable[],
  changes: Map<string, TableChanges>,
): Promise<void> {
  const [root, ...children] = tables
  if (root === undefined) return
  const staged = await root.staged.rows()
  const { replaced, matched } = await matchRows(connection, plan, root)
  if (matched === 0) {
    for (const table of tables)
      changes.set(table.schema.name, { inserted: await insert(connection, plan, table), updated: 0, deleted: 0, unchanged: 0 })
    return
  }
  for (const child of children) changes.set(child.schema.name, await compareChildren(connection, child, replaced > matched))
  const unchanged = await countUnchanged(connection)
  changes.set(root.schema.name, {
    inserted: staged - matched,
    updated: matched - unchanged,
    // A key that is stored more than once, from before it was a key, is brought down to one row.
    deleted: replaced - matched,
    unchanged,
  })
  if (plan.skipUnchanged && unchanged > 0) {
    const kept = `SELECT new_id FROM ${MATCHED} WHERE NOT differs`
    const sequences = `SELECT ${SEQUENCE} FROM ${root.staged.view} WHERE ${ID} IN (${kept})`
    await connection.run(`CREATE OR REPLACE TEMP TABLE _sync_dropped AS ${sequences}`)
    for (const table of tables) await table.staged.remove(`SELECT ${SEQUENCE} FROM temp.main._sync_dropped`)
    await connection.run(`DELETE FROM ${MATCHED} WHERE NOT differs`)
  }
  await connection.run(`DELETE FROM ${root.name} WHERE rowid IN (SELECT old_row FROM ${MATCHED})`)
  for (const child of children) {
    await connection.run(`DELETE FROM ${child.name} WHERE ${ROOT_ID} IN (SELECT old_id FROM ${MATCHED})`)
  }
  for (const table of tables) await insert(connection, plan, table)
}

/** Stored root rows whose key comes again: their place and id, the id of the row that comes, and whether any value differs. */
const MATCHED = 'temp.main._sync_matched'

/** Fills `MATCHED`, and answers how many stored rows and how many keys are in it. */
async function matchRows(
  connection: DuckDBConnection,
  plan: LoadPlan,
  { schema, staged, name }: LoadTable,
): Promise<{ replaced: number; matched: number }> {
  const onKey = plan.primaryKey.map((key) => `t.${identifier(key)} = s.${identifier(key)}`).join(' AND ')
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE _sync_matched AS
     SELECT t.rowid AS old_row, t.${ID} AS old_id, s.${ID} AS new_id, ${differences(schema)} AS differs
     FROM ${name} t JOIN ${staged.view} s ON ${onKey}`,
  )
  await connection.run('CREATE OR REPLACE TEMP TABLE _sync_changed (id VARCHAR)')
  const replaced = await count(connection, `SELECT count(*) FROM ${MATCHED}`)
  const matched = await count(connection, `SELECT count(DISTINCT new_id) FROM ${MATCHED}`)
  if (replaced > matched) {
    const several = `SELECT new_id FROM ${MATCHED} GROUP BY new_id HAVING count(*) > 1`
    await connection.run(`UPDATE ${MATCHED} SET differs = true WHERE new_id IN (${several})`)
  }
  return { replaced, matched }
}

/**
 * Counts what becomes of the child rows, and notes the roots of those that differ. `hasCopies`: roots may be stored more
 * than once, and their children with them; all but one copy of a child count as deleted.
 */
async function compareChildren(
  connection: DuckDBConnection,
  { schema, staged, name }: LoadTable,
  hasCopies: boolean,
): Promise<TableChanges> {
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE _sync_difference AS ${childDifferences(schema, staged.view, name, hasCopies)}`,
  )
  const reader = await connection.runAndReadAll(
    'SELECT change, count(*)::VARCHAR FROM temp.main._sync_difference GROUP BY change',
  )
  const counts = Object.fromEntries(reader.getRows().map(([change, number]) => [String(change), Number(number)]))
  const { inserted = 0, updated = 0, deleted = 0 } = counts
  await connection.run('INSERT INTO temp.main._sync_changed SELECT DISTINCT root_id FROM temp.main._sync_difference')
  return { inserted, updated, deleted, unchanged: (await staged.rows()) - inserted - updated }
}

/**
 * Selects the rows of a child table that differ between `stored` and `staged`. All conditions of the join are equalities: a
 * full join by anything else compares every row with every other.
 */
export function childDifferences(schema: TableSchema, staged: string, stored: string, hasCopies: boolean): string {
  const copy = hasCopies ? `row_number() OVER (PARTITION BY c.${ID} ORDER BY c.${LOAD_ID})` : '1::BIGINT'
  const replaced = `SELECT c.*, m.new_id AS _sync_new_root_id, ${copy} AS _sync_copy
    FROM ${stored} c JOIN (SELECT ${hasCopies ? 'DISTINCT ' : ''}old_id, new_id FROM ${MATCHED}) m ON c.${ROOT_ID} = m.old_id`
  return `SELECT coalesce(s.${ROOT_ID}, t._sync_new_root_id) AS root_id,
       CASE WHEN t.${ID} IS NULL THEN 'inserted' WHEN s.${ID} IS NULL THEN 'deleted' ELSE 'updated' END AS change
     FROM (SELECT *, 1::BIGINT AS _sync_copy FROM ${staged}) s
     FULL JOIN (${replaced}) t ON s.${ID} = t.${ID} AND s._sync_copy = t._sync_copy
     WHERE t.${ID} IS NULL OR s.${ID} IS NULL OR ${differences(schema)}`
}

/** Stored rows that differ neither themselves nor in their children. */
async function countUnchanged(connection: DuckDBConnection): Promise<number> {
  await connection.run(
    `UPDATE ${MATCHED} SET differs = true WHERE NOT differs AND new_id IN (SELECT id FROM temp.main._sync_changed)`,
  )
  return count(connection, `SELECT count(*) FROM ${MATCHED} WHERE NOT differs`)
}

const differences = (schema: TableSchema): string =>
  `(${columnNames(schema)
    .map((column) => `t.${column} IS DISTINCT FROM s.${column}`)
    .join(' OR ')})`

const columnNames = (schema: TableSchema): string[] => [
  ...schema.columns.map((column) => identifier(column.name)),
  ...systemColumns(schema).map(([column]) => column),
]

async function count(connection: DuckDBConnection, sql: string): Promise<number> {
  return Number((await connection.runAndReadAll(sql)).getRows()[0]?.[0])
}
