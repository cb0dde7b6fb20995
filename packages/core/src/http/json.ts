import { randomUUID } from 'node:crypto'
import { endOfString, keepText } from './literals.ts'
import type { JsonValue } from './request.ts'

/**
 * An integer of 16 or more digits where a JSON number can stand. It may match inside a string, which costs only time;
 * fractions and exponents are left alone, because they are doubles anyhow.
 */
const LONG_INTEGER = /(?:^|[:,[\s])-?[1-9]\d{15,}(?![\d.eE])/

/**
 * Parses JSON, keeping every digit of integers: those beyond ±(2^53 − 1) become `bigint`. The common page, which has
 * none, takes the engine's own parser at full speed. `isDoubleLiteral` tells how its numbers are written. Throws `SyntaxError`.
 */
export function parseJson(text: string): JsonValue {
  const value = LONG_INTEGER.test(text) ? parseLongIntegers(text) : (JSON.parse(text) as JsonValue)
  keepText(value, text)
  return value
}

function parseLongIntegers(text: string): JsonValue {
  // Unguessable, so that no string of the API can pass for one of our marks.
  const mark = `\uE000${randomUUID()}`
  return reviveIntegers(JSON.parse(quoteLongIntegers(text, mark)) as JsonValue, mark)
}

/** Rewrites each long integer outside of strings as a marked string, in one pass that no input can make slow. */
function quoteLongIntegers(text: string, mark: string): string {
  const parts: string[] = []
  let position = 0
  while (position < text.length) {
    const open = text.indexOf('"', position)
    const end = open === -1 ? text.length : open
    parts.push(text.slice(position, end).replaceAll(LONG_INTEGERS_OUTSIDE_STRINGS, `"${mark}$&"`))
    if (open === -1) break
    position = endOfString(text, open)
    parts.push(text.slice(open, position))
  }
  return parts.join('')
}

/** Not the digits of a fraction or an exponent, and not a malformed number, which is left for the parser to refuse. */
const LONG_INTEGERS_OUTSIDE_STRINGS = /(?<![\d.eE]|[eE][+-])-?[1-9]\d{15,}(?![\d.eE])/g

/** Turns marked strings into numbers, or into `bigint` where a number would lose digits. Iterative: depth is no limit. */
function reviveIntegers(root: JsonValue, mark: string): JsonValue {
  const holder: JsonValue = [root]
  const pending: (JsonValue[] | { [key: string]: JsonValue })[] = [holder]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const object = node as { [key: string]: JsonValue }
    for (const key of Object.keys(object)) {
      const value = object[key]!
      if (typeof value === 'string') {
        if (value.startsWith(mark)) object[key] = toInteger(value.slice(mark.length))
      } else if (typeof value === 'object' && value !== null) {
        pending.push(value)
      }
    }
  }
  return holder[0]!
}

function toInteger(digits: string): number | bigint {
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : BigInt(digits)
}

/** JSON text of a value, with `bigint` as plain digits. Depth is no limit. */
export function stringifyJson(value: JsonValue): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    // A bigint, or more levels than the engine's own function has stack for.
    if (!(error instanceof TypeError) && !(error instanceof RangeError)) throw error
  }
  return stringifyIteratively(value)
}

/** The same JSON text for the same content, whatever the order of its keys. Depth is no limit. */
export const canonicalJson = (value: JsonValue): string => stringifyIteratively(value, true)

function stringifyIteratively(root: JsonValue, sorted = false): string {
  let text = ''
  /** What is still to be written, the next thing last: texts as they are, and values. */
  const pending: (string | { readonly value: JsonValue })[] = [{ value: root }]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next === 'string') text += next
    else if (typeof next.value === 'bigint') text += next.value.toString()
    else if (typeof next.value !== 'object' || next.value === null) text += JSON.stringify(next.value)
    else for (const part of partsOf(next.value, sorted).reverse()) pending.push(part)
  }
  return text
}

function partsOf(value: JsonValue[] | { [key: string]: JsonValue }, sorted: boolean): (string | { value: JsonValue })[] {
  if (Array.isArray(value)) {
    return ['[', ...value.flatMap((item, index) => [...(index === 0 ? [] : [',']), { value: item }]), ']']
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  if (sorted) members.sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    '{',
    ...members.flatMap(([key, member], index) => [`${index === 0 ? '' : ','}${JSON.stringify(key)}:`, { value: member }]),
    '}',
  ]
}
