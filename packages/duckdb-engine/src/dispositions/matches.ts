import type { DuckDBConnection } from '@duckdb/node-api'
import { type LoadPlan, SYSTEM_COLUMNS } from '@tributary/core'
import { temporary } from '../query.ts'
import { identifier, SEQUENCE } from '../sql.ts'
import { deletionOf } from './deletions.ts'
import { type LoadTable, leaveOut } from './load-table.ts'
import { dedupSortOf } from './unique.ts'

const { id: ID, rowHash: ROW_HASH, validTo: VALID_TO } = SYSTEM_COLUMNS

/** Stored root rows whose key comes again: `old_row` (their place), `old_id`, and `new_id`, `sequence` of the row that comes. */
export const MATCHED = 'temp.main._sync_matched'
/** Stored root rows that go, or end, with no row of their key in their place: `old_row`, `old_id`. */
export const GONE = 'temp.main._sync_gone'
/** Stored root rows that are better than what comes: `old_row`. */
export const WON = 'temp.main._sync_won'
/** Merge keys of the load. */
const PARTITIONS = 'temp.main._sync_partitions'

/** Whether the plan asks to look at the rows themselves before what they change is known. */
export const isSelective = (plan: LoadPlan, { schema }: LoadTable): boolean =>
  dedupSortOf(plan, schema) !== undefined || deletionOf(plan, schema) !== undefined

/**
 * Finds the stored rows whose key comes again, and does steps 3 and 4: takes the rows that a stored one is better than out of the load,
 * and deletions, whose stored rows are `GONE`. Answers how many rows of each table were outdone. `extra`: another column of `MATCHED`, of the
 * stored row `t` and the staged row `s`.
 */
export async function matchRows(
  connection: DuckDBConnection,
  plan: LoadPlan,
  tables: readonly LoadTable[],
  extra?: string,
): Promise<number[]> {
  const [{ schema, staged, name }] = tables as [LoadTable]
  const conditions = schema.versioned === true ? [`t.${VALID_TO} IS NULL`] : []
  if (plan.primaryKey.length > 0) conditions.push(...plan.primaryKey.map((key) => `t.${identifier(key)} = s.${identifier(key)}`))
  else conditions.push(schema.versioned === true ? `t.${ROW_HASH} = s.${ROW_HASH}` : 'false')
  await temporary(
    connection,
    '_sync_matched',
    `SELECT t.rowid AS old_row, t.${ID} AS old_id, s.${ID} AS new_id, s.${SEQUENCE} AS sequence${extra === undefined ? '' : `, ${extra}`}
     FROM ${name} t JOIN ${staged.view} s ON ${conditions.join(' AND ')}`,
  )
  await temporary(connection, '_sync_gone', `SELECT old_row, old_id FROM ${MATCHED} WHERE false`)
  await temporary(connection, '_sync_won', `SELECT old_row FROM ${MATCHED} WHERE false`)
  const keys = plan.mergeKey.map(identifier).join(', ')
  if (keys !== '') await temporary(connection, '_sync_partitions', `SELECT DISTINCT ${keys} FROM ${staged.view}`)
  const outdone = await leaveOutdone(connection, plan, tables)
  await takeDeletions(connection, plan, tables)
  return outdone
}

/** A condition that a stored row, under the name `t`, has the merge key of any row of the load. */
export function inPartition({ mergeKey }: LoadPlan): string {
  const same = mergeKey.map((key) => `p.${identifier(key)} IS NOT DISTINCT FROM t.${identifier(key)}`).join(' AND ')
  return `EXISTS (SELECT 1 FROM ${PARTITIONS} p WHERE ${same})`
}

async function leaveOutdone(connection: DuckDBConnection, plan: LoadPlan, tables: readonly LoadTable[]): Promise<number[]> {
  const { schema, staged, name } = tables[0]!
  const sort = dedupSortOf(plan, schema)
  if (sort === undefined) return tables.map(() => 0)
  const [stored, coming] = [`t.${identifier(sort.column)}`, `s.${identifier(sort.column)}`]
  const isBetter = `${stored} IS NOT NULL AND (${coming} IS NULL OR ${stored} ${sort.order === 'desc' ? '>' : '<'} ${coming})`
  const joined = `${MATCHED} m JOIN ${name} t ON t.rowid = m.old_row JOIN ${staged.view} s ON s.${SEQUENCE} = m.sequence`
  const outdone = await temporary(connection, '_sync_outdone', `SELECT DISTINCT m.sequence FROM ${joined} WHERE ${isBetter}`)
  const those = `sequence IN (SELECT sequence FROM ${outdone})`
  await connection.run(`INSERT INTO ${WON} SELECT DISTINCT old_row FROM ${MATCHED} WHERE ${those}`)
  await connection.run(`DELETE FROM ${MATCHED} WHERE ${those}`)
  return await leaveOut(connection, tables, `SELECT sequence AS ${SEQUENCE} FROM ${outdone}`)
}

async function takeDeletions(connection: DuckDBConnection, plan: LoadPlan, tables: readonly LoadTable[]): Promise<void> {
  const { schema, staged } = tables[0]!
  const deletion = deletionOf(plan, schema)
  if (deletion === undefined) return
  const deletions = await temporary(connection, '_sync_deletions', `SELECT s.${SEQUENCE} FROM ${staged.view} s WHERE ${deletion}`)
  const those = `sequence IN (SELECT ${SEQUENCE} FROM ${deletions})`
  await connection.run(`INSERT INTO ${GONE} SELECT DISTINCT old_row, old_id FROM ${MATCHED} WHERE ${those}`)
  await connection.run(`DELETE FROM ${MATCHED} WHERE ${those}`)
  await leaveOut(connection, tables, `SELECT ${SEQUENCE} FROM ${deletions}`)
}
