import { count } from './connection.ts'
import { insertAll, instant, keep, leaveOutUnchanged, sameValues, type Work } from './load-table.ts'
import { partitions } from './replace-rows.ts'
import { ROW_HASH, VALID_TO } from './sql.ts'

/** `scd2`: stored rows stay, as versions; the active ones whose place is taken end. */
export async function addVersions(work: Work): Promise<void> {
  const { connection, plan, root, children } = work
  const active = `${root.name} t WHERE t.${VALID_TO} IS NULL`
  const same =
    plan.primaryKey.length > 0
      ? `SELECT seq FROM pg_temp.known WHERE fate = 'w' AND same`
      : `SELECT seq FROM ${root.staged.name} WHERE fate = 'w' AND hash IN (SELECT t.${ROW_HASH} FROM ${active})`
  await keep(connection, 'ending', `SELECT place FROM pg_temp.known WHERE fate = 'd' OR NOT same`)
  if (plan.removesAbsent) {
    const isBounded = plan.mergeKey.length > 0
    if (isBounded) await keep(connection, 'partitions', partitions(work))
    const bounded = !isBounded
      ? 'true'
      : `EXISTS (SELECT FROM pg_temp.partitions s WHERE ${sameValues(root, plan.mergeKey, true)})`
    await connection.run(
      `INSERT INTO pg_temp.ending SELECT t.ctid FROM ${active} AND ${bounded}
         AND NOT EXISTS (SELECT FROM ${root.staged.name} s WHERE s.hash = t.${ROW_HASH})
         AND NOT EXISTS (SELECT FROM pg_temp.won w WHERE w.place = t.ctid)`,
    )
  }
  work.counts(root).updated += await connection.run(
    `UPDATE ${root.name} t SET ${VALID_TO} = ${instant(plan.startedAt)} FROM (SELECT DISTINCT place FROM pg_temp.ending) e
     WHERE t.ctid = e.place`,
  )
  await keep(connection, 'same', same)
  await leaveOutUnchanged(work, 'SELECT seq FROM pg_temp.same')
  for (const table of [root, ...children]) {
    const which = table === root ? ` WHERE fate = 'w'` : ''
    work.counts(table).inserted += await count(connection, `SELECT count(*) FROM ${table.staged.name}${which}`)
  }
  await insertAll(work)
}
