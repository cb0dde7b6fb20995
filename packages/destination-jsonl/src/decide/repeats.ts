import { loadOfFile } from '@tributary/file-dataset'
import type { Meeting } from './records.ts'
import type { Work } from './work.ts'

/** Whether this run may have appended some of the records already. */
export const mayHaveRepeats = ({ plan, root }: Work): boolean =>
  plan.disposition === 'append' &&
  root.staged.repeatable.size > 0 &&
  root.files.some(({ name }) => loadOfFile(name) >= plan.firstLoadId)

/** Step 2: leaves out records of batches that may repeat which this run has appended already. */
export function leaveOutRepeats(work: Work): Meeting | undefined {
  if (!mayHaveRepeats(work)) return undefined
  const { plan, root, duplicates, leftOut } = work
  return {
    isChosen: ({ name }) => loadOfFile(name) >= plan.firstLoadId,
    met({ sequence }, [, , , loadId]) {
      if (loadId < plan.firstLoadId || !root.staged.repeatable.has(sequence)) return
      duplicates.add(sequence)
      leftOut.add(sequence)
    },
    decided() {},
  }
}
