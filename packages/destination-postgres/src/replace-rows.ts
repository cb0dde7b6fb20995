import { count } from './connection.ts'
import {
  analyse,
  differs,
  insertAll,
  keep,
  type LoadTable,
  leaveOut,
  sameValues,
  stagedColumn,
  stagedRows,
  type Work,
} from './load-table.ts'
import { columnIdentifier, LOAD_ID, STORED_ID, STORED_ROOT_ID } from './sql.ts'

/**
 * Puts rows in the place of those of their key, as a whole, with their children. A row counts as updated where any of its
 * values, or any of its children, differ.
 */
export async function replaceRows(work: Work): Promise<void> {
  const { connection, plan, root, children } = work
  await findGone(work)
  const rows = await stagedRows(work)
  const [totals] = await connection.rows(
    `SELECT count(*) AS gone, count(DISTINCT old_id) AS ids, count(DISTINCT seq) AS replaced, count(*) - count(seq) AS removed FROM pg_temp.gone`,
  )
  const [gone, ids, replaced, removed] = [totals?.gone, totals?.ids, totals?.replaced, totals?.removed].map(Number) as [
    number,
    number,
    number,
    number,
  ]
  const own = work.counts(root)
  own.inserted += rows - replaced
  own.deleted += removed
  if (gone === 0) {
    for (const child of children) {
      work.counts(child).inserted += await count(connection, `SELECT count(*) FROM ${child.staged.name}`)
    }
    return insertAll(work)
  }
  await connection.run(
    `UPDATE pg_temp.gone SET differs = true WHERE seq IN (SELECT seq FROM pg_temp.gone GROUP BY seq HAVING count(*) > 1)`,
  )
  await keep(connection, 'gone_ids', 'SELECT old_id, max(new_id) AS new_id FROM pg_temp.gone GROUP BY old_id')
  const sparing = removed > 0 && children.length > 0 ? await sparingShared(work) : ''
  for (const child of children) await compareChildren(work, child, gone > ids, sparing)
  const same = `SELECT seq FROM pg_temp.gone WHERE seq IS NOT NULL AND NOT differs`
  const unchanged = await count(connection, `SELECT count(*) FROM (${same}) same`)
  own.updated += replaced - unchanged
  own.unchanged += unchanged
  if (plan.skipUnchanged && unchanged > 0) {
    await leaveOut(work, same)
    await connection.run('DELETE FROM pg_temp.gone WHERE seq IS NOT NULL AND NOT differs')
  }
  await connection.run(`DELETE FROM ${root.name} t USING pg_temp.gone g WHERE t.ctid = g.place`)
  for (const { name } of children) {
    await connection.run(
      `DELETE FROM ${name} c USING (SELECT DISTINCT old_id FROM pg_temp.gone) g WHERE c.${STORED_ROOT_ID} = g.old_id${sparing}`,
    )
  }
  await insertAll(work)
}

/** Fills `gone` with the stored rows that go: `seq` and `new_id` are those of the row that takes the place, if one does. */
async function findGone(work: Work): Promise<void> {
  const { connection, plan, root } = work
  const taken = (value: string): string => `CASE WHEN k.fate = 'w' THEN ${value} END`
  // Rows that were completed are compared only now.
  const [isDifferent, from] =
    plan.strategy === 'delete-insert'
      ? ['k.differs', '']
      : [differs(root), ` JOIN ${root.name} t ON t.ctid = k.place JOIN ${root.staged.name} s ON s.seq = k.seq`]
  await keep(
    connection,
    'gone',
    `SELECT k.place, k.old_id, ${taken('k.seq')} AS seq, ${taken('k.new_id')} AS new_id, ${isDifferent} AS differs
     FROM pg_temp.known k${from}`,
  )
  const addOthers = async (place: string, from: string, condition: string): Promise<void> => {
    const rows = await connection.run(
      `INSERT INTO pg_temp.gone SELECT ${place}, t.${STORED_ID}, NULL, NULL, true FROM ${from} t WHERE ${condition}`,
    )
    await analyse(connection, 'pg_temp.gone', rows)
  }
  if (plan.strategy === 'delete-insert' && plan.mergeKey.length > 0) {
    await keep(connection, 'partitions', partitions(work))
    // By themselves first: how many they are is guessed badly, and with a few in mind each would be compared with each partition.
    await keep(
      connection,
      'others',
      `SELECT t.ctid AS place, ${[STORED_ID, LOAD_ID, ...plan.mergeKey.map(columnIdentifier)].map((column) => `t.${column}`).join(', ')}
       FROM ${root.name} t LEFT JOIN (SELECT place FROM pg_temp.known UNION SELECT place FROM pg_temp.won) met ON met.place = t.ctid
       WHERE met.place IS NULL`,
    )
    await addOthers(
      't.place',
      'pg_temp.others',
      `EXISTS (SELECT FROM pg_temp.partitions s WHERE ${sameValues(root, plan.mergeKey, true)})`,
    )
  }
  if (plan.strategy === 'mirror' && plan.removesAbsent) {
    await addOthers(
      't.ctid',
      root.name,
      `NOT EXISTS (SELECT FROM ${root.staged.name} s WHERE ${sameValues(root, plan.primaryKey, false)})`,
    )
  }
}

