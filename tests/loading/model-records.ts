import type { JsonValue } from '@tributary/core'
import { jsonText } from '../matrix/values.ts'

type Columns = Readonly<Record<string, { readonly type: string }>>

/** Whether a record had what is at `/a/b`: a null came, something missing did not, and below what is no object all came as nothing. */
export function cameAt(record: JsonValue, path: string, columns: Columns, maxTableNesting: number): boolean {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return false
  let value: JsonValue = record
  let at = ''
  for (const [depth, key] of path.split('/').slice(1).entries()) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return true
    if (depth > 0 && (depth > maxTableNesting || columns[at]?.type === 'json')) return true
    if (!Object.hasOwn(value, key)) return false
    value = value[key]!
    at = `${at}/${key}`
  }
  return true
}

/** The same text for records that say the same: without nulls and what is empty, keys in order. */
export const saysOf = (record: JsonValue): string => jsonText(sayings(record) ?? null)

function sayings(value: JsonValue): JsonValue | undefined {
  if (value === null) return undefined
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => sayings(item) ?? null)
  if (typeof value !== 'object') return value
  const members = Object.entries(value).flatMap(([key, member]) => {
    const said = sayings(member)
    return said === undefined ? [] : [[key, said] as const]
  })
  return members.length === 0 ? undefined : Object.fromEntries(members)
}
