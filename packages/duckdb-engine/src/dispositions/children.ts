import type { DuckDBConnection } from '@duckdb/node-api'
import { SYSTEM_COLUMNS, type TableChanges, type TableSchema } from '@tributary/core'
import { broughtColumns } from '../sql.ts'
import type { LoadTable } from './load-table.ts'
import { MATCHED } from './matches.ts'

const { id: ID, rootId: ROOT_ID } = SYSTEM_COLUMNS

/** Ids of roots whose children differ: `id`. */
export const CHANGED = 'temp.main._sync_changed'

/** A condition that the stored row `t` and the staged row `s` differ. */
export const differences = (schema: TableSchema): string =>
  `(${broughtColumns(schema)
    .map((column) => `t.${column} IS DISTINCT FROM s.${column}`)
    .join(' OR ')})`

/**
 * Counts what becomes of the child rows, and notes the roots of those that differ. `hasCopies`: roots may be stored more
 * than once, and their children with them.
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
    'SELECT change, sum(rows)::VARCHAR FROM temp.main._sync_difference GROUP BY change',
  )
  const counts = Object.fromEntries(reader.getRows().map(([change, number]) => [String(change), Number(number)]))
  const { inserted = 0, updated = 0, deleted = 0 } = counts
  await connection.run(`INSERT INTO ${CHANGED} SELECT DISTINCT root_id FROM temp.main._sync_difference`)
  return { inserted, updated, deleted, unchanged: (await staged.rows()) - inserted - updated }
}

/**
 * Selects what differs between `stored` and `staged` rows of a child table, and of how many `rows` each difference is: stored
 * copies of a child differ from the one that takes their place, and are one with it. All conditions of the join are
 * equalities: a full join by anything else compares every row with every other.
 */
export function childDifferences(schema: TableSchema, staged: string, stored: string, hasCopies: boolean): string {
  const replaced = `SELECT c.*, m.new_id AS _sync_new_root_id${hasCopies ? `, count(*) OVER (PARTITION BY c.${ID}) AS _sync_copies` : ''}
    FROM ${stored} c JOIN (SELECT ${hasCopies ? 'DISTINCT ' : ''}old_id, new_id FROM ${MATCHED}) m ON c.${ROOT_ID} = m.old_id
    ${hasCopies ? `QUALIFY row_number() OVER (PARTITION BY c.${ID}) = 1` : ''}`
  return `SELECT coalesce(s.${ROOT_ID}, t._sync_new_root_id) AS root_id,
       CASE WHEN t.${ID} IS NULL THEN 'inserted' WHEN s.${ID} IS NULL THEN 'deleted' ELSE 'updated' END AS change,
       ${hasCopies ? `CASE WHEN s.${ID} IS NULL THEN t._sync_copies ELSE 1 END` : '1'} AS rows
     FROM ${staged} s FULL JOIN (${replaced}) t ON s.${ID} = t.${ID}
     WHERE t.${ID} IS NULL OR s.${ID} IS NULL OR ${hasCopies ? 't._sync_copies > 1 OR ' : ''}${differences(schema)}`
}
