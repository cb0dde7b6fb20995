import type { Head } from '../lines.ts'
import { complete } from './complete.ts'
import { keepKnown } from './keep-known.ts'
import type { Pass } from './passes.ts'
import { replaceKnown } from './replace-known.ts'
import type { LoadedRecords } from './unique.ts'
import { addVersions } from './versions.ts'
import type { Work } from './work.ts'

/** Steps 3 to 6 for the records of a pass, by the strategy of the merge. */
export async function mergePass(
  work: Work,
  identity: (line: string, head: Head) => string,
  pass: Pass,
  records: LoadedRecords,
): Promise<void> {
  switch (work.plan.strategy) {
    case 'insert-only':
      return keepKnown(work, identity, records)
    case 'scd2':
      return addVersions(work, identity, pass, records)
    case 'upsert':
    case 'mirror':
      // A row that has been completed is replaced as a whole.
      await complete(work, identity, records)
      return replaceKnown(work, identity, pass, records)
    case 'delete-insert':
      return replaceKnown(work, identity, pass, records)
  }
}
