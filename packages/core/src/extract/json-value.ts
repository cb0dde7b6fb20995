import type { JsonValue } from '../http/request.ts'

/** Deeper than any API nests, and far less than what a stack takes. */
const DEPTH = 1000

/**
 * What a function has made, as JSON: members that are `undefined` are left out and dates become their ISO text, as in
 * `JSON.stringify`; but what that would lose without a word is an error. The value itself where there is nothing to change.
 */
export function toJsonValue(value: unknown, depth = 0): JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return value
    case 'number':
      if (Number.isFinite(value)) return value
      throw new TypeError(`it made ${value}, which is no JSON`)
    case 'object':
      return value === null ? null : ofObject(value, depth)
    default:
      throw new TypeError(`it made ${value === undefined ? 'undefined' : `a ${typeof value}`}, which is no JSON`)
  }
}

function ofObject(value: object, depth: number): JsonValue {
  if (depth > DEPTH) throw new TypeError(`it made a value that contains itself, or is nested more than ${DEPTH} levels deep`)
  if (Array.isArray(value)) {
    const items = value.map((item) => toJsonValue(item, depth + 1))
    return items.every((item, index) => item === value[index]) ? value : items
  }
  if (value instanceof Date) return toJsonValue(Number.isNaN(value.getTime()) ? Number.NaN : value.toISOString())
  if (!isPlain(value)) throw new TypeError(`it made a ${value.constructor?.name ?? 'value'}, which is no JSON`)
  return ofMembers(value as Readonly<Record<string, unknown>>, depth)
}

function ofMembers(value: Readonly<Record<string, unknown>>, depth: number): JsonValue {
  const members: [string, JsonValue][] = []
  let isSame = true
  for (const key of Object.keys(value)) {
    const member = value[key]
    if (member === undefined) {
      isSame = false
      continue
    }
    const made = toJsonValue(member, depth + 1)
    isSame &&= made === member
    members.push([key, made])
  }
  return isSame ? (value as JsonValue) : Object.fromEntries(members)
}

/** An instance of a class may have values where nobody looks: a `Map` has no keys at all. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
