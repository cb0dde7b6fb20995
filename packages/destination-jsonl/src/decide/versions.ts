import type { Head } from '../lines.ts'
import { meetStored } from './records.ts'
import { countsOf, metOf, type Work } from './work.ts'

/** Steps 3 to 5, `scd2`: a record that says something new is the active version from now on. What is absent is noted for step 6. */
export async function addVersions(work: Work, identity: (line: string, head: Head) => string): Promise<void> {
  const { plan, root, deletions, leftOut, unchanged, absent, ended, loses } = work
  const count = countsOf(work, root)
  const others = metOf(work, root)
  await meetStored(work, identity, {
    met(record, [file, row, , , , hash]) {
      if (hash === record.hash) record.stored++
      if (hash !== record.hash || deletions.has(record.sequence)) others.add(file, row, record.sequence)
    },
    ...(plan.removesAbsent && {
      unmet(entry) {
        const [file, row] = entry()
        absent.add(file, row)
      },
    }),
    decided(record) {
      const { sequence } = record
      if (record.loses) loses.add(sequence)
      if (record.loses || (record.stored > 0 && !deletions.has(sequence))) {
        count.unchanged++
        unchanged.add(sequence)
        leftOut.add(sequence)
      } else if (!deletions.has(sequence)) count.inserted++
    },
  })
  await others.each((file, row, sequence) => {
    if (loses.has(sequence)) return
    ended.add(file, row)
    count.updated++
  })
}
