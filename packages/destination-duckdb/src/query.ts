import { stat } from 'node:fs/promises'
import {
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import { describeCause, formatInstant, TributaryError } from '@tributary/core'
import { lockHolder } from './connect.ts'
import { literal } from './sql.ts'

export interface QueryOptions {
  /** Rows that are read, at most. Default: all. */
  limit?: number
}

export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Values as they are in JSON, but for integers, which are `number` or, beyond ±2^53, `bigint`. Timestamps are ISO 8601 text in UTC, blobs base64. */
  readonly rows: readonly (readonly unknown[])[]
  /** There are more rows than `limit`. */
  readonly truncated: boolean
}

/**
 * Runs one statement on a DuckDB file, which it opens for reading only; a dataset's tables are `dataset.table`, whatever
 * the file is called. Throws `FILE_NOT_FOUND`, `DATASET_IN_USE` and `QUERY_FAILED`.
 */
export async function queryDuckDB(
  path: string,
  sql: string,
  { limit = Number.POSITIVE_INFINITY }: QueryOptions = {},
): Promise<QueryResult> {
  await stat(path).catch((cause: unknown) => {
    throw failure(
      'FILE_NOT_FOUND',
      'fix-config',
      `There is no DuckDB file at ${path}. Sync into it first, or name another.`,
      cause,
    )
  })
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await attach(connection, path)
    return await run(connection, sql, limit)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

// Under a name of our own: DuckDB would call the catalog as the file, and a schema of that name could not be told from it.
export const CATALOG = '_tributary'

async function attach(connection: DuckDBConnection, path: string): Promise<void> {
  try {
    await connection.run("SET TimeZone = 'UTC'")
    await connection.run(`ATTACH ${literal(path)} AS ${CATALOG} (READ_ONLY)`)
    await connection.run(`USE ${CATALOG}`)
  } catch (error) {
    const holder = lockHolder(error)
    if (holder !== undefined) {
      throw failure(
        'DATASET_IN_USE',
        'retry',
        `${path} is in use: ${holder} is writing to it. Query it when that is done.`,
        error,
      )
    }
    throw failure('FILE_INVALID', 'fix-config', `${path} cannot be opened as a DuckDB file: ${describeCause(error)}.`, error)
  }
}

async function run(connection: DuckDBConnection, sql: string, limit: number): Promise<QueryResult> {
  try {
    const wanted = Number.isFinite(limit) ? limit + 1 : Number.MAX_SAFE_INTEGER
    const reader = await connection.streamAndReadUntil(sql, wanted)
    const names = reader.columnNames()
    const types = reader.columnTypes().map(String)
    const rows = reader.getRows()
    return {
      columns: names.map((name, index) => ({ name, type: types[index]! })),
      rows: rows.slice(0, limit).map((row) => row.map(plainValue)),
      truncated: rows.length > limit,
    }
  } catch (error) {
    throw failure('QUERY_FAILED', 'fix-config', describeCause(error), error)
  }
}

function plainValue(value: DuckDBValue): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (typeof value !== 'object' || value === null) return value
  // The library writes instants in the zone of the machine.
  if (value instanceof DuckDBTimestampTZValue && value.isFinite) return formatInstant(value.micros)
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64')
  return String(value)
}

function failure(code: string, recovery: 'retry' | 'fix-config', message: string, cause: unknown): TributaryError {
  return new TributaryError({ code, recovery, message, cause })
}
