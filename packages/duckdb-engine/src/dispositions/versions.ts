import type { DuckDBConnection } from '@duckdb/node-api'
import { type LoadPlan, SYSTEM_COLUMNS, type TableChanges } from '@tributary/core'
import { instant, SEQUENCE } from '../sql.ts'
import { type LoadTable, leaveOut } from './load-table.ts'
import { GONE, inPartition, MATCHED, matchRows, WON } from './matches.ts'

const { id: ID, rowHash: ROW_HASH, validTo: VALID_TO } = SYSTEM_COLUMNS

/** `scd2`: ends the active versions that others take the place of, or that are gone; leaves out what did not change. */
export async function endVersions(
  connection: DuckDBConnection,
  plan: LoadPlan,
  tables: readonly LoadTable[],
): Promise<Partial<TableChanges>[]> {
  const { staged, name } = tables[0]!
  const outdone = await matchRows(connection, plan, tables)
  const joined = `${MATCHED} m JOIN ${name} t ON t.rowid = m.old_row JOIN ${staged.view} s ON s.${SEQUENCE} = m.sequence`
  const same = `SELECT m.old_row FROM ${joined} WHERE t.${ROW_HASH} = s.${ROW_HASH}`
  await connection.run(`CREATE OR REPLACE TEMP TABLE _sync_same AS ${same}`)
  const isSame = 'old_row IN (SELECT old_row FROM temp.main._sync_same)'
  await connection.run(`INSERT INTO ${GONE} SELECT DISTINCT old_row, old_id FROM ${MATCHED} WHERE NOT ${isSame}`)
  if (plan.removesAbsent) {
    const bounded = plan.mergeKey.length > 0 ? `AND ${inPartition(plan)}` : ''
    const others = [GONE, WON, 'temp.main._sync_same']
      .map((table) => `AND t.rowid NOT IN (SELECT old_row FROM ${table})`)
      .join(' ')
    await connection.run(
      `INSERT INTO ${GONE} SELECT t.rowid, t.${ID} FROM ${name} t WHERE t.${VALID_TO} IS NULL ${bounded} ${others}`,
    )
  }
  const unchanged = await leaveOut(connection, tables, `SELECT DISTINCT sequence AS ${SEQUENCE} FROM ${MATCHED} WHERE ${isSame}`)
  const { rowsChanged: ended } = await connection.run(
    `UPDATE ${name} SET ${VALID_TO} = ${instant(plan.startedAt)} WHERE rowid IN (SELECT old_row FROM ${GONE})`,
  )
  return unchanged.map((rows, index) => ({ unchanged: rows + outdone[index]!, updated: index === 0 ? ended : 0 }))
}
