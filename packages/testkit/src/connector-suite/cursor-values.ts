import type { Connector, JsonValue } from '@tributary/core'
import type { RecordsByResource } from './options.ts'
import { endpointOf } from './survey.ts'

/** Records of a resource in the order of its cursor, those that move it furthest last; without those that have none. */
export function byCursor(connector: Connector, resource: string, records: RecordsByResource): JsonValue[] {
  const path = cursorPath(connector, resource)
  const direction = directionOf(connector, resource)
  return [...(records[resource] ?? [])]
    .filter((record) => (cursorOf(record, path) ?? null) !== null)
    .sort((a, b) => direction * compare(cursorOf(a, path)!, cursorOf(b, path)!))
}

export const cursorPath = (connector: Connector, resource: string): string => connector.resources[resource]!.cursor!

/** The value at a dotted path. */
export function cursorOf(record: JsonValue, path: string): JsonValue | undefined {
  if (isObject(record) && Object.hasOwn(record, path)) return record[path]
  return path.split('.').reduce<JsonValue | undefined>((value, key) => (isObject(value) ? value[key] : undefined), record)
}

/** A copy of the record that has another value there. */
export function withCursor(record: JsonValue, path: string, value: JsonValue): JsonValue {
  if (!isObject(record)) return record
  if (Object.hasOwn(record, path) || !path.includes('.')) return { ...record, [path]: value }
  const [key, ...rest] = path.split('.')
  return { ...record, [key!]: withCursor(record[key!] ?? {}, rest.join('.'), value) }
}

const directionOf = (connector: Connector, resource: string): 1 | -1 =>
  endpointOf(connector, resource).incremental?.lastValue === 'min' ? -1 : 1

function compare(a: JsonValue, b: JsonValue): number {
  if (typeof a === 'number' || typeof a === 'bigint') return Number(a) - Number(b)
  const [left, right] = [Date.parse(String(a)), Date.parse(String(b))]
  if (!Number.isNaN(left) && !Number.isNaN(right)) return left - right
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
}

const isObject = (value: JsonValue | undefined): value is { [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
