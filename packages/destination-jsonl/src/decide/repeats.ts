import { loadOfFile } from '@tributary/file-dataset'
import { eachStored } from '../table-load.ts'
import type { LoadedRecords } from './unique.ts'
import type { Work } from './work.ts'

/** Whether this run may have appended some of the records already. */
export const mayHaveRepeats = ({ plan, root }: Work): boolean =>
  plan.disposition === 'append' &&
  root.staged.repeatable.size > 0 &&
  root.files.some(({ name }) => loadOfFile(name) >= plan.firstLoadId)

/** Step 2: leaves out records of batches that may repeat which this run has appended already. */
export async function leaveOutRepeats(work: Work, records: LoadedRecords): Promise<void> {
  if (!mayHaveRepeats(work)) return
  const { plan, root, duplicates, leftOut } = work
  await eachStored(
    root,
    (_line, head) => {
      const record = head.loadId >= plan.firstLoadId ? records.get(head.id) : undefined
      if (record === undefined || !root.staged.repeatable.has(record.sequence)) return
      duplicates.add(record.sequence)
      leftOut.add(record.sequence)
    },
    ({ name }) => loadOfFile(name) >= plan.firstLoadId,
  )
}
