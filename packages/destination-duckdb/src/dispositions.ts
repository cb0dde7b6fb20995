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
  if (plan.unique || mayRepeat) {
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

async function insert(
  connection: DuckDBConnection,
  plan: LoadPlan,
  { schema, staged, name }: LoadTable,
  where = '',
): Promise<number> {
  const columns = columnNames(schema)
  const sql = `INSERT INTO ${name} (${[...columns, LOAD_ID].join(', ')}) SELECT ${columns.join(', ')}, ${plan.id} FROM ${staged.view} s ${where}`
  return (await connection.run(staged.rowCount === 0 ? `${sql} LIMIT 0` : sql)).rowsChanged
}

/**
 * Replaces rows of the same key as a whole, and their children with them. A row counts as updated where any of its
 * values, or any of its children, differ.
 */
async function merge(
  connection: DuckDBConnection,
  plan: LoadPlan,
  [root, ...children]: readonly LoadTable[],
  changes: Map<string, TableChanges>,
): Promise<void> {
  if (root === undefined) return
  const before = await count(connection, `SELECT count(*) FROM ${root.name}`)
  if (before === 0) {
    for (const table of [root, ...children])
      changes.set(table.schema.name, { inserted: await insert(connection, plan, table), updated: 0, deleted: 0, unchanged: 0 })
    return
  }
  const onKey = plan.primaryKey.map((key) => `t.${identifier(key)} = s.${identifier(key)}`).join(' AND ')
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE _sync_replaced AS SELECT t.${ID} AS old_id, s.${ID} AS new_id FROM ${root.name} t JOIN ${root.staged.view} s ON ${onKey}`,
  )
  await connection.run('CREATE OR REPLACE TEMP TABLE _sync_changed (id VARCHAR)')
  for (const child of children) await compareChildren(connection, child, changes)

  const columns = columnNames(root.schema)
  const differs = `(${columns.map((column) => `t.${column} IS DISTINCT FROM s.${column}`).join(' OR ')} OR s.changed_children)`
  const source =
    children.length === 0
      ? `SELECT *, false AS changed_children FROM ${root.staged.view}`
      : `SELECT *, ${ID} IN (SELECT id FROM temp.main._sync_changed) AS changed_children FROM ${root.staged.view}`
  const unchanged = await count(
    connection,
    `SELECT count(*) FROM ${root.name} t JOIN (${source}) s ON ${onKey} WHERE NOT ${differs}`,
  )
  const set = [...columns.map((column) => `${column} = s.${column}`), `${LOAD_ID} = ${plan.id}`]
  await connection.run(
    `MERGE INTO ${root.name} t USING (${source}) s ON ${onKey}
     WHEN MATCHED ${plan.skipUnchanged ? `AND ${differs}` : ''} THEN UPDATE SET ${set.join(', ')}
     WHEN NOT MATCHED THEN INSERT (${[...columns, LOAD_ID].join(', ')}) VALUES (${columns.map((column) => `s.${column}`).join(', ')}, ${plan.id})`,
  )
  const inserted = (await count(connection, `SELECT count(*) FROM ${root.name}`)) - before
  changes.set(root.schema.name, { inserted, updated: root.staged.rowCount - inserted - unchanged, deleted: 0, unchanged })

  // Children of a root that keeps its load id keep theirs.
  const rewritten = `(SELECT ${ID} FROM ${root.name} WHERE ${LOAD_ID} = ${plan.id})`
  for (const child of children) {
    await connection.run(
      `DELETE FROM ${child.name} WHERE ${ROOT_ID} IN (SELECT old_id FROM temp.main._sync_replaced WHERE new_id IN ${rewritten})`,
    )
    await insert(connection, plan, child, `WHERE ${ROOT_ID} IN ${rewritten}`)
  }
}

/** Counts what becomes of the child rows, and notes the roots of those that differ. */
async function compareChildren(
  connection: DuckDBConnection,
  { schema, staged, name }: LoadTable,
  changes: Map<string, TableChanges>,
): Promise<void> {
  const differs = columnNames(schema)
    .map((column) => `t.${column} IS DISTINCT FROM s.${column}`)
    .join(' OR ')
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE _sync_difference AS
     SELECT coalesce(s.${ROOT_ID}, t.new_root_id) AS root_id,
       CASE WHEN t.${ID} IS NULL THEN 'inserted' WHEN s.${ID} IS NULL THEN 'deleted' ELSE 'updated' END AS change
     FROM ${staged.view} s
     FULL JOIN (SELECT c.*, r.new_id AS new_root_id FROM ${name} c JOIN temp.main._sync_replaced r ON c.${ROOT_ID} = r.old_id) t ON s.${ID} = t.${ID}
     WHERE t.${ID} IS NULL OR s.${ID} IS NULL OR ${differs}`,
  )
  const reader = await connection.runAndReadAll(
    'SELECT change, count(*)::VARCHAR FROM temp.main._sync_difference GROUP BY change',
  )
  const counts = Object.fromEntries(reader.getRows().map(([change, number]) => [String(change), Number(number)]))
  const { inserted = 0, updated = 0, deleted = 0 } = counts
  changes.set(schema.name, { inserted, updated, deleted, unchanged: staged.rowCount - inserted - updated })
  await connection.run('INSERT INTO temp.main._sync_changed SELECT DISTINCT root_id FROM temp.main._sync_difference')
}

const columnNames = (schema: TableSchema): string[] => [
  ...schema.columns.map((column) => identifier(column.name)),
  ...systemColumns(schema).map(([column]) => column),
]

async function count(connection: DuckDBConnection, sql: string): Promise<number> {
  return Number((await connection.runAndReadAll(sql)).getRows()[0]?.[0])
}
