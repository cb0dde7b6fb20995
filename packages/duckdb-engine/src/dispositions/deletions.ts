import type { LoadPlan, TableSchema } from '@tributary/core'
import { identifier } from '../sql.ts'

/** Step 3: the condition that a staged row, under the name `s`, is a deletion; undefined where none can be. */
export function deletionOf({ hardDelete }: LoadPlan, { columns }: TableSchema): string | undefined {
  const column = columns.find(({ name }) => name === hardDelete)
  if (column === undefined) return undefined
  const value = `s.${identifier(column.name)}`
  return column.type === 'bool' ? `coalesce(${value}, false)` : `${value} IS NOT NULL`
}
