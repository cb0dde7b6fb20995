import { type ColumnType, type JsonValue, ownValue, parseJson, stringifyJson, type TableSchema } from '@tributary/core'

/** Rewrites a line; a line that needs no change comes back as it is. */
export type Convert = (line: string) => string

/** What lines written under any of `from` need to be lines of `to`; `undefined` where they are so already. */
export function conversion(from: readonly TableSchema[], to: TableSchema): Convert | undefined {
  const types = new Map(to.columns.map(({ name, type }) => [name, type]))
  const changes = new Map<string, (value: JsonValue) => JsonValue>()
  for (const { name, type } of from.flatMap(({ columns }) => columns)) {
    const change = valueConversion(type, types.get(name) ?? type)
    if (change !== undefined) changes.set(name, change)
  }
  if (changes.size === 0) return undefined
  return (line) => {
    const row = parseJson(line) as Record<string, JsonValue>
    for (const [name, change] of changes) {
      const value = ownValue(row, name)
      if (value !== undefined) Object.defineProperty(row, name, { value: change(value), enumerable: true })
    }
    return stringifyJson(row)
  }
}

/** Lets values alone that are written as `to` already: a file may hold rows of both types. */
function valueConversion(from: ColumnType, to: ColumnType): ((value: JsonValue) => JsonValue) | undefined {
  const isNumber = from === 'bigint' || from === 'double'
  if (isNumber && (to === 'text' || to === 'decimal'))
    return (value) => (typeof value === 'number' || typeof value === 'bigint' ? String(value) : value)
  if (from === 'bool' && to === 'text') return (value) => (typeof value === 'boolean' ? String(value) : value)
  if (from === 'date' && to === 'timestamp')
    return (value) => (typeof value === 'string' && !value.includes('T') ? `${value}T00:00:00Z` : value)
  return undefined
}
