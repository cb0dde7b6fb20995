import { analyse, keep, listOf, type Work } from './load-table.ts'
import { naming } from './naming.ts'

/**
 * Completes the last row of each id from those before it, as if each had been loaded by itself: what it did not come with it has
 * as the last of them that came with it. Nothing is taken from before a deletion, and the row then counts as one that came with
 * everything. `several`: yields the ids that have more than one row. `deletion`: the condition that a row `s` is one.
 */
export async function completeRepeats(work: Work, several: string, deletion: string | undefined): Promise<void> {
  const { connection, root } = work
  const { name, came, staged, eitherCame } = root.staged
  const fields = root.schema.columns.flatMap((column) => {
    const condition = came('s', column.name)
    return condition === undefined ? [] : [{ own: staged(column.name), came: condition }]
  })
  const lists = work.children.flatMap((child) => {
    const condition = came('s', listOf(work, child))
    return condition === undefined ? [] : [{ rows: child.staged.name, came: condition }]
  })
  const whole = [...new Set([...fields, ...lists].map((some) => some.came))].join(' AND ')
  if (whole === '') return
  // Of keys whose last row lacks something, and is no deletion: the rows after the last deletion.
  const repeated = await keep(
    connection,
    'repeated',
    `SELECT seq, last, deleted IS NOT NULL AS renewed FROM (
       SELECT s.seq, max(s.seq) OVER (PARTITION BY s.id) AS last, first_value(${whole}) OVER (PARTITION BY s.id ORDER BY s.seq DESC) AS whole,
         max(s.seq) FILTER (WHERE ${deletion ?? 'false'}) OVER (PARTITION BY s.id) AS deleted
       FROM ${name} s WHERE s.id IN (${several})
     ) repeated WHERE NOT whole AND (deleted IS NULL OR seq > deleted)`,
  )
  if (repeated > 0) {
    const rows = `pg_temp.repeated r JOIN ${name} s ON s.seq = r.seq`
    // Before the rows come to have what they did not come with.
    for (const list of lists) {
      const source = `SELECT r.last, max(r.seq) FILTER (WHERE ${list.came}) AS seq FROM ${rows} GROUP BY r.last`
      await connection.run(`UPDATE ${list.rows} c SET seq = f.last FROM (${source}) f WHERE c.seq = f.seq AND f.seq <> f.last`)
    }
    // A value is left in the row that it is to come from, and then of each key the one value that is there is taken.
    const values = fields.map(
      (field) =>
        `CASE WHEN s.seq = max(s.seq) FILTER (WHERE ${field.came}) OVER (PARTITION BY r.last) THEN s.${field.own} END AS ${field.own}`,
    )
    const taken = fields.map(({ own }) => `(array_agg(${own}) FILTER (WHERE ${own} IS NOT NULL))[1] AS ${own}`)
    const update = `UPDATE ${name} s SET ${[...fields.map(({ own }) => `${own} = k.${own}`), 'came = k.came'].join(', ')}
      FROM (
        SELECT ${['last', ...taken, `CASE WHEN NOT bool_or(renewed) THEN ${eitherCame('f')} END AS came`].join(', ')}
        FROM (SELECT ${['r.last', 'r.renewed', 's.came', ...values].join(', ')} FROM ${rows}) f GROUP BY last
      ) k WHERE s.seq = k.last`
    await analyse(connection, name, await naming(root.schema.name, () => connection.run(update)))
  }
  await connection.run('DROP TABLE pg_temp.repeated')
}
