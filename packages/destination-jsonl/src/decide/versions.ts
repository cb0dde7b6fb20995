import type { Head } from '../lines.ts'
import { eachStored } from '../table-load.ts'
import { readVersion } from '../version-lines.ts'
import type { Pass } from './passes.ts'
import type { LoadedRecords } from './unique.ts'
import { winsOver } from './wins.ts'
import { countsOf, type Work } from './work.ts'

/** Steps 3 to 5, `scd2`: a record that says something new is the active version from now on. What is absent is noted for step 6. */
export async function addVersions(
  work: Work,
  identity: (line: string, head: Head) => string,
  pass: Pass,
  records: LoadedRecords,
): Promise<void> {
  const { plan, root, deletions, leftOut, unchanged, absent, ended } = work
  const wins = winsOver(work)
  await eachStored(root, (line, head, file, row) => {
    const { isActive, hash } = readVersion(line, head)
    if (!isActive) return
    const key = identity(line, head)
    const record = records.get(key)
    if (record === undefined) {
      if (plan.removesAbsent && pass(key)) absent.add(file, row)
      return
    }
    if (hash === record.hash) record.stored++
    if (wins(line, head, record)) record.loses = true
  })
  const count = countsOf(work, root)
  await eachStored(root, (line, head, file, row) => {
    const { isActive, hash } = readVersion(line, head)
    const record = isActive ? records.get(identity(line, head)) : undefined
    if (record === undefined || record.loses || (hash === record.hash && !deletions.has(record.sequence))) return
    ended.add(file, row)
    count.updated++
  })
  for (const { sequence, stored, loses } of records.values()) {
    if (loses || (stored > 0 && !deletions.has(sequence))) {
      count.unchanged++
      unchanged.add(sequence)
      leftOut.add(sequence)
    } else if (!deletions.has(sequence)) count.inserted++
  }
}
