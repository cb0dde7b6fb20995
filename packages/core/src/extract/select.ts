import { compile, type JSONPathQuery } from 'json-p3'
import { TributaryError } from '../errors.ts'
import type { JsonValue } from '../http/request.ts'
import { valueAt } from './path.ts'

/** Finds the records in a body; `undefined` where the selector matches nothing. */
export type Select = (body: JsonValue) => readonly JsonValue[] | undefined

/** Keys that lists of records go by, in many APIs. */
const RECORD_KEYS = new Set([
  'data',
  'items',
  'results',
  'entries',
  'records',
  'rows',
  'entities',
  'payload',
  'content',
  'objects',
  'values',
])
const DETECTION_DEPTH = 3

const DOTTED = /^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*$/

/** The keys that lead to the list of records, where a selector names it by them alone. */
export function recordsPath(selector: string): readonly string[] | undefined {
  const bare = selector.replace(/^\$\.?/, '')
  if (bare === '') return []
  return DOTTED.test(bare) ? bare.split('.') : undefined
}

/**
 * Compiles a data selector: JSONPath (RFC 9535), whose leading `$.` may be left out. One match that is a list gives its
 * items; one that is an object, or several matches, are the records themselves. Throws `SELECTOR_INVALID`.
 */
export function compileSelector(selector: string): Select {
  if (selector === '' || selector === '$') return (body) => recordsOf(body, '$')
  if (DOTTED.test(selector)) {
    return (body) => {
      const found = valueAt(body, selector)
      return found === undefined ? undefined : recordsOf(found, selector)
    }
  }
  const query = parse(selector)
  const list = listOf(selector)
  return (body) => {
    const matches = query.query(body as never).values() as JsonValue[]
    if (matches.length === 0) return list === undefined || list.query(body as never).values().length === 0 ? undefined : []
    return matches.length === 1 ? recordsOf(matches[0]!, selector) : matches
  }
}

/** Of a selector that goes through a list, `data[*].item`: that of the list, which may be there and be empty. */
function listOf(selector: string): JSONPathQuery | undefined {
  const list = /^(.+?)(?:\[\*\]|\.\*|\[\?|\[-?\d*:)/.exec(selector)?.[1]
  return list === undefined || list.includes('..') ? undefined : parse(list)
}

function parse(selector: string): JSONPathQuery {
  const path = selector.startsWith('$') ? selector : selector.startsWith('[') ? `$${selector}` : `$.${selector}`
  try {
    return compile(path)
  } catch (error) {
    throw new TributaryError({
      code: 'SELECTOR_INVALID',
      recovery: 'fix-config',
      message: `The data selector ${JSON.stringify(selector)} is not a JSONPath: ${error instanceof Error ? error.message : String(error)}.`,
      cause: error,
    })
  }
}

/** `null` is no records, as an empty list is. */
function recordsOf(found: JsonValue, selector: string): readonly JsonValue[] {
  if (Array.isArray(found)) return found
  if (found === null) return []
  if (typeof found === 'object') return [found]
  throw new TributaryError({
    code: 'RECORDS_INVALID',
    recovery: 'fix-data',
    message: `At ${selector} the response should have a list of records, but has ${typeof found} ${JSON.stringify(String(found).slice(0, 60))}.`,
  })
}

/**
 * The selector of a body that nobody described: the body where it is a list; else of the lists at most three keys deep, the
 * first one under a well-known key, or the first one; else the body, as one record.
 */
export function detectSelector(body: JsonValue): string {
  const lists = listPaths(body, [])
  const path = lists.find((keys) => RECORD_KEYS.has(keys.at(-1)!)) ?? lists[0] ?? []
  const dotted = path.join('.')
  return DOTTED.test(dotted) ? dotted : ['$', ...path.map((key) => `[${JSON.stringify(key)}]`)].join('')
}

function listPaths(value: JsonValue, keys: readonly string[]): string[][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || keys.length === DETECTION_DEPTH) return []
  return Object.entries(value).flatMap(([key, member]) =>
    Array.isArray(member) ? [[...keys, key]] : listPaths(member, [...keys, key]),
  )
}
