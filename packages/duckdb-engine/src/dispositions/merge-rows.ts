import type { DuckDBConnection } from '@duckdb/node-api'
import { type LoadPlan, SYSTEM_COLUMNS, type TableChanges } from '@tributary/core'
import { numberOf, temporary } from '../query.ts'
import { SEQUENCE } from '../sql.ts'
import { CHANGED, compareChildren, differences } from './children.ts'
import { complete, isPartial } from './complete.ts'
import { type LoadTable, leaveOut } from './load-table.ts'
import { GONE, inPartition, isSelective, MATCHED, matchRows, WON } from './matches.ts'

const { id: ID, loadId: LOAD_ID, rootId: ROOT_ID } = SYSTEM_COLUMNS

/**
 * `delete-insert`, `upsert` and `mirror`: rows of the same key are replaced as a whole, and their children with them, once they were
 * completed by what did not come. A row counts as updated where any of its values, or any of its children, differ. Deleting and
 * inserting is faster here than updating in place, which keeps every old value in memory until the commit.
 */
export async function mergeRows(
  connection: DuckDBConnection,
  plan: LoadPlan,
  tables: readonly LoadTable[],
): Promise<Partial<TableChanges>[]> {
  const [root, ...children] = tables as [LoadTable, ...LoadTable[]]
  const isWhole = plan.strategy === 'delete-insert' || !isPartial(root)
  // Where nothing changes the rows before they are compared, one join does for both.
  const isCompared = isWhole && !isSelective(plan, root)
  const outdone = await matchRows(connection, plan, tables, isCompared ? `${differences(root.schema)} AS differs` : undefined)
  await noteAbsent(connection, plan, root)
  const replaced = await numberOf(connection, `SELECT count(*) FROM ${MATCHED}`)
  const gone = await numberOf(connection, `SELECT count(*) FROM ${GONE}`)
  if (replaced === 0 && gone === 0) return outdone.map((unchanged) => ({ unchanged }))
  const matched = await numberOf(connection, `SELECT count(DISTINCT sequence) FROM ${MATCHED}`)
  const hasCopies = replaced > matched
  if (!isWhole && replaced > 0) await complete(connection, root, children, hasCopies)

  const staged = await root.staged.rows()
  if (!isCompared) await compare(connection, root)
  if (hasCopies) await noteCopies(connection)
  const goes =
    plan.mergeKey.length > 0 && gone > 0 ? await goesWithRoot(connection, root) : (ids: string) => `${ROOT_ID} IN (${ids})`
  await connection.run(`CREATE OR REPLACE TEMP TABLE _sync_changed (id VARCHAR)`)
  const counts: TableChanges[] = []
  for (const child of children) {
    const changes = await compareChildren(connection, child, hasCopies)
    const lost =
      gone === 0
        ? 0
        : await numberOf(connection, `SELECT count(*) FROM ${child.name} WHERE ${goes(`SELECT old_id FROM ${GONE}`)}`)
    counts.push({ ...changes, deleted: changes.deleted + lost })
  }
  const unchanged = await countUnchanged(connection)
  counts.unshift({ inserted: staged - matched, updated: matched - unchanged, deleted: gone, unchanged })

  if (plan.skipUnchanged && unchanged > 0) {
    await leaveOut(connection, tables, `SELECT sequence AS ${SEQUENCE} FROM ${MATCHED} WHERE NOT differs`)
    await connection.run(`DELETE FROM ${MATCHED} WHERE NOT differs`)
  }
  const rows = (column: string): string => `SELECT ${column} FROM ${MATCHED} UNION ALL SELECT ${column} FROM ${GONE}`
  await connection.run(`DELETE FROM ${root.name} WHERE rowid IN (${rows('old_row')})`)
  for (const child of children) await connection.run(`DELETE FROM ${child.name} WHERE ${goes(rows('old_id'))}`)
  return counts.map((count, index) => ({ ...count, unchanged: count.unchanged + outdone[index]! }))
}

/** Stored rows that go without another in their place: those of the load's partitions, or all that did not come. */
async function noteAbsent(connection: DuckDBConnection, plan: LoadPlan, { name }: LoadTable): Promise<void> {
  const isAbsent =
    plan.strategy === 'delete-insert' && plan.mergeKey.length > 0
      ? inPartition(plan)
      : plan.strategy === 'mirror' && plan.removesAbsent
        ? 'true'
        : undefined
  if (isAbsent === undefined) return
  const others = [MATCHED, WON, GONE].map((table) => `t.rowid NOT IN (SELECT old_row FROM ${table})`).join(' AND ')
  await connection.run(`INSERT INTO ${GONE} SELECT t.rowid, t.${ID} FROM ${name} t WHERE ${isAbsent} AND ${others}`)
}

/**
 * The condition that a child goes with the roots of some ids, where a merge key may have taken one of several rows of an id: children
 * of those that stay are spared.
 */
async function goesWithRoot(connection: DuckDBConnection, { name }: LoadTable): Promise<(ids: string) => string> {
  const going = [MATCHED, GONE].map((table) => `AND t.rowid NOT IN (SELECT old_row FROM ${table})`).join(' ')
  const ids = `SELECT old_id FROM ${GONE}`
  const staying = await temporary(
    connection,
    '_sync_staying',
    `SELECT DISTINCT t.${ID} AS id, t.${LOAD_ID} AS load FROM ${name} t WHERE t.${ID} IN (${ids}) ${going}`,
  )
  const some = (await numberOf(connection, `SELECT count(*) FROM ${staying}`)) > 0
  const others = some ? ` AND (${ROOT_ID}, ${LOAD_ID}) NOT IN (SELECT id, load FROM ${staying})` : ''
  return (ids) => `${ROOT_ID} IN (${ids})${others}`
}

/** Adds to `MATCHED` whether any value differs. */
async function compare(connection: DuckDBConnection, { schema, staged, name }: LoadTable): Promise<void> {
  const joined = `${MATCHED} m JOIN ${name} t ON t.rowid = m.old_row JOIN ${staged.view} s ON s.${SEQUENCE} = m.sequence`
  await temporary(connection, '_sync_compared', `SELECT m.*, ${differences(schema)} AS differs FROM ${joined}`)
  await temporary(connection, '_sync_matched', 'SELECT * FROM temp.main._sync_compared')
}

/** What is stored more than once, by an append, changes: one row of it is left. */
async function noteCopies(connection: DuckDBConnection): Promise<void> {
  const several = `SELECT sequence FROM ${MATCHED} GROUP BY sequence HAVING count(*) > 1`
  await connection.run(`UPDATE ${MATCHED} SET differs = true WHERE sequence IN (${several})`)
}

/** Stored rows that differ neither themselves nor in their children. */
async function countUnchanged(connection: DuckDBConnection): Promise<number> {
  await connection.run(`UPDATE ${MATCHED} SET differs = true WHERE NOT differs AND new_id IN (SELECT id FROM ${CHANGED})`)
  return await numberOf(connection, `SELECT count(*) FROM ${MATCHED} WHERE NOT differs`)
}
