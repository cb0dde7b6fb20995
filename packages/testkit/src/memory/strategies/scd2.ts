import { SYSTEM_COLUMNS } from '@tributary/core'
import { keyOf } from '../keys.ts'
import type { Merge } from '../merge.ts'
import { countRows, end, insert, type Outcome } from '../outcome.ts'
import type { StoredRecord } from '../records.ts'
import { isActive } from '../stored-wins.ts'

const hashOf = ({ row }: StoredRecord): unknown => row[SYSTEM_COLUMNS.rowHash]

/** Stored records stay, as versions: active ones whose place is taken end. */
export function scd2(merge: Merge, outcome: Outcome): void {
  const { plan, schemas, records, deletions, stored, ofKey } = merge
  const root = schemas[0]!
  const active = stored.filter(({ row }) => isActive(row))
  const keyed = plan.primaryKey.length > 0
  const hashes = new Set(active.map(hashOf))
  for (const record of records) {
    const ofItsKey = ofKey(record)
    const known = keyed ? ofItsKey.some((old) => hashOf(old) === hashOf(record)) : hashes.has(hashOf(record))
    if (known) countRows(outcome, root.name, record, 'unchanged')
    else insert(outcome, root.name, record)
    for (const old of ofItsKey) if (hashOf(old) !== hashOf(record)) end(outcome, root.name, old)
  }
  for (const deletion of deletions) for (const old of ofKey(deletion)) end(outcome, root.name, old)
  if (plan.removesAbsent) endAbsent(merge, active, outcome)
}

/** Of all that there is, or of the merge keys that came: what did not come ends, but for what won over what came. */
function endAbsent({ plan, schemas, load, won }: Merge, active: readonly StoredRecord[], outcome: Outcome): void {
  const root = schemas[0]!
  const partition = keyOf(root, plan.mergeKey)
  const partitions = new Set(load.map(({ row }) => partition(row)))
  const came = new Set(load.map(hashOf))
  for (const old of active) {
    const bounded = plan.mergeKey.length === 0 || partitions.has(partition(old.row))
    if (bounded && !came.has(hashOf(old)) && !won.has(old)) end(outcome, root.name, old)
  }
}
