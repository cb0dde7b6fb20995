import type { DuckDBConnection } from '@duckdb/node-api'
import { SYSTEM_COLUMNS } from '@tributary/core'
import { identifier } from '@tributary/duckdb-engine'
import type { FileEntry, FileTable } from '@tributary/file-dataset'
import { filesIn, storedRows } from './stored.ts'

/** Values of some columns: stored rows that have any of them may be changed by a load. */
export interface Keys {
  readonly columns: readonly string[]
  /** SQL name of a TEMP table of these columns, in which nothing is twice, and of `HIT`. */
  readonly name: string
}

/** Which stored rows of a table a load may change. The others need be neither kept in memory nor looked at twice. */
export interface Matching {
  readonly table: FileTable
  /** Files that have such rows. */
  readonly files: readonly FileEntry[]
  /** Rows that have any of these; `all`: every row. */
  readonly keys: readonly Keys[] | 'all'
  /** And, of a versioned table, that are active: versions that have ended never change again. */
  readonly onlyActive: boolean
}

const HIT = identifier('_sync:hit')

/** Notes the rows that a query of these columns yields now. */
export async function createKeys(
  connection: DuckDBConnection,
  name: string,
  columns: readonly string[],
  query: string,
): Promise<Keys> {
  await connection.run(`CREATE TEMP TABLE ${name} AS SELECT DISTINCT *, true AS ${HIT} FROM (${query})`)
  return { columns, name: `temp.main.${name}` }
}

/** Looks at the columns of the keys only: a load of new records is known as such by them, and reads nothing else. */
export async function match(
  connection: DuckDBConnection,
  table: FileTable,
  files: readonly FileEntry[],
  keys: Matching['keys'],
): Promise<Matching> {
  const onlyActive = table.schema.versioned === true
  const filled = files.filter(({ rows }) => rows > 0)
  const matching = { table, files: filled, keys, onlyActive }
  if (filled.length === 0 || keys === 'all') return matching
  const columns = [...keys.flatMap((one) => one.columns), ...(onlyActive ? [SYSTEM_COLUMNS.validTo] : [])]
  const query = `${joined(matching, filled, columns)} WHERE ${isMatch(matching)}`
  return { ...matching, files: await filesIn(connection, filled, query) }
}

/** A query of the rows that the load may change. */
export const matchingRows = (matching: Matching): string =>
  `SELECT t.* FROM ${joined(matching, matching.files)} WHERE ${isMatch(matching)}`

/** A query of the rows of some files that it cannot change; `undefined` where there are none. */
export function otherRows(matching: Matching, wanted: readonly FileEntry[]): string | undefined {
  if (wanted.length === 0) return undefined
  const matched = new Set(matching.files.map(({ name }) => name))
  if (!wanted.some(({ name }) => matched.has(name))) return storedRows(matching.table, wanted)
  if (matching.keys === 'all' && !matching.onlyActive) return undefined
  return `SELECT t.* FROM ${joined(matching, wanted)} WHERE NOT (${isMatch(matching)})`
}

function joined({ table, keys }: Matching, files: readonly FileEntry[], columns?: readonly string[]): string {
  const joins = (keys === 'all' ? [] : keys).map(({ columns: key, name }, index) => {
    const isEqual = key.map(identifier).map((column) => `t.${column} IS NOT DISTINCT FROM k${index}.${column}`)
    return ` LEFT JOIN ${name} k${index} ON ${isEqual.join(' AND ')}`
  })
  return `(${storedRows(table, files, columns)}) t${joins.join('')}`
}

/** Of each row either true or false. */
function isMatch({ keys, onlyActive }: Matching): string {
  const hits = keys === 'all' ? ['true'] : keys.map((_, index) => `k${index}.${HIT} IS NOT NULL`)
  const active = onlyActive ? ` AND t.${identifier(SYSTEM_COLUMNS.validTo)} IS NULL` : ''
  return `(${hits.join(' OR ')})${active}`
}
