import type { LoadPlan, TableChanges } from '@tributary/core'
import { type Connection, count } from './connection.ts'
import { type Counts, insertAll, type LoadTable, type Work } from './load-table.ts'
import { merge } from './merge.ts'
import { drop, isDeletion, keepOneOfEach, leaveOutRepeats } from './unique.ts'

/**
 * The steps of `LoadPlan`, inside the load's transaction; the first table is the root. `dropped`: rows that went with tables
 * that were made anew.
 */
export async function applyLoad(
  connection: Connection,
  plan: LoadPlan,
  tables: readonly LoadTable[],
  dropped: ReadonlyMap<string, number>,
): Promise<Record<string, TableChanges>> {
  const [root, ...children] = tables
  if (root === undefined) return {}
  const counts = new Map<LoadTable, Counts>(tables.map((table) => [table, { inserted: 0, updated: 0, deleted: 0, unchanged: 0 }]))
  const work: Work = { connection, plan, root, children, counts: (table) => counts.get(table)! }
  await keepOneOfEach(work)
  await leaveOutRepeats(work)
  if (plan.disposition === 'merge') await merge(work)
  else await write(work, dropped)
  return Object.fromEntries([...counts].map(([{ schema }, changes]) => [schema.name, changes]))
}

/** `append` and `replace`. Not by `TRUNCATE`: whoever is reading would find the table empty. */
async function write(work: Work, dropped: ReadonlyMap<string, number>): Promise<void> {
  const { connection, plan, root, children } = work
  const deletion = isDeletion(work)
  if (deletion !== undefined) await drop(work, `SELECT seq FROM ${root.staged.name} s WHERE ${deletion}`)
  for (const table of [root, ...children]) {
    const changes = work.counts(table)
    if (plan.disposition === 'replace') {
      changes.deleted += dropped.get(table.schema.name) ?? 0
      changes.deleted += await connection.run(`DELETE FROM ${table.name}`)
    }
    changes.inserted += await count(connection, `SELECT count(*) FROM ${table.staged.name}`)
  }
  await insertAll(work)
}
