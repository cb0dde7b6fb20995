import type { Head } from '../lines.ts'
import { eachStored } from '../table-load.ts'
import { compareChildren } from './compare-children.ts'
import type { Pass } from './passes.ts'
import { digest, type LoadedRecord, type LoadedRecords } from './unique.ts'
import { winsOver } from './wins.ts'
import { countsOf, goneOf, type Work } from './work.ts'

/**
 * Steps 3 to 6 of `delete-insert`, and of `upsert` and `mirror` once their records are complete: stored rows go where a record
 * of their key takes their place or deletes them, with `mirror` also where there is none, and children with their root.
 */
export async function replaceKnown(
  work: Work,
  identity: (line: string, head: Head) => string,
  pass: Pass,
  records: LoadedRecords,
): Promise<void> {
  const { plan, root, children, deletions } = work
  const replaced = new Map<string, LoadedRecord>()
  const wins = winsOver(work)
  await eachStored(root, (line, head) => {
    const record = records.get(identity(line, head))
    if (record === undefined) return
    record.stored++
    // A key that is stored more than once, from before it was a key, is brought down to one row.
    if (record.stored > 1 || deletions.has(record.sequence) || digest(line, head) !== record.digest) record.differs = true
    if (wins(line, head, record)) record.loses = true
    replaced.set(head.id, record)
  })
  for (const child of children) await compareChildren(work, child, records, replaced)

  for (const record of records.values()) countRecord(work, record)
  const gone = goneOf(work, root)
  await eachStored(root, (line, head, file, row) => {
    const key = identity(line, head)
    const record = records.get(key)
    if (record === undefined) {
      if (!plan.removesAbsent || plan.strategy !== 'mirror' || !pass(key)) return
      gone.add(file, row)
      work.goneRoots.add(file, row)
      countsOf(work, root).deleted++
    } else if (staysAsItIs(work, record)) {
      work.keptRoots.add(file, row)
    } else {
      gone.add(file, row)
    }
  })
  for (const child of children) {
    await eachStored(child, (_line, head, file, row) => {
      const record = replaced.get(head.rootId)
      if (record !== undefined && !staysAsItIs(work, record)) goneOf(work, child).add(file, row)
    })
  }
}

const staysAsItIs = ({ plan }: Work, { stored, differs, loses }: LoadedRecord): boolean =>
  loses || (plan.skipUnchanged && stored > 0 && !differs)

function countRecord(work: Work, record: LoadedRecord): void {
  const { root, deletions, leftOut, unchanged } = work
  const count = countsOf(work, root)
  const { sequence, stored, differs, loses } = record
  if (loses) {
    count.unchanged++
  } else if (deletions.has(sequence)) {
    count.deleted += stored
    return
  } else {
    if (stored === 0) count.inserted++
    else if (differs) count.updated++
    else count.unchanged++
    if (stored > 1) count.deleted += stored - 1
  }
  if (!staysAsItIs(work, record)) return
  unchanged.add(sequence)
  leftOut.add(sequence)
}
