import { type LoadPlan, SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import { completeFrom, completesRepeats } from './complete-repeats.ts'
import { isBetter } from './order.ts'
import { groupBy, type LoadedRecord } from './records.ts'

/** Step 1 of a load: one record of each id is kept; of versions, also one of each hash. */
export function oneOfEachKey(plan: LoadPlan, schemas: readonly TableSchema[], records: readonly LoadedRecord[]): LoadedRecord[] {
  if (plan.keep === 'all' && !records.some(({ mayRepeat }) => mayRepeat)) return [...records]
  const root = schemas[0]!
  if (completesRepeats(plan)) {
    return oneOfEach(records, SYSTEM_COLUMNS.id, (before, record) => completeFrom(before, record, plan, schemas))
  }
  const better = (first: LoadedRecord, second: LoadedRecord): LoadedRecord => betterOf(plan, root, first, second)
  const ofIds = oneOfEach(records, SYSTEM_COLUMNS.id, better)
  return root.versioned === true ? oneOfEach(ofIds, SYSTEM_COLUMNS.rowHash, better) : ofIds
}

/** What two of a group come to, from the first to the last. */
type Meet = (first: LoadedRecord, second: LoadedRecord) => LoadedRecord

function oneOfEach(records: readonly LoadedRecord[], column: string, meet: Meet): LoadedRecord[] {
  const groups = groupBy(records, ({ row }) => row[column])
  const kept = [...groups.values()].map((group) => group.reduce(meet))
  return kept.sort((a, b) => a.sequence - b.sequence)
}

function betterOf({ dedupSort, keep }: LoadPlan, root: TableSchema, first: LoadedRecord, second: LoadedRecord): LoadedRecord {
  if (dedupSort !== undefined) {
    if (isBetter(dedupSort, root, first.row, second.row)) return first
    if (isBetter(dedupSort, root, second.row, first.row)) return second
  }
  return keep === 'first' ? first : second
}
