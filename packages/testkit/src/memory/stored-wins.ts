import { type LoadPlan, SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import { isBetter } from './order.ts'
import type { LoadedRecord, StoredRecord } from './records.ts'

/** Step 4 of a load: the stored records of a record's key that it may not touch. */
export function winnersOver(
  { dedupSort, replays, replayedBefore = [] }: LoadPlan,
  root: TableSchema,
  record: LoadedRecord,
  ofItsKey: readonly StoredRecord[],
): StoredRecord[] {
  return ofItsKey.filter(({ row }) => {
    const better = dedupSort !== undefined && isBetter(dedupSort, root, row, record.row)
    const writer = Number(row[SYSTEM_COLUMNS.loadId])
    const newer = replays !== undefined && writer > replays && !replayedBefore.includes(writer)
    return isActive(row) && (better || newer)
  })
}

/** Of a table without versions, every row is. */
export function isActive(row: StoredRecord['row']): boolean {
  const end = row[SYSTEM_COLUMNS.validTo]
  return end === undefined || end === null
}
