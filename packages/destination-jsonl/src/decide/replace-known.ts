import type { Head } from '../lines.ts'
import { Marks } from '../marks.ts'
import { compareChildren } from './compare-children.ts'
import { complete } from './complete.ts'
import { findIncomplete } from './incomplete.ts'
import { meetStored } from './records.ts'
import { countsOf, goneOf, isIdentifiedById, metOf, type Work } from './work.ts'

/**
 * Steps 3 to 6 of `delete-insert`, `upsert` and `mirror`: stored rows go where a record of their key takes their place or
 * deletes them, with `mirror` also where there is none, and children with their root.
 */
export async function replaceKnown(work: Work, identity: (line: string, head: Head) => string): Promise<void> {
  const { plan, root, deletions, incomplete, known, doubled, differs, loses, goneRoots } = work
  await findIncomplete(work)
  const removesAbsent = plan.removesAbsent && plan.strategy === 'mirror'
  const children = compareChildren(work)
  /** Whether a row of another key may have the id of one that goes, and so the same children. */
  const keepsOthers = children !== undefined && !isIdentifiedById(plan, root)
  const count = countsOf(work, root)
  const gone = goneOf(work, root)
  const met = metOf(work, root)
  /** Stored rows that have what incomplete records lack. */
  const sources = new Marks()
  await meetStored(work, identity, {
    met(record, [file, row, id, loadId, digest]) {
      const { sequence } = record
      record.stored++
      // A key that is stored more than once, from before it was a key, is brought down to one row.
      if (record.stored > 1 || deletions.has(sequence) || (!incomplete.has(sequence) && digest !== record.digest))
        record.differs = true
      if (incomplete.has(sequence) && loadId >= (record.latest?.loadId ?? 0)) record.latest = { file, row, loadId }
      met.add(file, row, sequence)
      children?.met(id, loadId, sequence)
    },
    ...(removesAbsent
      ? {
          unmet(entry) {
            const [file, row] = entry()
            gone.add(file, row)
            goneRoots.add(file, row)
            count.deleted++
          },
        }
      : keepsOthers && {
          unmet(entry) {
            const [, , id, loadId] = entry()
            children.left(id, loadId)
          },
        }),
    decided(record) {
      const { sequence, stored, latest } = record
      if (stored > 0) known.add(sequence)
      if (stored > 1) doubled.add(sequence)
      if (record.differs) differs.add(sequence)
      if (record.loses) loses.add(sequence)
      else if (deletions.has(sequence)) count.deleted += stored
      else if (latest !== undefined) sources.add(latest.file, latest.row)
    },
  })
  await complete(work, identity, sources) // step 1, of records that are not alone, and step 5
  await children?.compare()
  for (const sequence of work.counted.values()) countRecord(work, sequence)
  await met.each((file, row, sequence) => {
    if (staysAsItIs(work, sequence)) work.keptRoots.add(file, row)
    else gone.add(file, row)
  })
  for (const child of work.children) {
    await metOf(work, child).each((file, row, sequence) => {
      if (!staysAsItIs(work, sequence)) goneOf(work, child).add(file, row)
    })
  }
}

const staysAsItIs = ({ plan, known, differs, loses }: Work, sequence: number): boolean =>
  loses.has(sequence) || (plan.skipUnchanged && known.has(sequence) && !differs.has(sequence))

function countRecord(work: Work, sequence: number): void {
  const { root, deletions, leftOut, unchanged, known, differs, loses } = work
  const count = countsOf(work, root)
  if (loses.has(sequence)) count.unchanged++
  else if (deletions.has(sequence)) return
  else if (!known.has(sequence)) count.inserted++
  else if (differs.has(sequence)) count.updated++
  else count.unchanged++
  if (!staysAsItIs(work, sequence)) return
  unchanged.add(sequence)
  leftOut.add(sequence)
}
