import type { Head } from '../lines.ts'
import { keepKnown } from './keep-known.ts'
import { meetStored } from './records.ts'
import { replaceKnown } from './replace-known.ts'
import { addVersions } from './versions.ts'
import type { Work } from './work.ts'

/** Steps 1 and 3 to 6, by the strategy of the merge. */
export async function mergeRecords(work: Work, identity: (line: string, head: Head) => string): Promise<void> {
  switch (work.plan.strategy) {
    case 'insert-only':
      return meetStored(work, identity, keepKnown(work))
    case 'scd2':
      return addVersions(work, identity)
    case 'upsert':
    case 'mirror':
    case 'delete-insert':
      return replaceKnown(work, identity)
  }
}
