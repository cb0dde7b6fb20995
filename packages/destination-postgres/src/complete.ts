import { count } from './connection.ts'
import { analyse, keep, type LoadTable, listOf, type Work } from './load-table.ts'
import { naming } from './naming.ts'
import { broughtColumns, columnIdentifier, LOAD_ID, STORED_ID, STORED_ROOT_ID } from './sql.ts'

/**
 * What a record does not have is taken from the stored row of its key: columns, and whole lists. From there on it is merged
 * like any other. Of several stored rows of a key, the one that was loaded last counts.
 */
export async function complete(work: Work): Promise<void> {
  const { connection } = work
  const completed = await keep(
    connection,
    'latest',
    `SELECT DISTINCT ON (seq) place, seq, old_id, old_load, new_id FROM pg_temp.known WHERE fate = 'w' ORDER BY seq, old_load DESC, place DESC`,
  )
  if (completed > 0) {
    const known = await count(connection, `SELECT count(*) FROM pg_temp.known WHERE fate = 'w'`)
    await completeColumns(work)
    for (const child of work.children) await completeList(work, child, known > completed)
  }
  await connection.run('DROP TABLE pg_temp.latest')
}

async function completeColumns({ connection, root }: Work): Promise<void> {
  const changes = root.schema.columns.flatMap(({ name }) => {
    const came = root.staged.came('s', name)
    const own = root.staged.staged(name)
    return came === undefined ? [] : [`${own} = CASE WHEN ${came} THEN s.${own} ELSE t.${columnIdentifier(name)} END`]
  })
  if (changes.length === 0) return
  const update = `UPDATE ${root.staged.name} s SET ${changes.join(', ')}
    FROM pg_temp.latest k JOIN ${root.name} t ON t.ctid = k.place WHERE s.seq = k.seq`
  const rows = await naming(root.schema.name, () => connection.run(update))
  await analyse(connection, root.staged.name, rows)
}

/** Rows of a list, and of the lists in it, that the record did not have: they come again, under the row that is written. */
async function completeList(work: Work, child: LoadTable, hasCopies: boolean): Promise<void> {
  const { connection, root } = work
  const came = root.staged.came('s', listOf(work, child))
  if (came === undefined) return
  const { schema, staged, name } = child
  const columns = [
    ...schema.columns.map((column) => [staged.staged(column.name), `c.${columnIdentifier(column.name)}`] as const),
    ...broughtColumns(schema).map((column): readonly [string, string] => {
      if (column.staged === 'root') return ['root', 'k.new_id']
      if (column.type !== 'text') return [column.staged, `c.${column.stored}`]
      // The ids of what is below a row begin with the row's own.
      return [column.staged, `k.new_id || substr(c.${column.stored}, length(k.old_id) + 1)`]
    }),
    ['seq', 'k.seq'] as const,
  ]
  // Where a key was appended several times, so were the rows below it; several times by one load too.
  const [distinct, ofTheSame, order] = hasCopies
    ? [
        `DISTINCT ON (c.${STORED_ID} COLLATE "C") `,
        ` AND c.${LOAD_ID} = k.old_load`,
        ` ORDER BY c.${STORED_ID} COLLATE "C", c.ctid DESC`,
      ]
    : ['', '', '']
  const rows = await connection.run(
    `INSERT INTO ${staged.name} (${columns.map(([own]) => own).join(', ')})
     SELECT ${distinct}${columns.map(([, stored]) => stored).join(', ')}
     FROM pg_temp.latest k JOIN ${root.staged.name} s ON s.seq = k.seq JOIN ${name} c ON c.${STORED_ROOT_ID} = k.old_id${ofTheSame}
     WHERE NOT ${came}${order}`,
  )
  await analyse(connection, staged.name, rows)
}
