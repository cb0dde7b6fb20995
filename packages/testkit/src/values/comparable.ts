import { type Column, type JsonValue, parseJson, SYSTEM_COLUMNS, stringifyJson, type TableSchema } from '@tributary/core'
import { parseDate, parseInstant, parseTime } from './instant.ts'

/** A row in the one form that rows are compared in: text for each column that has a value. */
export type ComparableRow = Readonly<Record<string, string>>

const SYSTEM_TYPES: ReadonlyMap<string, Column['type']> = new Map([
  [SYSTEM_COLUMNS.id, 'text'],
  [SYSTEM_COLUMNS.loadId, 'bigint'],
  [SYSTEM_COLUMNS.parentId, 'text'],
  [SYSTEM_COLUMNS.rootId, 'text'],
  [SYSTEM_COLUMNS.index, 'bigint'],
])

const VERSION_TYPES: ReadonlyMap<string, Column['type']> = new Map([
  [SYSTEM_COLUMNS.validFrom, 'timestamp'],
  [SYSTEM_COLUMNS.validTo, 'timestamp'],
  [SYSTEM_COLUMNS.rowHash, 'text'],
])

/**
 * A row as `DatasetReader.rows` gives it, brought into the form that rows are compared in. Columns of no value are left out;
 * those that the table should not have are kept, so that they show. Throws `TypeError` for a value of the wrong kind.
 */
export function comparableRow(table: TableSchema, row: Readonly<Record<string, unknown>>): ComparableRow {
  const versions = table.versioned === true ? VERSION_TYPES : []
  const types = new Map([...SYSTEM_TYPES, ...versions, ...table.columns.map(({ name, type }) => [name, type] as const)])
  const entries = Object.entries(row)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => [name, comparable(types.get(name), value, `${table.name}.${name}`)] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function comparable(type: Column['type'] | undefined, value: unknown, where: string): string {
  switch (type) {
    case 'text':
      if (typeof value === 'string') return value
      break
    case 'bigint':
      if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value)
      break
    case 'double':
      // A large double without a fraction reads as an integer in some formats.
      if (typeof value === 'bigint' || typeof value === 'number') return Object.is(value, -0) ? '-0' : String(Number(value))
      break
    case 'bool':
      if (typeof value === 'boolean') return String(value)
      break
    case 'decimal':
      if (typeof value === 'string') return plainDecimal(value)
      break
    case 'timestamp':
      if (typeof value === 'string') return String(parseInstant(value))
      break
    case 'date':
      if (typeof value === 'string') return String(parseDate(value))
      break
    case 'time':
      if (typeof value === 'string') return String(parseTime(value))
      break
    case 'uuid':
      if (typeof value === 'string') return value.toLowerCase()
      break
    case 'json':
      return stringifyJson(sortKeys(typeof value === 'string' ? parseJson(value) : (value as JsonValue)))
    case 'binary':
      if (typeof value === 'string') return value
      if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
      break
    case undefined:
      return `(a column that the table should not have) ${String(value)}`
  }
  throw new TypeError(`${where}: ${typeof value} ${String(value).slice(0, 80)} is no value of a ${type} column`)
}

/** Decimal text without zeros that say nothing: `012.50` and `12.5` are one value. */
function plainDecimal(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text)
  if (match === null) throw new TypeError(`not a plain decimal: ${JSON.stringify(text)}`)
  const whole = match[2]!.replace(/^0+(?=\d)/, '')
  const fraction = (match[3] ?? '').replace(/0+$/, '')
  const number = fraction === '' ? whole : `${whole}.${fraction}`
  return number === '0' ? number : match[1]! + number
}

/** Some databases keep JSON by its value and not by its text. */
function sortKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, sortKeys(value[key]!)]))
}
