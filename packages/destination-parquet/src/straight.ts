import { type LoadPlan, SYSTEM_COLUMNS } from '@tributary/core'
import { literal } from '@tributary/duckdb-engine'
import { fileColumns } from './columns.ts'
import type { StagedFileTable } from './commit.ts'
import type { Target } from './target.ts'

/**
 * Whether all that is staged comes to be stored as it is: nothing is left out, and no stored row is concerned. So it is with a load
 * of new records, also where it merges.
 */
export const goesStraight = ({ disposition, hardDelete }: LoadPlan, [root]: readonly Target[]): boolean =>
  hardDelete === undefined && (disposition !== 'merge' || root === undefined || root.matching.files.length === 0)

/** A query of the staged rows of a table, as they are written. */
export function stagedRows({ id, startedAt }: LoadPlan, { table, staged }: StagedFileTable): string {
  const given = new Map<string, string>([
    [SYSTEM_COLUMNS.loadId, String(id)],
    [SYSTEM_COLUMNS.validFrom, literal(startedAt.toISOString())],
    [SYSTEM_COLUMNS.validTo, 'NULL'],
  ])
  const values = fileColumns(table.schema).map(({ name, sql, tableType }) => {
    const value = given.get(name)
    return value === undefined ? sql : `CAST(${value} AS ${tableType}) AS ${sql}`
  })
  return `SELECT ${values.join(', ')} FROM ${staged.view}`
}
