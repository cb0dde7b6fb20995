import { keyOf } from '../keys.ts'
import type { Merge } from '../merge.ts'
import { insert, type Outcome, remove, replace } from '../outcome.ts'
import type { StoredRecord } from '../records.ts'

/** Stored records of a key, and of a merge key, go; those of the load take their place. */
export function deleteInsert(merge: Merge, outcome: Outcome): void {
  const { plan, schemas, stored, load, deletions, records, won, ofKey } = merge
  const root = schemas[0]!
  /** Stored records that have one of the load in their place, whether it was written or is the same. */
  const met = new Set<StoredRecord>(won)
  for (const record of records) {
    const before = ofKey(record)
    for (const old of before) met.add(old)
    if (before.length === 0) insert(outcome, root.name, record)
    else replace(outcome, schemas, record, before, plan.skipUnchanged)
  }
  for (const deletion of deletions) for (const old of ofKey(deletion)) remove(outcome, root.name, old)

  if (plan.mergeKey.length === 0) return
  const partition = keyOf(root, plan.mergeKey)
  const partitions = new Set(load.map(({ row }) => partition(row)))
  for (const old of stored) {
    if (!met.has(old) && partitions.has(partition(old.row))) remove(outcome, root.name, old)
  }
}
