import type { TableLoad } from '../table-load.ts'
import { countsOf, type Work } from './work.ts'

/** Counts rows that were not compared with others one by one. */
export async function countWhole(work: Work, merges: boolean): Promise<void> {
  const { plan, tables, root, children, identity } = work
  if (!merges) {
    for (const table of tables) {
      await countStaged(work, table)
      if (plan.disposition === 'replace') countsOf(work, table).deleted = table.files.reduce((sum, { rows }) => sum + rows, 0)
    }
    return
  }
  if (identity === undefined) await countStaged(work, root)
  if (identity === undefined || plan.strategy === 'insert-only' || plan.strategy === 'scd2') {
    for (const child of children) await countStaged(work, child)
  }
}

/** All rows of the load are new, but for those that are left out: of these, those count that leave the table as it was. */
async function countStaged(work: Work, table: TableLoad): Promise<void> {
  const { root, leftOut, unchanged, superseded } = work
  const count = countsOf(work, table)
  if (leftOut.size === 0) {
    count.inserted = table.staged.rows
    return
  }
  const isMadeAnew = (sequence: number): boolean => table === root && superseded.has(sequence)
  const add = (sequence: number): void => {
    if (unchanged.has(sequence)) count.unchanged++
    else if (!leftOut.has(sequence)) count.inserted++
  }
  for await (const part of table.staged.sequences()) for (const sequence of part) if (!isMadeAnew(sequence)) add(sequence)
  for await (const part of table.made.sequences()) for (const sequence of part) add(sequence)
}
