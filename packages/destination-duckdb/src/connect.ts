import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, mkdir, readdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { createMemory, FIRST_LIMIT, type Memory } from '@tributary/duckdb-engine'
import { storageError } from './errors.ts'
import { inUse, lockHolder } from './in-use.ts'

/** An open file, shared by all that use it in this process. */
export interface Database {
  readonly path: string
  /** The catalog's name, which DuckDB makes from the file's. */
  readonly catalog: string
  connect(): Promise<DuckDBConnection>
  readonly memory: Memory
  /** A folder for what one load stages: beside the file, of the loads of nobody else, and not made yet. What is left of it goes when the file is opened again. */
  stagingFolder(): string
  /** The file is closed, and other processes may have it, when the last user has released it. */
  release(): void
}

interface Shared {
  readonly opened: Promise<{ readonly instance: DuckDBInstance; readonly memory: Memory }>
  users: number
}

/** Nobody takes this long to make a file. */
const STRAY_MILLISECONDS = 10 * 60_000

// Two instances on one file in one process would damage it, so there is one of each file.
const open = new Map<string, Shared>()
// Files that are open for reading only, and how often. Where one is closed, the system takes every lock of this process on it
// away, that of a writer too: so nobody writes meanwhile.
const readers = new Map<string, number>()

/** Opens a file for writing. Waits up to `timeout` milliseconds while others hold it, then throws `DATASET_IN_USE`. */
export async function openDatabase(path: string, memoryLimit: string | undefined, timeout: number): Promise<Database> {
  const file = await canonicalPath(path)
  const deadline = Date.now() + timeout
  while (!open.has(file) && readers.has(file)) {
    if (Date.now() > deadline) throw inUse(path, 'somebody in this process who looks into it', timeout)
    await sleep(20)
  }
  const shared = open.get(file) ?? { opened: openInstance(path, file, memoryLimit, deadline, timeout), users: 0 }
  open.set(file, shared)
  return await joinDatabase(path, file, shared)
}

async function joinDatabase(path: string, file: string, shared: Shared): Promise<Database> {
  shared.users++
  const release = (instance?: DuckDBInstance): void => {
    if (--shared.users > 0) return
    open.delete(file)
    instance?.closeSync()
  }
  try {
    const { instance, memory } = await shared.opened
    const connection = await instance.connect()
    const [row] = (await connection.runAndReadAll('SELECT current_database()')).getRows()
    connection.closeSync()
    return {
      path,
      catalog: String(row?.[0]),
      memory,
      connect: () => connectInUtc(instance),
      stagingFolder: () => `${file}.${randomUUID()}.staging`,
      release: once(() => release(instance)),
    }
  } catch (error) {
    release()
    throw storageError(path, 'opening', error)
  }
}

/** A file that is to be looked into. */
export interface Look {
  /** The file as this process has it open for writing. Undefined: nobody here writes to it before `release`. */
  readonly database: Database | undefined
  release(): void
}

/** `file`: an existing one. */
export async function look(file: string): Promise<Look> {
  const name = await realpath(file)
  const shared = open.get(name)
  if (shared !== undefined) {
    const database = await joinDatabase(file, name, shared)
    return { database, release: database.release }
  }
  readers.set(name, (readers.get(name) ?? 0) + 1)
  return {
    database: undefined,
    release: once(() => {
      const others = readers.get(name)! - 1
      if (others === 0) readers.delete(name)
      else readers.set(name, others)
    }),
  }
}

function once(task: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    task()
  }
}

/** Texts and dates become instants, and back, as they do everywhere: the machine's own zone plays no part. */
async function connectInUtc(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  return connection
}

async function canonicalPath(path: string): Promise<string> {
  const folder = dirname(resolve(path))
  try {
    await mkdir(folder, { recursive: true })
    return await realpath(path).catch(async () => join(await realpath(folder), basename(path)))
  } catch (error) {
    throw storageError(path, 'opening', error)
  }
}

async function openInstance(
  path: string,
  file: string,
  memoryLimit: string | undefined,
  deadline: number,
  timeout: number,
): Promise<{ instance: DuckDBInstance; memory: Memory }> {
  for (let delay = 25; ; delay = Math.min(delay * 2, 500)) {
    try {
      if (!existsSync(file)) await makeFile(file)
      const options = { memory_limit: memoryLimit ?? FIRST_LIMIT, preserve_insertion_order: 'false' }
      const instance = await DuckDBInstance.fromCache(file, options)
      await removeStray(file)
      return { instance, memory: createMemory(instance, memoryLimit !== undefined) }
    } catch (error) {
      const holder = lockHolder(error)
      if (holder === undefined) throw error
      if (Date.now() + delay > deadline) throw inUse(path, holder, timeout, error)
      await sleep(delay)
    }
  }
}

/**
 * DuckDB writes a new file in several steps, and nobody can open it between them: neither another runner, nor the next one where
 * this one is killed there. So it is made aside, and has its name when it is whole.
 */
async function makeFile(file: string): Promise<void> {
  const aside = `${file}.${randomUUID()}.new`
  try {
    const instance = await DuckDBInstance.create(aside)
    instance.closeSync()
    // Where another runner was quicker, its file stays.
    await link(aside, file).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return
      // Not every file system has links.
      if (!existsSync(file)) await rename(aside, file)
    })
  } finally {
    await rm(aside, { force: true })
    await rm(`${aside}.wal`, { force: true })
  }
}

const ASIDE = /^\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.new(\.wal)?$/
const STAGED = /^\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.staging$/

/** Removes what runners that were killed in `makeFile`, or while they staged rows, have left. It is in nobody's way: where that fails, it stays. */
async function removeStray(file: string): Promise<void> {
  const [folder, name] = [dirname(file), basename(file)]
  const entries = await readdir(folder).catch(() => [])
  // Only who has the file open stages rows for it.
  for (const entry of entries.filter((entry) => entry.startsWith(name) && STAGED.test(entry.slice(name.length))))
    await rm(join(folder, entry), { recursive: true, force: true }).catch(() => {})
  const candidates = entries.filter((entry) => entry.startsWith(name) && ASIDE.test(entry.slice(name.length)))
  if (candidates.length === 0) return
  const whole = await stat(file)
  for (const candidate of candidates) {
    const path = join(folder, candidate)
    const found = await stat(path).catch(() => undefined)
    if (found === undefined) continue
    // One that has its name already has the age of the file itself, and is needed no longer.
    const isNamed = found.ino === whole.ino && found.dev === whole.dev
    if (isNamed || Date.now() - found.mtimeMs > STRAY_MILLISECONDS) await rm(path, { force: true }).catch(() => {})
  }
}