/** What the rows of the load, deletions and those that were left out among them, have in the columns of the merge key. */
export const partitions = ({ plan, root }: Work): string =>
  `SELECT DISTINCT ${plan.mergeKey.map((column) => stagedColumn(root, 's', column)).join(', ')} FROM ${root.staged.name} s`

/**
 * A merge key may have taken one of several rows of an id: children of those that stay are spared. Answers the condition that a stored
 * child `c` is none of these, to be added to others.
 */
async function sparingShared({ connection, plan }: Work): Promise<string> {
  if (plan.strategy !== 'delete-insert' || plan.mergeKey.length === 0) return ''
  // Rows whose key came go or stay together, and all others were looked at.
  const some = await keep(
    connection,
    'staying',
    `SELECT DISTINCT o.${STORED_ID} AS id, o.${LOAD_ID} AS load FROM pg_temp.others o
     JOIN pg_temp.gone_ids g ON g.old_id = o.${STORED_ID}
     WHERE NOT EXISTS (SELECT FROM pg_temp.gone WHERE gone.place = o.place)`,
  )
  const staying = `SELECT FROM pg_temp.staying y WHERE y.id = c.${STORED_ROOT_ID} AND y.load = c.${LOAD_ID}`
  return some > 0 ? ` AND NOT EXISTS (${staying})` : ''
}

/**
 * Counts what becomes of the rows of a child table, and notes the roots of those that differ. `hasCopies`: an id may be stored
 * more than once, and so the rows below it: these differ from the one that takes their place, and are one with it. `sparing`: what
 * `sparingShared` answers.
 */
async function compareChildren(work: Work, child: LoadTable, hasCopies: boolean, sparing: string): Promise<void> {
  const { connection } = work
  const { name, staged } = child
  const goes = `${name} c JOIN pg_temp.gone_ids g ON c.${STORED_ROOT_ID} = g.old_id${sparing}`
  if (hasCopies) {
    await keep(connection, 'copies', `SELECT max(c.ctid) AS place, count(*) AS number FROM ${goes} GROUP BY c.${STORED_ID}`)
  }
  const stored = hasCopies ? `(${goes} JOIN pg_temp.copies p ON p.place = c.ctid)` : `(${goes})`
  await keep(
    connection,
    'changed',
    `SELECT coalesce(s.root, g.new_id) AS root,
       CASE WHEN c.${STORED_ID} IS NULL THEN 'inserted' WHEN s.id IS NULL THEN 'deleted' ELSE 'updated' END AS change,
       ${hasCopies ? 'CASE WHEN s.id IS NULL THEN p.number ELSE 1 END' : '1'} AS rows
     FROM ${staged.name} s FULL JOIN ${stored} ON s.id = c.${STORED_ID}
     WHERE c.${STORED_ID} IS NULL OR s.id IS NULL OR ${hasCopies ? 'p.number > 1 OR ' : ''}${differs(child, 'c')}`,
  )
  const changes = await connection.rows('SELECT change, sum(rows) AS number FROM pg_temp.changed GROUP BY change')
  const numbers = new Map(changes.map(({ change, number }) => [change, Number(number)]))
  const [inserted = 0, updated = 0, deleted = 0] = ['inserted', 'updated', 'deleted'].map((change) => numbers.get(change))
  const counts = work.counts(child)
  counts.inserted += inserted
  counts.updated += updated
  counts.deleted += deleted
  counts.unchanged += (await count(connection, `SELECT count(*) FROM ${staged.name}`)) - inserted - updated
  await connection.run(
    'UPDATE pg_temp.gone SET differs = true WHERE NOT differs AND new_id IN (SELECT root FROM pg_temp.changed)',
  )
  await connection.run(`DROP TABLE pg_temp.changed${hasCopies ? ', pg_temp.copies' : ''}`)
}
