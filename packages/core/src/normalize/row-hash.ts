import { hash } from 'node:crypto'
import { canonicalJson } from '../http/json.ts'
import type { JsonValue } from '../http/request.ts'

/** Nesting that is walked by recursion. */
const DEPTH = 500

/**
 * The same text for records that say the same, whatever the order of their keys: SHA-256 of their JSON with sorted keys. A
 * key whose value is null, or an object or a list with nothing in it, says nothing.
 */
export function rowHash(record: JsonValue): string {
  return hash('sha256', textOf(record, 0) ?? 'null', 'base64url')
}

/** Undefined: there is nothing in it. */
function textOf(value: JsonValue, depth: number): string | undefined {
  if (value === null) return undefined
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object') return JSON.stringify(value)
  // So deep, it is kept whole in a column of JSON.
  if (depth >= DEPTH) return canonicalJson(value)
  if (Array.isArray(value)) {
    // Items have their places, whatever they say.
    return value.length === 0 ? undefined : `[${value.map((item) => textOf(item, depth + 1) ?? 'null').join()}]`
  }
  let text = ''
  for (const key of Object.keys(value).sort()) {
    const member = textOf(value[key]!, depth + 1)
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${member}`
  }
  return text === '' ? undefined : `{${text}}`
}
