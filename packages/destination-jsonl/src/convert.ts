import type { ColumnType, TableSchema } from '@tributary/core'
import { readHead } from './lines.ts'
import { membersText, rawMembers } from './raw-line.ts'

/** Rewrites a line; a line that needs no change comes back as it is. */
export type Convert = (line: string) => string

/** What lines written under any of `from` need to be lines of `to`; `undefined` where they are so already. */
export function conversion(from: readonly TableSchema[], to: TableSchema): Convert | undefined {
  const types = new Map(to.columns.map(({ name, type }) => [name, type]))
  const changes = new Map<string, (raw: string) => string>()
  for (const { name, type } of from.flatMap(({ columns }) => columns)) {
    const change = valueConversion(type, types.get(name) ?? type)
    if (change !== undefined) changes.set(name, change)
  }
  if (changes.size === 0) return undefined
  const isChild = to.parent !== undefined
  return (line) => {
    const { end } = readHead(line, isChild)
    const members = rawMembers(line, end)
    for (const [name, change] of changes) {
      const raw = members.get(name)
      if (raw !== undefined) members.set(name, change(raw))
    }
    return `${line.slice(0, end)}${membersText(members)}}`
  }
}

/** Lets values alone that are written as `to` already: a file may hold rows of both types. */
function valueConversion(from: ColumnType, to: ColumnType): ((raw: string) => string) | undefined {
  const isText = (raw: string): boolean => raw.startsWith('"')
  if ((from === 'bigint' || from === 'double') && (to === 'text' || to === 'decimal'))
    return (raw) => (isText(raw) ? raw : `"${raw.endsWith('1e999') ? String(Number(raw)) : raw}"`)
  if (from === 'bool' && to === 'text') return (raw) => (isText(raw) ? raw : `"${raw}"`)
  if (from === 'json' && to === 'text') return (raw) => (isText(raw) ? raw : JSON.stringify(raw))
  if (from === 'date' && to === 'timestamp') return (raw) => (raw.includes('T') ? raw : `${raw.slice(0, -1)}T00:00:00Z"`)
  return undefined
}
