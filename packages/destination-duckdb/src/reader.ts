import { stat } from 'node:fs/promises'
import {
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import { describeCause, formatInstant, TributaryError } from '@tributary/core'
import { identifier, literal } from '@tributary/duckdb-engine'
import { look } from './connect.ts'
import { lockHolder } from './in-use.ts'

/** A database file, opened for looking. */
export interface Reader {
  /** Each may read one result at a time; a table is `dataset.table`. They are closed with the reader. */
  connect(): Promise<DuckDBConnection>
  /** Under which its schemas are. */
  readonly catalog: string
  close(): void
}

// Under a name of our own: DuckDB would call the catalog as the file, and a schema of that name could not be told from it.
const CATALOG = '_tributary'
const MEMORY = ':memory:'

/**
 * Opens a file for reading only; `:memory:` has no tables, but can read files. Where this process has it open for writing, what is committed is read there. Throws
 * `FILE_NOT_FOUND`, `DATASET_IN_USE` and `FILE_INVALID`.
 */
export async function openReader(path: string): Promise<Reader> {
  if (path === MEMORY) {
    const instance = await DuckDBInstance.create(MEMORY)
    return connections(
      'memory',
      () => instance.connect(),
      () => instance.closeSync(),
    )
  }
  await stat(path).catch((cause: unknown) => {
    throw failure(
      'FILE_NOT_FOUND',
      'fix-config',
      `There is no DuckDB file at ${path}. Sync into it first, or name another.`,
      cause,
    )
  })
  const { database, release } = await look(path)
  try {
    if (database !== undefined) return connections(database.catalog, () => database.connect(), release)
    const instance = await attach(path)
    return connections(
      CATALOG,
      () => instance.connect(),
      () => {
        instance.closeSync()
        release()
      },
    )
  } catch (error) {
    release()
    throw error
  }
}

function connections(catalog: string, connect: () => Promise<DuckDBConnection>, release: () => void): Reader {
  const made: DuckDBConnection[] = []
  return {
    catalog,
    async connect() {
      const connection = await connect()
      made.push(connection)
      await connection.run("SET TimeZone = 'UTC'")
      await connection.run(`USE ${identifier(catalog)}`)
      return connection
    },
    close() {
      for (const connection of made.splice(0)) connection.closeSync()
      release()
    },
  }
}

async function attach(path: string): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(MEMORY)
  const connection = await instance.connect()
  try {
    await connection.run(`ATTACH ${literal(path)} AS ${CATALOG} (READ_ONLY)`)
    return instance
  } catch (error) {
    instance.closeSync()
    const holder = lockHolder(error)
    if (holder !== undefined)
      throw failure(
        'DATASET_IN_USE',
        'retry',
        `${path} is in use: ${holder} is writing to it. Look again when that is done.`,
        error,
      )
    throw failure('FILE_INVALID', 'fix-config', `${path} cannot be opened as a DuckDB file: ${describeCause(error)}.`, error)
  } finally {
    connection.closeSync()
  }
}

/** A value as it is in JSON; integers that a number cannot hold are `bigint`. */
export function plainValue(value: DuckDBValue): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (typeof value !== 'object' || value === null) return value
  // The library writes instants in the zone of the machine.
  if (value instanceof DuckDBTimestampTZValue && value.isFinite) return formatInstant(value.micros)
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64')
  return String(value)
}

export function failure(code: string, recovery: 'retry' | 'fix-config', message: string, cause?: unknown): TributaryError {
  return new TributaryError({ code, recovery, message, cause })
}
