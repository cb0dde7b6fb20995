import { join } from 'node:path'
import { eachStored } from '../table-load.ts'
import { createJoin, type Part } from './join.ts'
import { keyReader } from './values.ts'
import { countsOf, goneOf, type Work } from './work.ts'

/** Step 5, `delete-insert` with a merge key: stored rows of the load's partitions go, but for those that are to stay as they are. */
export async function replacePartitions(work: Work): Promise<void> {
  const { plan, root, keptRoots, goneRoots } = work
  if (plan.strategy !== 'delete-insert' || plan.mergeKey.length === 0) return
  const gone = goneOf(work, root)
  const isLeft = (file: number, row: number): boolean => !gone.has(file, row) && !keptRoots.has(file, row)
  await eachInPartitions(work, isLeft, (file, row) => {
    gone.add(file, row)
    goneRoots.add(file, row)
    countsOf(work, root).deleted++
  })
}

/** Step 6, `scd2`: versions that no record of the load has end, with a merge key only those of the load's partitions. */
export async function endAbsent(work: Work): Promise<void> {
  const { plan, root, absent, ended } = work
  if (absent.size === 0) return
  const isAbsent = (file: number, row: number): boolean => absent.has(file, row)
  const end = (file: number, row: number): void => {
    ended.add(file, row)
    countsOf(work, root).updated++
  }
  if (plan.mergeKey.length > 0) return eachInPartitions(work, isAbsent, end)
  await eachStored(root, (_line, _head, file, row) => {
    if (isAbsent(file, row)) end(file, row)
  })
}

type Sides = { staged: true; stored: readonly [file: number, row: number] }

/** Visits stored root rows that have the merge key of a record of the load, be it one that deletes or is left out. */
async function eachInPartitions(
  { plan, root, duplicates, eachRecord, limits, folder }: Work,
  isChosen: (file: number, row: number) => boolean,
  visit: (file: number, row: number) => void,
): Promise<void> {
  const partitionOf = keyReader(plan.mergeKey, root.schema)
  const rows = createJoin(join(folder, 'partitions'), limits.parts(root.staged.rows), (): Part<Sides> => {
    const partitions = new Set<string>()
    return {
      visit: {
        staged: (partition) => partitions.add(partition),
        stored(partition, place) {
          if (partitions.has(partition)) visit(...place())
        },
      },
    }
  })
  await eachRecord((line, _head, sequence) => {
    if (!duplicates.has(sequence)) rows.put.staged(partitionOf(line), () => true)
  })
  await eachStored(root, (line, _head, file, row) => {
    if (isChosen(file, row)) rows.put.stored(partitionOf(line), () => [file, row])
  })
  await rows.decide()
}
