import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { LoadPlan } from '@tributary/core'
import { literal } from '@tributary/duckdb-engine'
import { type FileEntry, type FileTable, loadFile, placeFile, remove } from '@tributary/file-dataset'
import { fileColumns } from './columns.ts'
import type { Compression } from './format.ts'

/** Rows that are compressed together, and held in memory until they are, before compression: or 122 880 rows, if they are less. */
const ROW_GROUP_BYTES = 16 * 2 ** 20

/** What goes into the file of a load, and the files that stay beside it. */
export interface NewFile {
  readonly kept: readonly FileEntry[]
  /** Queries whose rows, together, are those of the new file. */
  readonly queries: readonly string[]
}

/**
 * Writes one table's file of a load. Returns the files that the table then consists of: there is always one, if only one
 * without rows, so that whoever reads the folder finds the columns.
 */
export async function writeTable(
  connection: DuckDBConnection,
  { id }: LoadPlan,
  { schema, folder }: FileTable,
  { kept, queries }: NewFile,
  { path, compression }: { readonly path: string; readonly compression: Compression },
): Promise<readonly FileEntry[]> {
  if (queries.length === 0 && kept.length > 0) return kept
  const columns = fileColumns(schema)
  const values = columns.map(({ sql, tableType, fileType }) =>
    tableType === fileType ? sql : `CAST(${sql} AS ${fileType}) AS ${sql}`,
  )
  const nothing = `SELECT ${columns.map(({ sql, tableType }) => `CAST(NULL AS ${tableType}) AS ${sql}`).join(', ')} WHERE false`
  const union = [...queries, ...(queries.length === 0 ? [nothing] : [])].map(
    (query) => `SELECT ${values.join(', ')} FROM (${query})`,
  )
  const method = compression === 'none' ? 'uncompressed' : compression
  const reader = await connection.runAndReadAll(
    `COPY (${union.join(' UNION ALL ')}) TO ${literal(path)} (FORMAT parquet, COMPRESSION ${method}, ROW_GROUP_SIZE_BYTES ${ROW_GROUP_BYTES})`,
  )
  const rows = Number(reader.getRows()[0]?.[0])
  if (rows === 0 && kept.length > 0) {
    await remove(path)
    return kept
  }
  const name = loadFile(id, 'parquet')
  await placeFile(path, join(folder, name))
  return [...kept.filter((file) => file.rows > 0), { name, rows }]
}
