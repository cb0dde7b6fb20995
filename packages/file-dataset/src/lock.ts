import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { TributaryError } from '@tributary/core'
import { isMissing, storageError } from './errors.ts'
import { makeFolder } from './files.ts'
import { LOCK } from './paths.ts'

interface Holder {
  readonly token: string
  readonly pid: number
  readonly host: string
  readonly since: string
}

/** Locks of this process, so that one left behind by another process that had our number is told from our own. */
const ours = new Set<string>()
const POLL = 25
/** Longer than it takes another process to notice that it lost a race for an abandoned lock. */
const SETTLE = 50
/** A lock that says nothing for so long was left by a process that was killed while it wrote it. */
const UNWRITTEN = 1000

/**
 * Takes a dataset's folder for writing, making it where it is missing. Waits up to `timeout` milliseconds while another
 * holds it, then throws `DATASET_IN_USE`. The lock of a process that has died is taken over at once.
 */
export async function takeLock(folder: string, timeout: number): Promise<() => Promise<void>> {
  const path = join(resolve(folder), LOCK)
  const deadline = Date.now() + timeout
  const mine: Holder = { token: randomUUID(), pid: process.pid, host: hostname(), since: new Date().toISOString() }
  let unwrittenSince: number | undefined
  ours.add(mine.token)
  try {
    for (;;) {
      const made = await makeFolder(dirname(path))
      if (await create(path, mine)) return await hold(path, mine, made !== undefined)
      const holder = await read(path)
      // Somebody had moved it away, and put it back.
      if (holder?.token === mine.token) return await hold(path, mine, false)
      unwrittenSince = holder === undefined ? (unwrittenSince ?? Date.now()) : undefined
      if (holder === undefined ? Date.now() - unwrittenSince! > UNWRITTEN : isAbandoned(holder)) {
        unwrittenSince = undefined
        if ((await takeOver(path, holder)) && (await create(path, mine))) {
          await sleep(SETTLE)
          if ((await read(path))?.token === mine.token) return await hold(path, mine, false)
        }
        continue
      }
      // Who is only just writing it is waited for, to be named.
      if (holder !== undefined && Date.now() >= deadline) throw inUse(folder, path, holder, timeout)
      await sleep(POLL)
    }
  } catch (error) {
    ours.delete(mine.token)
    throw storageError(folder, 'opening', error)
  }
}

async function hold(path: string, { token }: Holder, madeFolder: boolean): Promise<() => Promise<void>> {
  return async () => {
    await rm(path, { force: true })
    ours.delete(token)
    if (!madeFolder) return
    // Nothing was loaded: no trace is left.
    await rmdir(dirname(path)).catch(() => {})
  }
}

async function create(path: string, holder: Holder): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(holder), { flag: 'wx' })
    // Who was stopped between the file and its words may have lost it.
    return (await read(path))?.token === holder.token
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || isMissing(error)) return false
    throw error
  }
}

/** `undefined` where it is gone, or not yet written. */
async function read(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined
    throw error
  }
}

function isAbandoned({ token, pid, host }: Holder): boolean {
  if (host !== hostname() || ours.has(token)) return false
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Moves an abandoned lock away; false where another process was quicker, whose lock is then put back. */
async function takeOver(path: string, abandoned: Holder | undefined): Promise<boolean> {
  const aside = `${path}.${randomUUID()}`
  try {
    await rename(path, aside)
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
  if ((await read(aside))?.token === abandoned?.token) {
    await rm(aside, { force: true })
    return true
  }
  await rename(aside, path)
  return false
}

function inUse(folder: string, path: string, holder: Holder, timeout: number): TributaryError {
  const who =
    holder.pid === process.pid && holder.host === hostname()
      ? 'another sync in this process'
      : `process ${holder.pid} on ${holder.host}, since ${holder.since}`
  return new TributaryError({
    code: 'DATASET_IN_USE',
    recovery: 'retry',
    message: `${folder} is in use: ${who} is writing to it. Waited ${timeout / 1000} s. Run again when that is done; if no sync is running there, delete ${path}.`,
  })
}
