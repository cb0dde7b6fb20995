import { type LoadPlan, SYSTEM_COLUMNS } from '@tributary/core'
import type { LoadedRecord, StoredRecord } from './records.ts'

/** Step 2 of a load: what may have come before, and has been appended by the same run, is left out. */
export function withoutRepeats(
  plan: LoadPlan,
  records: readonly LoadedRecord[],
  stored: readonly StoredRecord[],
): LoadedRecord[] {
  if (plan.disposition !== 'append') return [...records]
  const ofTheRun = stored.filter(({ row }) => Number(row[SYSTEM_COLUMNS.loadId]) >= plan.firstLoadId)
  const ids = new Set(ofTheRun.map(({ row }) => row[SYSTEM_COLUMNS.id]))
  return records.filter(({ row, mayRepeat }) => !(mayRepeat && ids.has(row[SYSTEM_COLUMNS.id])))
}
