import type { Head } from '../lines.ts'
import { eachStored } from '../table-load.ts'
import type { LoadedRecords } from './unique.ts'
import { winsOver } from './wins.ts'
import { countsOf, type Work } from './work.ts'

/** Steps 3 to 5, `insert-only`: records whose key is stored are left out, and delete nothing. */
export async function keepKnown(
  work: Work,
  identity: (line: string, head: Head) => string,
  records: LoadedRecords,
): Promise<void> {
  const { root, deletions, leftOut, unchanged } = work
  const wins = winsOver(work)
  await eachStored(root, (line, head) => {
    const record = records.get(identity(line, head))
    if (record === undefined) return
    record.stored++
    if (wins(line, head, record)) record.loses = true
  })
  const count = countsOf(work, root)
  for (const { sequence, stored, loses } of records.values()) {
    if (deletions.has(sequence) && !loses) continue
    if (stored === 0) {
      count.inserted++
      continue
    }
    count.unchanged++
    unchanged.add(sequence)
    leftOut.add(sequence)
  }
}
