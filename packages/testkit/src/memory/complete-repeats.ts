import type { LoadPlan, TableSchema } from '@tributary/core'
import { complete } from './complete.ts'
import { isDeletion } from './deletions.ts'
import type { LoadedRecord } from './records.ts'

/** Whether records of one key are as good as records of loads of their own. With a sort, the best of them counts, whole. */
export function completesRepeats({ strategy, keep, dedupSort }: LoadPlan): boolean {
  const takesParts = strategy === 'upsert' || strategy === 'mirror'
  return takesParts && keep === 'last' && dedupSort === undefined
}

/** A record, with what it did not come with from the one of its key before it, which is complete already. */
export function completeFrom(
  before: LoadedRecord,
  record: LoadedRecord,
  plan: LoadPlan,
  schemas: readonly TableSchema[],
): LoadedRecord {
  const [root, ...below] = schemas
  // Nothing is left of what was before, stored rows among it.
  if (isDeletion(plan, root!, before)) return { ...record, hadColumn: () => true, hadList: () => true }
  const both = [record, before]
  // As sets, and not by asking one another: there may be more of one key than calls fit on the stack.
  const columns = new Set(root!.columns.map(({ name }) => name).filter((name) => both.some((each) => each.hadColumn(name))))
  const lists = new Set(below.map(({ name }) => name).filter((name) => both.some((each) => each.hadList(name))))
  return {
    ...record,
    ...complete(record, before, schemas),
    hadColumn: (name) => columns.has(name),
    hadList: (table) => lists.has(table),
  }
}
