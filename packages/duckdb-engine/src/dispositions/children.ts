import type { DuckDBConnection } from '@duckdb/node-api'
import { SYSTEM_COLUMNS, type TableChanges, type TableSchema } from '@tributary/core'
import { broughtColumns } from '../sql.ts'
import type { LoadTable } from './load-table.ts'
import { MATCHED } from './matches.ts'

const { id: ID, loadId: LOAD_ID, rootId: ROOT_ID } = SYSTEM_COLUMNS

/** Ids of roots whose children differ: `id`. */
export const CHANGED = 'temp.main._sync_changed'

/** A condition that the stored row `t` and the staged row `s` differ. */
export const differences = (schema: TableSchema): string =>
  `(${broughtColumns(schema)
    .map((column) => `t.${column} IS DISTINCT FROM s.${column}`)
    .join(' OR ')})`

/**
 * Counts what becomes of the child rows, and notes the roots of those that differ. `hasCopies`: roots may be stored more
 * than once, and their children with them; all but one copy of a child count as deleted.
 */
export async function compareChildren(
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
  await connection.run(`INSERT INTO ${CHANGED} SELECT DISTINCT root_id FROM temp.main._sync_difference`)
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
