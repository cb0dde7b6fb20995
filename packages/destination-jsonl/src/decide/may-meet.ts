import { join } from 'node:path'
import { readLineBytesAtOnce } from '../small-file.ts'
import { isIdentifiedById, type Work } from './work.ts'

/**
 * Whether a merge may have anything to do with stored rows. New records, as a first run has them, need no comparing: that is
 * found out by reading the ids of the stored rows once.
 */
export async function mayMeetStored({ plan, root }: Work): Promise<boolean> {
  if (root.files.length === 0) return false
  if (plan.removesAbsent) return true
  // As in the last load of a run that ends where one has just been committed.
  if (root.staged.rows === 0) return false
  if (plan.mergeKey.length > 0) return true
  if (plan.primaryKey.length === 0) return root.schema.versioned !== undefined
  if (!isIdentifiedById(plan, root)) return true
  for (const { name } of root.files) {
    for await (const bytes of readLineBytesAtOnce(join(root.folder, name))) if (root.staged.mayHaveAny(bytes)) return true
  }
  return false
}
