import type { DuckDBConnection } from '@duckdb/node-api'
import { type LoadPlan, SYSTEM_COLUMNS } from '@tributary/core'
import { identifier } from '@tributary/duckdb-engine'
import { type FileEntry, loadOfFile } from '@tributary/file-dataset'
import { fileColumns } from './columns.ts'
import type { StagedFileTable } from './commit.ts'
import { matchRoot } from './match-root.ts'
import { createKeys, type Matching, match, matchingRows } from './matching.ts'
import { FILE } from './stored.ts'

/** The stored rows that a load may change, in a TEMP table, where it changes them. */
export interface Target {
  /** SQL name. */
  readonly name: string
  readonly matching: Matching
  /** Files of which rows are gone or different by now. */
  changedFiles(): Promise<readonly FileEntry[]>
}

/** Of all tables of a load, the root table first. */
export async function createTargets(
  connection: DuckDBConnection,
  plan: LoadPlan,
  tables: readonly StagedFileTable[],
): Promise<Target[]> {
  const [root, ...children] = tables
  if (root === undefined) return []
  const mayRepeat = tables.some(({ staged }) => staged.mayRepeat)
  const first = await createTarget(
    connection,
    '_parquet_target_0',
    await matchRoot(connection, plan, root, mayRepeat, children.length > 0),
  )
  const targets = [first]
  const { id, rootId } = SYSTEM_COLUMNS
  const ids = `SELECT ${identifier(id)} AS ${identifier(rootId)} FROM ${first.name}`
  const roots = children.length === 0 ? [] : [await createKeys(connection, '_parquet_roots', [rootId], ids)]
  for (const { table } of children) {
    const isTouched = plan.disposition === 'merge' && first.matching.files.length > 0
    const matching = await match(connection, table, isTouched ? (table.stored?.files ?? []) : [], roots)
    targets.push(await createTarget(connection, `_parquet_target_${targets.length}`, matching))
  }
  return targets
}

/** A query of the rows that came into a target. */
export const newRows = ({ name }: Target): string => `SELECT * FROM ${name} WHERE ${FILE} IS NULL`

/** A query of the rows of some files that are still in a target. */
export function keptRows({ name }: Target, files: readonly FileEntry[]): string | undefined {
  if (files.length === 0) return undefined
  return `SELECT * FROM ${name} WHERE ${FILE} IN (${files.map((file) => loadOfFile(file.name)).join(', ')})`
}

async function createTarget(connection: DuckDBConnection, table: string, matching: Matching): Promise<Target> {
  const name = `temp.main.${table}`
  const columns = fileColumns(matching.table.schema)
  const definitions = columns.map(({ sql, tableType }) => `${sql} ${tableType}`)
  await connection.run(`CREATE TEMP TABLE ${table} (${definitions.join(', ')}, ${FILE} BIGINT)`)
  if (matching.files.length > 0) await connection.run(`INSERT INTO ${name} ${matchingRows(matching)}`)
  const values = columns.map(({ sql }) => sql).join(', ')
  const before = await fingerprints(connection, name, values)
  return {
    name,
    matching,
    async changedFiles() {
      const now = await fingerprints(connection, name, values)
      return matching.files.filter(({ name: file }) => now.get(loadOfFile(file)) !== before.get(loadOfFile(file)))
    },
  }
}

/** By the load of each file, what its rows are, in whatever order: how many, and the sum of a hash of each. */
async function fingerprints(connection: DuckDBConnection, name: string, values: string): Promise<ReadonlyMap<number, string>> {
  const reader = await connection.runAndReadAll(
    `SELECT ${FILE}, concat(count(*), ' ', sum(hash(${values}))) FROM ${name} WHERE ${FILE} IS NOT NULL GROUP BY ${FILE}`,
  )
  return new Map(reader.getRows().map(([load, text]) => [Number(load), String(text)]))
}
