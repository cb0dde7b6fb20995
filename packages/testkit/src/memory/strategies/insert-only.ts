import type { Merge } from '../merge.ts'
import { countRows, insert, type Outcome } from '../outcome.ts'

/** Stored records stay, also where the load says that they are deleted; what is known is left out. */
export function insertOnly({ schemas, records, ofKey }: Merge, outcome: Outcome): void {
  const root = schemas[0]!.name
  for (const record of records) {
    if (ofKey(record).length === 0) insert(outcome, root, record)
    else countRows(outcome, root, record, 'unchanged')
  }
}
