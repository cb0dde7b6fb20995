import type { DuckDBConnection } from '@duckdb/node-api'
import { SYSTEM_COLUMNS } from '@tributary/core'
import { temporary } from '../query.ts'
import { identifier, SEQUENCE, systemColumns } from '../sql.ts'
import { type LoadTable, topmost } from './load-table.ts'
import { MATCHED } from './matches.ts'

const { id: ID, loadId: LOAD_ID, parentId: PARENT_ID, rootId: ROOT_ID, index: INDEX } = SYSTEM_COLUMNS

/** Whether some staged row lacks fields that its stored row may have. */
export const isPartial = (root: LoadTable): boolean => root.staged.camePartly

/**
 * Fills what did not come from the stored rows: columns of the root, and the child rows of lists that its record did not have. Then
 * what is staged is the whole of what is to be stored. `hasCopies`: some key is stored more than once; of its rows, the one that
 * was loaded last counts.
 */
export async function complete(
  connection: DuckDBConnection,
  root: LoadTable,
  children: readonly LoadTable[],
  hasCopies: boolean,
): Promise<void> {
  if (!isPartial(root)) return
  const latest = `SELECT m.*, t.${LOAD_ID} AS old_load FROM ${MATCHED} m JOIN ${root.name} t ON t.rowid = m.old_row
    QUALIFY row_number() OVER (PARTITION BY m.sequence ORDER BY t.${LOAD_ID} DESC, m.old_row DESC) = 1`
  const matched = hasCopies ? await temporary(connection, '_sync_completed', latest) : MATCHED
  // Before the rows of the root are replaced: what came is told by them.
  for (const child of children) await addMissingRows(root, child, topmost(child.schema, children), matched, hasCopies)
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
  hasCopies: boolean,
): Promise<void> {
  const came = root.staged.cameList(list)
  const data = schema.columns.map((column) => `t.${identifier(column.name)}`)
  // The ids of what is below a row begin with the row's own.
  const moved = [ID, PARENT_ID].map(
    (id) => `CASE WHEN m.old_id = m.new_id THEN t.${id} ELSE m.new_id || substr(t.${id}, length(m.old_id) + 1) END AS ${id}`,
  )
  const system = [...moved, `m.new_id AS ${ROOT_ID}`, `t.${INDEX}`, `m.sequence AS ${SEQUENCE}`]
  const ofTheSame = hasCopies ? ` AND m.old_load = t.${LOAD_ID}` : ''
  const oneOfEach = hasCopies ? ` QUALIFY row_number() OVER (PARTITION BY t.${ID} ORDER BY t.rowid DESC) = 1` : ''
  await staged.add(
    `SELECT ${[...data, ...system].join(', ')} FROM ${name} t JOIN ${matched} m ON m.old_id = t.${ROOT_ID}${ofTheSame}
     JOIN ${root.staged.view} s ON s.${SEQUENCE} = m.sequence WHERE NOT ${came}${oneOfEach}`,
  )
}
