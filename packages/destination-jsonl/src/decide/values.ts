import { type Column, type DedupSort, type JsonValue, ownValue, parseJson, type TableSchema } from '@tributary/core'
import { type Ordered, orderedValue } from './order.ts'

type Row = Record<string, JsonValue>

/** Reads what rows are compared by off their lines: text that is the same for the same values. */
export function keyReader(names: readonly string[], schema: TableSchema): (line: string) => string {
  const columns = names.map((name) => ({ name, type: typeOf(schema, name) }))
  return (line) => {
    const row = parseJson(line) as Row
    return JSON.stringify(columns.map(({ name, type }) => keyText(type, ownValue(row, name))))
  }
}

/** Reads the value that decides between rows of one key; `undefined` where there is none. */
export function orderReader({ column }: DedupSort, schema: TableSchema): (line: string) => Ordered | undefined {
  const type = typeOf(schema, column)
  const mark = `,${JSON.stringify(column)}:`
  // Without the name in it, a line need not be parsed.
  return (line) => (line.includes(mark) ? orderedValue(type, ownValue(parseJson(line) as Row, column)) : undefined)
}

/** Reads whether a row deletes: `true`, or any value of another type than `bool`. */
export function deletionReader(column: string, schema: TableSchema): (line: string) => boolean {
  const mark = `,${JSON.stringify(column)}:`
  const isBool = typeOf(schema, column) === 'bool'
  return (line) => {
    if (!line.includes(mark)) return false
    const value = ownValue(parseJson(line) as Row, column) ?? null
    return isBool ? value === true : value !== null
  }
}

const typeOf = (schema: TableSchema, name: string): Column['type'] | undefined =>
  schema.columns.find((column) => column.name === name)?.type

function keyText(type: Column['type'] | undefined, value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null
  if (type === 'text') return value as string
  const ordered = orderedValue(type, value)
  return typeof ordered === 'number' && ordered === 0 ? '0' : String(ordered)
}
