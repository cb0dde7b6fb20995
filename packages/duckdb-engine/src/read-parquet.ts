import { resolve } from 'node:path'
import { literal } from './sql.ts'

/**
 * SQL that reads files as they are: the folders that they lie in may be called `date=2024` or `[x]`, and mean nothing.
 * `fileColumn`: a column of this name says which file each row is of.
 */
export function readParquet(paths: readonly string[], fileColumn?: string): string {
  const files = paths.map((path) => literal(escapePattern(resolve(path)))).join(', ')
  const filename = fileColumn === undefined ? '' : `, filename = ${literal(fileColumn)}`
  return `read_parquet([${files}], hive_partitioning = false, union_by_name = false${filename})`
}

/** A path as a pattern that only this path matches. */
const escapePattern = (path: string): string => path.replaceAll(/[[*?]/g, '[$&]')
