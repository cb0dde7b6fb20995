import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { identifier, readParquet } from '@tributary/duckdb-engine'
import { type FileEntry, type FileTable, loadOfFile } from '@tributary/file-dataset'
import { fileColumns } from './columns.ts'

const FILE_NAME = '_sync:file'
/** Column of stored rows: the load whose file the row is of. No name from an API has a colon. */
export const FILE: string = identifier(FILE_NAME)

/**
 * A query of the rows that some files of a table hold, brought to its schema after the load. `columns`: names of those that
 * are wanted. Default: all.
 */
export function storedRows(
  { schema, stored, folder }: FileTable,
  files: readonly FileEntry[],
  columns?: readonly string[],
): string {
  const known = new Map((stored === undefined ? [] : fileColumns(stored.schema)).map((column) => [column.name, column]))
  const wanted = fileColumns(schema).filter(({ name }) => columns?.includes(name) ?? true)
  const values = wanted.map(({ name, sql, tableType }) => {
    const was = known.get(name)
    if (was === undefined) return `CAST(NULL AS ${tableType}) AS ${sql}`
    if (was.fileType === tableType) return sql
    // By way of the type that it had, in whose form the text of a UUID, say, has been written.
    return `CAST(CAST(${sql} AS ${was.tableType}) AS ${tableType}) AS ${sql}`
  })
  const load = `CAST(parse_filename(${FILE}, true) AS BIGINT) AS ${FILE}`
  return `SELECT ${[...values, load].join(', ')} FROM ${readParquet(
    files.map(({ name }) => join(folder, name)),
    FILE_NAME,
  )}`
}

/** Those of some files that a query has rows of. */
export async function filesIn(
  connection: DuckDBConnection,
  files: readonly FileEntry[],
  from: string,
): Promise<readonly FileEntry[]> {
  const reader = await connection.runAndReadAll(`SELECT DISTINCT ${FILE} FROM ${from}`)
  const loads = new Set(reader.getRows().map(([load]) => Number(load)))
  return files.filter(({ name }) => loads.has(loadOfFile(name)))
}
