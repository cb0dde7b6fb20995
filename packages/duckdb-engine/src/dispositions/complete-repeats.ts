import type { DuckDBConnection } from '@duckdb/node-api'
import { type LoadPlan, SYSTEM_COLUMNS } from '@tributary/core'
import { temporary } from '../query.ts'
import { broughtColumns, SEQUENCE } from '../sql.ts'
import { deletionOf } from './deletions.ts'
import { fold } from './fold.ts'
import { hasRepeats, type LoadTable, topmost } from './load-table.ts'

const { id: ID } = SYSTEM_COLUMNS

/**
 * Step 1 where rows lack something: the last row of each key is kept, and has what it did not come with from those before it, but
 * from none before a deletion. Then nothing lacks, since there is nothing stored either that it could be taken from.
 */
export async function completeRepeats(connection: DuckDBConnection, plan: LoadPlan, tables: readonly LoadTable[]): Promise<void> {
  const [root, ...children] = tables as [LoadTable, ...LoadTable[]]
  if (!(await hasRepeats(connection, root, ID))) return
  const repeated = await noteRepeated(connection, plan, root)
  const names = [...new Set(children.map(({ schema }) => topmost(schema, children)))]
  // Before the rows of the root are replaced: what came is told by them.
  const lists = await noteLists(connection, root, names, repeated)
  for (const child of children) {
    const moved = movedRows(child, lists, listColumn(names.indexOf(topmost(child.schema, children))))
    await child.staged.exchange(moved, `SELECT sequence FROM ${repeated} WHERE sequence <> last`)
  }
  const completed = await fold(connection, root, completing(root, repeated))
  // A deletion that comes last stays as it is.
  await root.staged.exchange(
    completed.query,
    `SELECT sequence FROM ${repeated} WHERE sequence <> last OR deletion IS DISTINCT FROM last`,
  )
  for (const name of [repeated, lists, completed.table]) await connection.run(`DROP TABLE ${name}`)
}

/**
 * Notes each row of a key that comes more than once: its `sequence`, that of the `last` row of its key and that of the last `deletion`,
 * and its `place`, counted from the last.
 */
function noteRepeated(connection: DuckDBConnection, plan: LoadPlan, { schema, staged }: LoadTable): Promise<string> {
  const isDeletion = deletionOf(plan, schema) ?? 'false'
  const keys = `SELECT s.${ID} AS id, max(s.${SEQUENCE}) AS last, max(s.${SEQUENCE}) FILTER (WHERE ${isDeletion}) AS deletion
    FROM ${staged.view} s GROUP BY s.${ID} HAVING count(*) > 1`
  const place = `row_number() OVER (PARTITION BY k.last ORDER BY s.${SEQUENCE} DESC)`
  return temporary(
    connection,
    '_sync_repeated',
    `SELECT s.${SEQUENCE} AS sequence, k.last, k.deletion, ${place} AS place
     FROM ${staged.view} s JOIN (${keys}) k ON s.${ID} = k.id`,
  )
}

/** The rows `s` that complete one another, with what is noted of each as `r`: those of a key that come after its last deletion. */
const completing = ({ staged }: LoadTable, repeated: string): string =>
  `${staged.view} s JOIN ${repeated} r ON s.${SEQUENCE} = r.sequence WHERE r.deletion IS NULL OR r.sequence > r.deletion`

const listColumn = (index: number): string => `list_${index}`

/** Notes for each key, by the sequence of its `last` row, which row each list is from: a column for each table right below the root. */
function noteLists(connection: DuckDBConnection, root: LoadTable, names: readonly string[], repeated: string): Promise<string> {
  const columns = names.map(
    (list, index) => `max(r.sequence) FILTER (WHERE ${root.staged.cameList(list)}) AS ${listColumn(index)}`,
  )
  return temporary(
    connection,
    '_sync_lists',
    `SELECT ${['r.last', ...columns].join(', ')} FROM ${completing(root, repeated)} GROUP BY r.last`,
  )
}

/** Rows of a child table that come from other rows than the last of a key: as rows of the last. */
function movedRows({ schema, staged }: LoadTable, lists: string, list: string): string {
  const columns = broughtColumns(schema).map((column) => `c.${column}`)
  return `SELECT ${columns.join(', ')}, l.last AS ${SEQUENCE}
    FROM ${staged.view} c JOIN ${lists} l ON c.${SEQUENCE} = l.${list} WHERE l.${list} <> l.last`
}
