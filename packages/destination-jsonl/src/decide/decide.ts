import type { LoadPlan, TableChanges } from '@tributary/core'
import { BitSet } from '../bit-set.ts'
import { Marks } from '../marks.ts'
import type { TableLoad } from '../table-load.ts'
import { completeNew } from './complete.ts'
import { countWhole } from './count.ts'
import { findDeletions } from './deletions.ts'
import { followRoots } from './follow.ts'
import type { Limits } from './limits.ts'
import { mayMeetStored } from './may-meet.ts'
import { mergeRecords } from './merge.ts'
import { endAbsent, replacePartitions } from './partitions.ts'
import { meetStored } from './records.ts'
import { leaveOutRepeats, mayHaveRepeats } from './repeats.ts'
import { createWork } from './work.ts'

/** Which rows a commit leaves out, and what it does to each table. */
export interface Verdict {
  /** Records of the load that are left out with all their rows, by sequence. */
  readonly leftOut: BitSet
  /** Records whose staged root row another takes the place of. */
  readonly superseded: BitSet
  /** Stored rows that go, by table. */
  readonly gone: ReadonlyMap<string, Marks>
  /** Versions of the root table that end. */
  readonly ended: Marks
  readonly changes: Readonly<Record<string, TableChanges>>
}

/**
 * Decides row by row, by the steps of `LoadPlan`, reading what is staged and what is stored. Writes no table; what is made anew
 * of stored rows goes into files of the load's own, in `folder`. The first table is the root.
 */
export async function decide(plan: LoadPlan, tables: readonly TableLoad[], folder: string, limits: Limits): Promise<Verdict> {
  const [root] = tables
  if (root === undefined)
    return { leftOut: new BitSet(), superseded: new BitSet(), gone: new Map(), ended: new Marks(), changes: {} }
  const work = createWork(plan, tables, root, folder, limits)
  await findDeletions(work) // step 3: those of them that are left are seen to with the rest of their key
  const merges = plan.disposition === 'merge' && (await mayMeetStored(work))
  const isUnique = plan.keep !== 'all' || root.staged.repeatable.size > 0 || root.schema.versioned !== undefined
  if (work.identity !== undefined) {
    if (merges)
      await mergeRecords(work, work.identity) // steps 1 and 3 to 6
    // Otherwise there is nothing to find, and what is staged need not be read once more.
    else if ((isUnique && root.staged.maybeRepeated) || mayHaveRepeats(work)) {
      await meetStored(work, work.identity, leaveOutRepeats(work)) // steps 1 and 2
      await completeNew(work, work.identity) // step 1
    }
  }
  if (merges) {
    await replacePartitions(work) // step 5, by merge key
    await endAbsent(work) // step 6, of versions
    await followRoots(work)
  }
  await countWhole(work, merges)
  return {
    ...work,
    changes: Object.fromEntries(tables.map(({ schema }) => [schema.name, work.counts.get(schema.name)!])),
  }
}
