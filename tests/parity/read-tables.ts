import { existsSync } from 'node:fs'
import type { JsonValue } from '@tributary/core'
import { queryDuckDB } from '@tributary/destination-duckdb'
import { type Links, nestRows, type StoredTable } from './nest-rows.ts'
import type { Outcome } from './parity-case.ts'

/** How each side calls the columns that tie child rows to their parents. */
export const OURS: Links = {
  id: '_sync_id',
  parent: '_sync_parent_id',
  index: '_sync_index',
  validTo: '_sync_valid_to',
  system: /^_sync_/,
}
export const DLT: Links = {
  id: '_dlt_id',
  parent: '_dlt_parent_id',
  index: '_dlt_list_idx',
  validTo: '_dlt_valid_to',
  system: /^_dlt_/,
}

/** All user tables of a dataset in a DuckDB file, in the form that both sides are compared in. No file: no tables. */
export async function readTables(path: string, dataset: string, links: Links): Promise<Pick<Outcome, 'tables' | 'columns'>> {
  if (!existsSync(path)) return { tables: {}, columns: {} }
  const { rows } = await queryDuckDB(
    path,
    `select table_name, column_name, data_type from information_schema.columns where table_schema = '${dataset}' order by table_name, column_name`,
  )
  const stored = new Map<string, StoredTable>()
  for (const [table, column, type] of rows.map((row) => row.map(String))) {
    if (links.system.test(table!)) continue
    const known = stored.get(table!) ?? { columns: {}, rows: [] }
    stored.set(table!, { ...known, columns: { ...known.columns, [column!]: type! } })
  }
  for (const [table, { columns }] of stored) {
    const found = await queryDuckDB(path, `select * from "${dataset}"."${table}"`)
    const named = found.rows.map((row) => Object.fromEntries(found.columns.map(({ name }, index) => [name, plain(row[index])])))
    stored.set(table, { columns, rows: named })
  }
  return nestRows(stored, links)
}

const plain = (value: unknown): JsonValue => (typeof value === 'bigint' ? value.toString() : (value as JsonValue))
