import { existsSync } from 'node:fs'
import { SYSTEM_TABLES } from '@tributary/core'
import type { DestinationSpec } from './destinations.ts'
import { usageError } from './errors.ts'

/** Datasets that a destination holds, by name. Throws `FILE_NOT_FOUND` where there is no destination: it is not made. */
export async function listDatasets({ kind, path }: DestinationSpec): Promise<string[]> {
  if (kind === 'jsonl') {
    if (!existsSync(path)) throw usageError(`There is no folder ${path}. Sync into it first, or name another.`, 'FILE_NOT_FOUND')
    return (await import('@tributary/destination-jsonl')).listDatasets(path)
  }
  const { queryDuckDB } = await import('@tributary/destination-duckdb')
  const { rows } = await queryDuckDB(
    path,
    `select distinct table_schema from information_schema.tables
     where table_catalog = current_database() and table_name = '${SYSTEM_TABLES.loads}' order by 1`,
  )
  return rows.map(([name]) => String(name))
}
