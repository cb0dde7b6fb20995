import type { Meeting } from './records.ts'
import { countsOf, type Work } from './work.ts'

/** Steps 3 to 5, `insert-only`: records whose key is stored are left out, and delete nothing. */
export function keepKnown(work: Work): Meeting {
  const { root, deletions, leftOut, unchanged } = work
  const count = countsOf(work, root)
  return {
    met(record) {
      record.stored++
    },
    decided({ sequence, stored, loses }) {
      if (deletions.has(sequence) && !loses) return
      if (stored === 0) {
        count.inserted++
        return
      }
      count.unchanged++
      unchanged.add(sequence)
      leftOut.add(sequence)
    },
  }
}
