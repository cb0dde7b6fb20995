import type { LoadPlan, TableSchema } from '@tributary/core'
import type { LoadedRecord } from './records.ts'

/** Step 3 of a load: whether a record says that it is deleted. It is never written. */
export function isDeletion({ hardDelete }: LoadPlan, root: TableSchema, { row }: LoadedRecord): boolean {
  const column = root.columns.find(({ name }) => name === hardDelete)
  if (column === undefined) return false
  const value = row[column.name]
  return column.type === 'bool' ? value === true : value !== undefined && value !== null
}
