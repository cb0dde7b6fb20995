import { type Column, completesRepeats } from '@tributary/core'
import { count } from './connection.ts'
import { keep, stagedColumn, type Work } from './load-table.ts'
import { completeRepeats } from './repeats.ts'
import { columnIdentifier, LOAD_ID, STORED_ID } from './sql.ts'

/** A value as it is compared: texts by their code points, whatever the database's collation, and JSON by its text. */
const comparable = (expression: string, { type }: Pick<Column, 'type'>): string =>
  type === 'text' ? `${expression} COLLATE "C"` : type === 'json' ? `(${expression})::text COLLATE "C"` : expression

function sortColumn({ plan, root }: Work): Column | undefined {
  return root.schema.columns.find(({ name }) => name === plan.dedupSort?.column)
}

/** Whether the stored row `t` is better than the staged one `s` by `dedupSort`; `undefined` where nothing is said of it. */
export function storedIsBetter(work: Work): string | undefined {
  const column = sortColumn(work)
  if (column === undefined) return undefined
  const stored = `t.${columnIdentifier(column.name)}`
  const own = stagedColumn(work.root, 's', column.name)
  const better = `${comparable(stored, column)} ${work.plan.dedupSort!.order === 'desc' ? '>' : '<'} ${comparable(own, column)}`
  return `coalesce(${stored} IS NOT NULL AND (${own} IS NULL OR ${better}), false)`
}

/** Step 1: one row of each id, and of each hash where rows are versions, with its children. */
export async function keepOneOfEach(work: Work): Promise<void> {
  const { connection, plan, root } = work
  if (plan.keep === 'all' && !root.staged.mayRepeat) return
  const column = sortColumn(work)
  const own = column === undefined ? undefined : root.staged.staged(column.name)
  const order = [
    ...(column === undefined || own === undefined
      ? []
      : [`${own} IS NULL`, `${comparable(own, column)} ${plan.dedupSort!.order === 'desc' ? 'DESC' : 'ASC'}`]),
    `seq ${plan.keep === 'first' ? 'ASC' : 'DESC'}`,
  ].join(', ')
  for (const by of root.schema.versioned === true ? ['id', 'hash'] : ['id']) {
    const several = `SELECT ${by} FROM ${root.staged.name} GROUP BY ${by} HAVING count(*) > 1`
    if ((await count(connection, `SELECT count(*) FROM (${several} LIMIT 1) several`)) === 0) continue
    if (by === 'id' && completesRepeats(plan)) await completeRepeats(work, several, isDeletion(work))
    const ranked = `SELECT seq, row_number() OVER (PARTITION BY ${by} ORDER BY ${order}) AS place FROM ${root.staged.name}
      WHERE ${by} IN (${several})`
    await drop(work, `SELECT seq FROM (${ranked}) ranked WHERE place > 1`)
  }
}

/** Step 2: what may have come before, and has been appended by the same run, is left out. */
export async function leaveOutRepeats(work: Work): Promise<void> {
  const { plan, root } = work
  if (plan.disposition !== 'append' || !root.staged.mayRepeat) return
  const loaded = `SELECT ${STORED_ID} FROM ${root.name} WHERE ${LOAD_ID} >= ${plan.firstLoadId}`
  await drop(work, `SELECT seq FROM ${root.staged.name} WHERE repeats AND id IN (${loaded})`)
}

/** The condition of step 3: the staged row `s` says that it is deleted. */
export function isDeletion({ plan, root }: Work): string | undefined {
  const column = root.schema.columns.find(({ name }) => name === plan.hardDelete)
  if (column === undefined) return undefined
  const own = stagedColumn(root, 's', column.name)
  return column.type === 'bool' ? `${own} IS TRUE` : `${own} IS NOT NULL`
}

/** Records of the load, as if they had not come. */
export async function drop({ connection, root, children }: Work, sequences: string): Promise<void> {
  await keep(connection, 'dropped', sequences)
  for (const { staged } of [root, ...children])
    await connection.run(`DELETE FROM ${staged.name} WHERE seq IN (SELECT seq FROM pg_temp.dropped)`)
  await connection.run('DROP TABLE pg_temp.dropped')
}
