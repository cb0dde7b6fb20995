import type { DuckDBConnection } from '@duckdb/node-api'
import { type LoadPlan, SYSTEM_COLUMNS } from '@tributary/core'
import { identifier } from '@tributary/duckdb-engine'
import { loadOfFile } from '@tributary/file-dataset'
import type { StagedFileTable } from './commit.ts'
import { createKeys, type Keys, type Matching, match, matchingRows } from './matching.ts'

/**
 * Which stored rows of the root table a load may change, or must know of. Before anything that is staged is left out.
 * `hasChildren`: other tables have rows of the same records.
 */
export async function matchRoot(
  connection: DuckDBConnection,
  plan: LoadPlan,
  { table, staged }: StagedFileTable,
  mayRepeat: boolean,
  hasChildren: boolean,
): Promise<Matching> {
  const stored = table.stored?.files ?? []
  const keysOf = (name: string, columns: readonly string[]): Promise<Keys> =>
    createKeys(connection, name, columns, `SELECT ${columns.map(identifier).join(', ')} FROM ${staged.view}`)
  if (plan.disposition === 'append' && mayRepeat) {
    const files = stored.filter(({ name }) => loadOfFile(name) >= plan.firstLoadId)
    return match(connection, table, files, [await keysOf('_parquet_ids', [SYSTEM_COLUMNS.id])])
  }
  if (plan.disposition !== 'merge') return match(connection, table, [], [])
  // What is absent ends by versions' merge keys, where there are some; otherwise all that there is may be absent.
  if (plan.removesAbsent && !(plan.strategy === 'scd2' && plan.mergeKey.length > 0))
    return match(connection, table, stored, 'all')
  const keys: Keys[] = []
  if (plan.primaryKey.length > 0) keys.push(await keysOf('_parquet_primary_keys', plan.primaryKey))
  else if (table.schema.versioned === true) keys.push(await keysOf('_parquet_hashes', [SYSTEM_COLUMNS.rowHash]))
  if (plan.mergeKey.length > 0) keys.push(await keysOf('_parquet_merge_keys', plan.mergeKey))
  const matching = await match(connection, table, stored, keys)
  if (plan.strategy !== 'delete-insert' || plan.mergeKey.length === 0 || !hasChildren || matching.files.length === 0)
    return matching
  // Of several rows of one id, a merge key may take one: the others may have the same children.
  const ids = `SELECT ${identifier(SYSTEM_COLUMNS.id)} FROM (${matchingRows(matching)})`
  return match(connection, table, stored, [...keys, await createKeys(connection, '_parquet_ids', [SYSTEM_COLUMNS.id], ids)])
}
