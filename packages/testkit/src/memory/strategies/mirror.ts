import { keyOf } from '../keys.ts'
import type { Merge } from '../merge.ts'
import { type Outcome, remove } from '../outcome.ts'
import { upsert } from './upsert.ts'

/** As `upsert`; and what is absent goes, where the load has all that there is. */
export function mirror(merge: Merge, outcome: Outcome): void {
  upsert(merge, outcome)
  const { plan, schemas, stored, load } = merge
  if (!plan.removesAbsent) return
  const root = schemas[0]!
  const keyOfRow = keyOf(root, plan.primaryKey)
  const came = new Set(load.map(({ row }) => keyOfRow(row)))
  for (const old of stored) if (!came.has(keyOfRow(old.row))) remove(outcome, root.name, old)
}
