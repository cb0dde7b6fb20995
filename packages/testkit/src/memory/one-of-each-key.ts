import { type LoadPlan, SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import { isBetter } from './order.ts'
import { groupBy, type LoadedRecord } from './records.ts'

/** Step 1 of a load: one record of each id is kept; of versions, also one of each hash. */
export function oneOfEachKey(plan: LoadPlan, root: TableSchema, records: readonly LoadedRecord[]): LoadedRecord[] {
  if (plan.keep === 'all' && !records.some(({ mayRepeat }) => mayRepeat)) return [...records]
  const ofIds = bestOfEach(plan, root, records, SYSTEM_COLUMNS.id)
  return root.versioned === true ? bestOfEach(plan, root, ofIds, SYSTEM_COLUMNS.rowHash) : ofIds
}

function bestOfEach(plan: LoadPlan, root: TableSchema, records: readonly LoadedRecord[], column: string): LoadedRecord[] {
  const groups = groupBy(records, ({ row }) => row[column])
  const best = [...groups.values()].map((group) => group.reduce((kept, next) => betterOf(plan, root, kept, next)))
  return best.sort((a, b) => a.sequence - b.sequence)
}

function betterOf({ dedupSort, keep }: LoadPlan, root: TableSchema, first: LoadedRecord, second: LoadedRecord): LoadedRecord {
  if (dedupSort !== undefined) {
    if (isBetter(dedupSort, root, first.row, second.row)) return first
    if (isBetter(dedupSort, root, second.row, first.row)) return second
  }
  return keep === 'first' ? first : second
}
