import { readHead } from '../lines.ts'
import { storedLines } from '../table-load.ts'
import { isIdentifiedById, type Work } from './work.ts'

/**
 * Whether a merge may have anything to do with stored rows. New records, as a first run has them, need no comparing: that is
 * found out by reading the ids of the stored rows once.
 */
export async function mayMeetStored({ plan, root }: Work): Promise<boolean> {
  if (root.files.length === 0) return false
  if (plan.removesAbsent || plan.mergeKey.length > 0) return true
  if (plan.primaryKey.length === 0) return root.schema.versioned !== undefined
  if (!isIdentifiedById(plan, root)) return true
  for (const { name } of root.files) {
    for await (const lines of storedLines(root, name)) {
      if (lines.some((line) => root.staged.mayHave(readHead(line, false).id))) return true
    }
  }
  return false
}
