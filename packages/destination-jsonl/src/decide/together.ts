import type { TableSchema } from '@tributary/core'
import { readHead } from '../lines.ts'
import { membersText, rawMembers } from '../raw-line.ts'
import type { CarriedTo } from './carry.ts'

/** A record of the load, with what it lacks. */
export type Coming = readonly [line: string, sequence: number, columns: readonly string[], lists: readonly string[]]

/** Records of one key up to one of them: what they come to together. */
export interface Together {
  /** Of the last of them, with the values that those before it have for what it lacks. */
  readonly line: string
  readonly sequence: number
  /** What none of them has. */
  readonly columns: readonly string[]
  readonly lists: readonly string[]
  /** Lists that the last of them lacks: the record before it that has each of them. */
  readonly listsOf: ReadonlyMap<string, CarriedTo>
  readonly deletes: boolean
  /** Whether the line is as it came. */
  readonly isAsItCame: boolean
}

/** Step 1: a record is completed from those of its key before it. What follows a deletion has come with everything. */
export function together(schema: TableSchema, before: Together | undefined, coming: Coming, deletes: boolean): Together {
  const [line, sequence, columns, lists] = coming
  const alone = { line, sequence, columns, lists, listsOf: new Map(), deletes, isAsItCame: true }
  if (before === undefined || deletes) return alone
  if (before.deletes) return { ...alone, columns: [], lists: [] }
  const own = { id: readHead(before.line, false).id, sequence: before.sequence }
  const had = lists.filter((name) => !before.lists.includes(name))
  return {
    line: columns.length === 0 ? line : completedLine(schema, line, before.line, columns),
    sequence,
    columns: columns.filter((name) => before.columns.includes(name)),
    lists: lists.filter((name) => before.lists.includes(name)),
    listsOf: new Map(had.map((name) => [name, before.listsOf.get(name) ?? own])),
    deletes,
    isAsItCame: columns.length === 0,
  }
}

/** The line with the values of another for the columns that it lacks, in the order of the table's columns. */
export function completedLine({ columns }: TableSchema, line: string, otherLine: string, absent: readonly string[]): string {
  const { end } = readHead(line, false)
  const own = rawMembers(line, end)
  const other = rawMembers(otherLine, readHead(otherLine, false).end)
  const members = columns.flatMap(({ name }): [string, string][] => {
    const raw = (absent.includes(name) ? other : own).get(name)
    return raw === undefined ? [] : [[name, raw]]
  })
  return `${line.slice(0, end)}${membersText(members)}}`
}
