import { deletionReader } from './values.ts'
import type { Work } from './work.ts'

/** Step 3: records that delete are never written. */
export async function findDeletions({ plan, root, deletions, leftOut, eachRecord }: Work): Promise<void> {
  const { hardDelete } = plan
  if (hardDelete === undefined || !root.schema.columns.some(({ name }) => name === hardDelete)) return
  const isDeletion = deletionReader(hardDelete, root.schema)
  await eachRecord((line, _head, sequence) => {
    if (!isDeletion(line)) return
    deletions.add(sequence)
    leftOut.add(sequence)
  })
}
