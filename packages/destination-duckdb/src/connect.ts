import { mkdir, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { TributaryError } from '@tributary/core'
import { createMemory, FIRST_LIMIT, identifier, type Memory } from '@tributary/duckdb-engine'
import { storageError } from './errors.ts'

/** An open file, shared by all that use it in this process. */
export interface Database {
  readonly path: string
  /** The catalog's name, which DuckDB makes from the file's. */
  readonly catalog: string
  connect(): Promise<DuckDBConnection>
  readonly memory: Memory
  /** The file is closed, and other processes may have it, when the last user has released it. */
  release(): void
}

interface Shared {
  readonly opened: Promise<{ readonly instance: DuckDBInstance; readonly memory: Memory }>
  users: number
}

// Two instances on one file in one process would damage it, so there is one of each file.
const open = new Map<string, Shared>()

/** Opens a file for writing. Waits up to `timeout` milliseconds while another process holds it, then throws `DATASET_IN_USE`. */
export async function openDatabase(path: string, memoryLimit: string | undefined, timeout: number): Promise<Database> {
  const file = await canonicalPath(path)
  const shared = open.get(file) ?? { opened: openInstance(path, file, memoryLimit, timeout), users: 0 }
  open.set(file, shared)
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
      release: () => release(instance),
    }
  } catch (error) {
    release()
    throw storageError(path, 'opening', error)
  }
}

/** Texts and dates become instants, and back, as they do everywhere: the machine's own zone plays no part. */
async function connectInUtc(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  return connection
}

/** A connection to a file that this process has open; undefined where it has not. */
export async function connectShared(
  path: string,
): Promise<{ connection: DuckDBConnection; catalog: string; close(): void } | undefined> {
  const file = await realpath(path).catch(() => undefined)
  if (file === undefined || !open.has(file)) return undefined
  const database = await openDatabase(path, undefined, 0)
  const connection = await database.connect()
  // As for one that is opened for reading: a table is `dataset.table`.
  await connection.run(`USE ${identifier(database.catalog)}`)
  return {
    connection,
    catalog: database.catalog,
    close() {
      connection.closeSync()
      database.release()
    },
  }
}

async function canonicalPath(path: string): Promise<string> {
  const folder = dirname(resolve(path))
  try {
    await mkdir(folder, { recursive: true })
    return join(await realpath(folder), basename(path))
  } catch (error) {
    throw storageError(path, 'opening', error)
  }
}

async function openInstance(
  path: string,
  file: string,
  memoryLimit: string | undefined,
  timeout: number,
): Promise<{ instance: DuckDBInstance; memory: Memory }> {
  const deadline = Date.now() + timeout
  for (let delay = 25; ; delay = Math.min(delay * 2, 500)) {
    try {
      const options = { memory_limit: memoryLimit ?? FIRST_LIMIT, preserve_insertion_order: 'false' }
      const instance = await DuckDBInstance.fromCache(file, options)
      return { instance, memory: createMemory(instance, memoryLimit !== undefined) }
    } catch (error) {
      const holder = lockHolder(error)
      if (holder === undefined) throw error
      if (Date.now() + delay > deadline) throw inUse(path, holder, timeout, error)
      await sleep(delay)
    }
  }
}

/** Who holds the file, from DuckDB's message; `undefined` where that is not what went wrong. */
export function lockHolder(error: unknown): string | undefined {
  const text = error instanceof Error ? error.message : String(error)
  if (!/could not set lock|conflicting lock/i.test(text)) return undefined
  const pid = /\(PID (\d+)\)/.exec(text)?.[1]
  return pid === undefined ? 'another process' : `the process ${pid}`
}

export function inUse(path: string, holder: string, timeout: number, cause?: unknown): TributaryError {
  return new TributaryError({
    code: 'DATASET_IN_USE',
    recovery: 'retry',
    message: `${path} is in use: ${holder} has held it for the ${(timeout / 1000).toFixed(1)} s that this one waited. Wait until it is done, or end it, then run again.`,
    cause,
  })
}
