import { createHash } from 'node:crypto'
import { TributaryError } from '@tributary/core'
import type { Connection, TextRow } from './connection.ts'
import { codeOf } from './errors.ts'

/**
 * Two advisory locks for each dataset. `writer` belongs to the connection of whoever has the dataset open, and goes with it.
 * `commit` belongs to each transaction that commits. When a runner is killed, its locks of the first kind are free at once,
 * but the server may still be at work on a commit that it had sent: who comes next waits for the second kind as well, before
 * it reads the state.
 */
interface Keys {
  readonly writer: bigint
  readonly commit: bigint
}

const keysOf = (dataset: string): Keys => ({
  writer: hash(`tributary writer ${dataset}`),
  commit: hash(`tributary commit ${dataset}`),
})

/** Advisory locks are numbers of 64 bits. They are each database's own. */
const hash = (text: string): bigint => createHash('sha256').update(text).digest().readBigInt64BE()

/** Who gives a dataset back at the moment at which another one stops waiting for it is not to be seen any more. */
const ATTEMPTS = 5

/** Takes the dataset for as long as the connection lives. Throws `DATASET_IN_USE` after `timeout` milliseconds. */
export async function takeDataset(connection: Connection, location: string, dataset: string, timeout: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    if (await waitFor(connection, dataset, timeout)) return
    const holder = await holderOf(connection, dataset)
    if (holder !== undefined || attempt === ATTEMPTS) throw inUse(location, dataset, timeout, holder)
  }
}

/** False: it is held by somebody else for as long as that. */
async function waitFor(connection: Connection, dataset: string, timeout: number): Promise<boolean> {
  const { writer, commit } = keysOf(dataset)
  const since = Date.now()
  try {
    await connection.run(`${waitAtMost(timeout)}; SELECT pg_advisory_lock(${writer})`)
    const rest = timeout - (Date.now() - since)
    const together = [
      waitAtMost(rest),
      `SELECT pg_advisory_lock(${commit})`,
      `SELECT pg_advisory_unlock(${commit})`,
      waitAtMost(timeout),
    ]
    await connection.run(together.join('; '))
    return true
  } catch (error) {
    if (codeOf(error) !== '55P03') throw error
    return false
  }
}

/** No statement of the session waits longer for a lock. 0 would be for ever. */
export const waitAtMost = (timeout: number): string => `SET lock_timeout = ${Math.max(1, Math.round(timeout))}`

/**
 * Begins the part of a commit that nobody else may be in; the lock goes with the transaction. Throws `CONNECTION_LOST` where
 * `holder`, the connection that took the dataset, has lost it: somebody else may have it by now.
 */
export async function enterCommit(connection: Connection, location: string, dataset: string, holder: Connection): Promise<void> {
  const { writer, commit } = keysOf(dataset)
  await connection.run('SELECT pg_advisory_xact_lock($1)', [commit])
  const held = await connection.rows(`SELECT 1 AS held FROM pg_locks WHERE pid = $2 AND ${isLock('$1')}`, [writer, holder.pid])
  if (held.length > 0) return
  throw new TributaryError({
    code: 'CONNECTION_LOST',
    recovery: 'retry',
    message: `${location}: the connection that holds the dataset ${dataset} was lost, so nothing more is written: another sync may have it by now. Run again: what was not committed is loaded anew.`,
  })
}

/** How `pg_locks` writes a key of 64 bits: in two halves. */
const isLock = (key: string): string =>
  `locktype = 'advisory' AND granted AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND classid::bigint = (${key}::bigint >> 32) & 4294967295 AND objid::bigint = ${key}::bigint & 4294967295`

/** The session that has the dataset, or is at work on a commit of it. */
async function holderOf(connection: Connection, dataset: string): Promise<TextRow | undefined> {
  const { writer, commit } = keysOf(dataset)
  const [holder] = await connection.rows(
    `SELECT pid, application_name, to_char(backend_start, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since
     FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE pid <> pg_backend_pid() AND ((${isLock('$1')}) OR (${isLock('$2')}))
     ORDER BY objid = ($2::bigint & 4294967295)`,
    [writer, commit],
  )
  return holder
}

function inUse(location: string, dataset: string, timeout: number, holder: TextRow | undefined): TributaryError {
  const who =
    holder === undefined
      ? 'another session'
      : `the session ${holder.pid} (${holder.application_name || 'without a name'}${holder.since === null ? '' : `, since ${holder.since}`})`
  return new TributaryError({
    code: 'DATASET_IN_USE',
    recovery: 'retry',
    message: `${location}: the dataset ${dataset} is in use: ${who} has held it for the ${(timeout / 1000).toFixed(1)} s that this one waited. Wait until it is done, or end it, then run again.`,
  })
}
