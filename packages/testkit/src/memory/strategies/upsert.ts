import { complete } from '../complete.ts'
import type { Merge } from '../merge.ts'
import { insert, type Outcome, remove, replace } from '../outcome.ts'

/** What a record does not have is taken from the stored one; the whole is then put in its place. */
export function upsert({ plan, schemas, records, deletions, ofKey }: Merge, outcome: Outcome): void {
  const root = schemas[0]!
  for (const record of records) {
    const before = ofKey(record)
    const old = before.at(-1)
    if (old === undefined) insert(outcome, root.name, record)
    else replace(outcome, schemas, complete(record, old, schemas), before, plan.skipUnchanged)
  }
  for (const deletion of deletions) for (const old of ofKey(deletion)) remove(outcome, root.name, old)
}
