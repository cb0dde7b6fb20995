import { type LoadPlan, SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import { isBetter } from './order.ts'
import type { LoadedRecord, StoredRecord } from './records.ts'

/** Step 4 of a load: whether a stored record of a record's key, an active one, keeps it from being touched. */
export function winsOver({ dedupSort }: LoadPlan, root: TableSchema, record: LoadedRecord, { row }: StoredRecord): boolean {
  return dedupSort !== undefined && isBetter(dedupSort, root, row, record.row)
}

/** Of a table without versions, every row is. */
export function isActive(row: StoredRecord['row']): boolean {
  const end = row[SYSTEM_COLUMNS.validTo]
  return end === undefined || end === null
}
