import type { LoadPlan, TableSchema } from '@tributary/core'
import { type Connection, count } from './connection.ts'
import { naming } from './naming.ts'
import { broughtColumns, columnIdentifier, LOAD_ID, literal, VALIDITY } from './sql.ts'
import type { StagedTable } from './staging.ts'

/** A table of the load: its schema, its rows, and its full name. */
export interface LoadTable {
  readonly schema: TableSchema
  readonly staged: StagedTable
  readonly name: string
}

export interface Counts {
  inserted: number
  updated: number
  deleted: number
  unchanged: number
}

/** A load at work, inside its transaction. */
export interface Work {
  readonly connection: Connection
  readonly plan: LoadPlan
  readonly root: LoadTable
  /** Parents before their children. */
  readonly children: readonly LoadTable[]
  counts(table: LoadTable): Counts
}

/** A TEMP table that is gone with the transaction. Answers how many rows it has. */
export async function keep(connection: Connection, name: string, select: string): Promise<number> {
  const rows = await connection.run(`CREATE TEMP TABLE ${name} ON COMMIT DROP AS ${select}`)
  await analyse(connection, `pg_temp.${name}`, rows)
  return rows
}

/** From so many rows on, a bad plan costs more than to find a good one. */
const MANY_ROWS = 1000

/** What follows is planned for what the table has. */
export async function analyse(connection: Connection, name: string, rows: number): Promise<void> {
  if (rows >= MANY_ROWS) await connection.run(`ANALYZE ${name}`)
}

/** The table right below the root that a table is, or is below of. */
export function listOf(work: Work, { schema }: LoadTable): string {
  const parent = work.children.find((table) => table.schema.name === schema.parent)
  return parent === undefined ? schema.name : listOf(work, parent)
}

/** The staged column of one of the table's own. */
export const stagedColumn = ({ staged }: LoadTable, alias: string, column: string): string => `${alias}.${staged.staged(column)}`

/** Whether a stored row `t` and a staged one `s` have other values. */
export function differs({ schema, staged }: LoadTable, t = 't', s = 's'): string {
  const pairs = [
    ...schema.columns.map(({ name }) => [columnIdentifier(name), staged.staged(name)] as const),
    ...broughtColumns(schema).map((column) => [column.stored, column.staged] as const),
  ]
  return `(${pairs.map(([stored, own]) => `${t}.${stored} IS DISTINCT FROM ${s}.${own}`).join(' OR ')})`
}

/** Whether a stored row and a staged one have the same values in these columns. Only equalities, so that rows need not be compared one with all. */
export function sameValues(table: LoadTable, columns: readonly string[], nullsToo: boolean): string {
  return columns
    .map((column) => {
      const stored = `t.${columnIdentifier(column)}`
      const own = stagedColumn(table, 's', column)
      if (!nullsToo) return `${stored} = ${own}`
      // As text, in which a null can be any value at all; that it is one is compared beside it.
      return `(${stored} IS NULL) = (${own} IS NULL) AND coalesce(${stored}::text, '') = coalesce(${own}::text, '')`
    })
    .join(' AND ')
}

/** Step 7: the staged rows into their tables. */
export async function insertAll({ connection, plan, root, children }: Work): Promise<void> {
  for (const table of [root, ...children]) {
    const { schema, staged, name } = table
    const system = broughtColumns(schema)
    const versions = schema.versioned === true ? VALIDITY : []
    const into = [
      ...schema.columns.map((column) => columnIdentifier(column.name)),
      ...system.map(({ stored }) => stored),
      LOAD_ID,
      ...versions.map(({ stored }) => stored),
    ]
    const from = [
      ...schema.columns.map((column) => staged.staged(column.name)),
      ...system.map((column) => column.staged),
      String(plan.id),
      ...(versions.length > 0 ? [instant(plan.startedAt), 'NULL'] : []),
    ]
    const which = schema.parent === undefined ? ` WHERE fate = 'w'` : ''
    const insert = `INSERT INTO ${name} (${into.join(', ')}) SELECT ${from.join(', ')} FROM ${staged.name}${which}`
    await naming(schema.name, () => connection.run(insert))
  }
}

export const instant = (date: Date): string => `${literal(date.toISOString())}::timestamptz`

export const stagedRows = ({ connection, root }: Work): Promise<number> =>
  count(connection, `SELECT count(*) FROM ${root.staged.name} WHERE fate = 'w'`)

/** Leaves out records of the load whose sequence the query yields: their children go, their rows of the root stay as a mark. */
export async function leaveOut({ connection, root, children }: Work, sequences: string): Promise<void> {
  await connection.run(`UPDATE ${root.staged.name} SET fate = 'l' WHERE seq IN (${sequences})`)
  for (const { staged } of children) await connection.run(`DELETE FROM ${staged.name} WHERE seq IN (${sequences})`)
}

/** As `leaveOut`, and counts their rows, children too, as unchanged. */
export async function leaveOutUnchanged(work: Work, sequences: string): Promise<void> {
  const { connection, root, children } = work
  for (const table of [root, ...children]) {
    const rows = await count(connection, `SELECT count(*) FROM ${table.staged.name} WHERE seq IN (${sequences})`)
    work.counts(table).unchanged += rows
  }
  await leaveOut(work, sequences)
}
