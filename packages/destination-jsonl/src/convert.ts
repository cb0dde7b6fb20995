import { type ColumnType, type JsonValue, parseJson, stringifyJson, type TableSchema } from '@tributary/core'

/** Types that are numbers in JSON, and those that are text there and take them. */
const NUMBERS = new Set<ColumnType>(['bigint', 'double'])
const TEXTS = new Set<ColumnType>(['text', 'decimal'])

/** Rewrites a line; a line that needs no change comes back as it is. */
export type Convert = (line: string) => string

/** What lines written under any of `from` need to be lines of `to`; `undefined` where they are so already. */
export function conversion(from: readonly TableSchema[], to: TableSchema): Convert | undefined {
  const types = new Map(to.columns.map(({ name, type }) => [name, type]))
  const names = from.flatMap(({ columns }) =>
    columns.filter(({ name, type }) => NUMBERS.has(type) && TEXTS.has(types.get(name) ?? type)).map(({ name }) => name),
  )
  if (names.length === 0) return undefined
  const changed = new Set(names)
  return (line) => {
    const row = parseJson(line) as Record<string, JsonValue>
    for (const name of changed) {
      const value = Object.hasOwn(row, name) ? row[name] : undefined
      if (typeof value === 'number' || typeof value === 'bigint') row[name] = String(value)
    }
    return stringifyJson(row)
  }
}
