import type { JsonValue } from '@tributary/core'
import type { MockRequest } from '@tributary/testkit'

/**
 * A request as one line, for comparison: `GET /items?limit=2&offset=0`, with the query in the order of its names, the
 * chosen headers, and the body, JSON in the order of its keys.
 */
export function requestLine({ method, path, query, headers, body }: MockRequest, chosen: readonly string[] = []): string {
  const pairs = [...query].map(([name, value]) => `${name}=${value}`)
  // The order of names is free, that of one name's values is not.
  const named = pairs.toSorted((a, b) => compare(a.slice(0, a.indexOf('=')), b.slice(0, b.indexOf('='))))
  const line = `${method} ${path}${named.length > 0 ? `?${named.join('&')}` : ''}`
  const shown = chosen.map((name) => ` ${name}: ${headers[name] ?? '(none)'}`).join('')
  return `${line}${shown}${body === '' ? '' : ` ${canonicalBody(body)}`}`
}

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)

function canonicalBody(body: string): string {
  try {
    return JSON.stringify(withSortedKeys(JSON.parse(body) as JsonValue))
  } catch {
    return body.split('&').toSorted(compare).join('&')
  }
}

function withSortedKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withSortedKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, withSortedKeys(inner as JsonValue)] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => compare(a, b)))
}
