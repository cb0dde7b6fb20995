import { describeCause } from '@tributary/core'
import { failure, openReader, plainValue } from './reader.ts'

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
 * the file is called. `:memory:` has none, but can read files: `from 'lake/shop/orders/*.parquet'`. Throws `FILE_NOT_FOUND`, `DATASET_IN_USE`, `FILE_INVALID` and `QUERY_FAILED`.
 */
export async function queryDuckDB(
  path: string,
  sql: string,
  { limit = Number.POSITIVE_INFINITY }: QueryOptions = {},
): Promise<QueryResult> {
  const reader = await openReader(path)
  try {
    const wanted = Number.isFinite(limit) ? limit + 1 : Number.MAX_SAFE_INTEGER
    const connection = await reader.connect()
    const result = await connection.streamAndReadUntil(sql, wanted)
    const names = result.columnNames()
    const types = result.columnTypes().map(String)
    const rows = result.getRows()
    return {
      columns: names.map((name, index) => ({ name, type: types[index]! })),
      rows: rows.slice(0, limit).map((row) => row.map(plainValue)),
      truncated: rows.length > limit,
    }
  } catch (error) {
    throw failure('QUERY_FAILED', 'fix-config', describeCause(error), error)
  } finally {
    reader.close()
  }
}
