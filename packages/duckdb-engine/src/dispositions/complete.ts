import type { DuckDBConnection } from '@duckdb/node-api'
import { SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import { identifier, systemColumns } from '../sql.ts'
import { SEQUENCE } from '../staging.ts'
import { type LoadTable, temporary } from './load-table.ts'
import { MATCHED } from './matches.ts'

const { id: ID, parentId: PARENT_ID, rootId: ROOT_ID, index: INDEX } = SYSTEM_COLUMNS

/** Whether some staged row lacks fields that its stored row may have. */
export const isPartial = (root: LoadTable): boolean => root.staged.camePartly

/**
 * Fills what did not come from the stored rows: columns of the root, and the child rows of lists that its record did not have. Then
 * what is staged is the whole of what is to be stored.
 */
export async function complete(connection: DuckDBConnection, root: LoadTable, children: readonly LoadTable[]): Promise<void> {
  if (!isPartial(root)) return
  // Of a key that is stored more than once, one row counts.
  const one = `SELECT sequence, max(old_row) AS old_row, arg_max(old_id, old_row) AS old_id, any_value(new_id) AS new_id FROM ${MATCHED} GROUP BY sequence`
  const matched = await temporary(connection, '_sync_completed', one)
  // Before the rows of the root are replaced: what came is told by them.
  for (const child of children) await addMissingRows(root, child, topmost(child.schema, children), matched)
  await fillColumns(root, matched)
}

async function fillColumns({ schema, staged, name }: LoadTable, matched: string): Promise<void> {
  const data = schema.columns.map((column) => {
    const sql = identifier(column.name)
    return `CASE WHEN m.sequence IS NULL OR ${staged.cameColumn(column.name)} THEN s.${sql} ELSE t.${sql} END AS ${sql}`
  })
  const system = [...systemColumns(schema).map(([column]) => column), SEQUENCE].map((column) => `s.${column}`)
  await staged.replace(
    `SELECT ${[...data, ...system].join(', ')} FROM ${staged.view} s
     LEFT JOIN ${matched} m ON m.sequence = s.${SEQUENCE} LEFT JOIN ${name} t ON t.rowid = m.old_row`,
  )
}

async function addMissingRows(
  root: LoadTable,
  { schema, staged, name }: LoadTable,
  list: string,
  matched: string,
): Promise<void> {
  const came = root.staged.cameList(list)
  const data = schema.columns.map((column) => `t.${identifier(column.name)}`)
  const parent = `CASE WHEN t.${PARENT_ID} = m.old_id THEN m.new_id ELSE t.${PARENT_ID} END AS ${PARENT_ID}`
  const system = [`t.${ID}`, parent, `m.new_id AS ${ROOT_ID}`, `t.${INDEX}`, `m.sequence AS ${SEQUENCE}`]
  await staged.add(
    `SELECT ${[...data, ...system].join(', ')} FROM ${name} t
     JOIN ${matched} m ON m.old_id = t.${ROOT_ID} JOIN ${root.staged.view} s ON s.${SEQUENCE} = m.sequence WHERE NOT ${came}`,
  )
}

/** The table directly below the root that a child table is, or is below of: its rows come and stay with that list. */
function topmost(schema: TableSchema, children: readonly LoadTable[]): string {
  const parent = children.find((child) => child.schema.name === schema.parent)
  return parent === undefined ? schema.name : topmost(parent.schema, children)
}
