import { parseJson } from '../http/json.ts'
import type { JsonValue } from '../http/request.ts'
import {
  BACKSLASH,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
  stringEnd,
  valueEnd,
} from './json-bytes.ts'

/**
 * Reads a body around the list at a path, which `readList` reads: from its bracket on, and answers where it has ended, or -1. The answer
 * is the body with an empty list in its place. Undefined: there is no such list, its path is given twice, or something is no JSON.
 */
export function readAroundList(bytes: Buffer, path: readonly string[], readList: (at: number) => number): JsonValue | undefined {
  const keys = path.map((key) => Buffer.from(key))
  let start = 0
  let end = -1

  const readValue = (at: number, depth: number): number => {
    if (depth < keys.length) return readMembers(at, depth)
    if (bytes[at] !== OPEN_LIST) return -1
    start = at
    end = readList(at)
    return end
  }

  /** An object with the key that leads on. */
  const readMembers = (open: number, depth: number): number => {
    if (bytes[open] !== OPEN_OBJECT) return -1
    let isFound = false
    for (let at = skipSpace(bytes, open + 1); bytes[at] === QUOTE; at = skipSpace(bytes, at + 1)) {
      const keyEnd = stringEnd(bytes, at)
      const colon = keyEnd === -1 ? -1 : skipSpace(bytes, keyEnd)
      const key = bytes.subarray(at + 1, keyEnd - 1)
      // A key with an escape may be the one that is looked for.
      if (colon === -1 || bytes[colon] !== COLON || key.includes(BACKSLASH)) return -1
      const from = skipSpace(bytes, colon + 1)
      const leadsOn = key.equals(keys[depth]!)
      if (leadsOn && isFound) return -1
      isFound ||= leadsOn
      const behind = leadsOn ? readValue(from, depth + 1) : valueEnd(bytes, from)
      if (behind === -1) return -1
      at = skipSpace(bytes, behind)
      if (bytes[at] === CLOSE_OBJECT) return isFound ? at + 1 : -1
      if (bytes[at] !== COMMA) return -1
    }
    return -1
  }

  if (readValue(skipSpace(bytes, 0), 0) === -1) return undefined
  try {
    return parseJson(`${bytes.toString('utf8', 0, start)}[]${bytes.toString('utf8', end)}`)
  } catch {
    return undefined
  }
}
