import { complete } from './complete.ts'
import { count } from './connection.ts'
import { differs, insertAll, keep, leaveOutUnchanged, sameValues, type Work } from './load-table.ts'
import { replaceRows } from './replace-rows.ts'
import { LOAD_ID, ROW_HASH, STORED_ID, VALID_TO } from './sql.ts'
import { isDeletion, storedIsBetter } from './unique.ts'
import { addVersions } from './versions.ts'

/**
 * Steps 3 to 7 of a load that merges. Two tables go from step to step: `known`, the stored rows whose key a row of the load
 * has, and `won`, those of them that the load may not touch.
 */
export async function merge(work: Work): Promise<void> {
  const { connection, plan, root } = work
  // Rows are told by their place from here on, so nobody else may move them; readers are not in the way.
  const names = [root, ...work.children].map(({ name }) => name)
  await connection.run(`LOCK TABLE ${names.join(', ')} IN SHARE ROW EXCLUSIVE MODE`)
  const deletion = isDeletion(work)
  if (deletion !== undefined) await connection.run(`UPDATE ${root.staged.name} s SET fate = 'd' WHERE ${deletion}`)
  await findKnown(work)
  await leaveOutLosers(work)
  if (deletion !== undefined) {
    for (const { staged } of work.children) {
      await connection.run(`DELETE FROM ${staged.name} WHERE seq IN (SELECT seq FROM ${root.staged.name} WHERE fate = 'd')`)
    }
  }
  switch (plan.strategy) {
    case 'delete-insert':
      return replaceRows(work)
    case 'upsert':
    case 'mirror':
      await complete(work)
      return replaceRows(work)
    case 'insert-only':
      await leaveOutUnchanged(work, `SELECT seq FROM pg_temp.known WHERE fate = 'w'`)
      for (const table of [root, ...work.children]) {
        const which = table === root ? ` WHERE fate = 'w'` : ''
        work.counts(table).inserted += await count(connection, `SELECT count(*) FROM ${table.staged.name}${which}`)
      }
      return insertAll(work)
    case 'scd2':
      return addVersions(work)
  }
}

async function findKnown(work: Work): Promise<void> {
  const { connection, plan, root } = work
  const versioned = root.schema.versioned === true
  // What a record does not have is not known yet, so only later can those be compared.
  const comparable = plan.strategy === 'delete-insert'
  await keep(
    connection,
    'known',
    `SELECT t.ctid AS place, t.${STORED_ID} AS old_id, t.${LOAD_ID} AS old_load, s.seq, s.id AS new_id, s.fate,
       ${storedIsBetter(work) ?? 'false'} AS wins,
       ${versioned ? `t.${ROW_HASH} IS NOT DISTINCT FROM s.hash` : 'false'} AS same,
       ${comparable ? differs(root) : 'true'} AS differs
     FROM ${root.name} t JOIN ${root.staged.name} s
       ON ${plan.primaryKey.length === 0 ? 'false' : sameValues(root, plan.primaryKey, false)}
     ${versioned ? `WHERE t.${VALID_TO} IS NULL` : ''}`,
  )
}

/** Step 4. */
async function leaveOutLosers(work: Work): Promise<void> {
  const { connection } = work
  const won = await keep(connection, 'won', 'SELECT place, seq FROM pg_temp.known WHERE wins')
  if (won === 0) return
  const losers = 'SELECT seq FROM pg_temp.won'
  // Of a key that an append has doubled, all stay.
  await connection.run(`INSERT INTO pg_temp.won SELECT place, seq FROM pg_temp.known WHERE NOT wins AND seq IN (${losers})`)
  await leaveOutUnchanged(work, losers)
  await connection.run(`DELETE FROM pg_temp.known WHERE seq IN (${losers})`)
}
