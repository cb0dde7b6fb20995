import type { JsonValue } from '../http/request.ts'

/** What a body is, for a message. */
export function describeBody(body: JsonValue): string {
  if (Array.isArray(body)) return `a list of ${body.length}`
  if (typeof body !== 'object' || body === null) return `${body === null ? 'null' : `a ${typeof body}`}`
  const keys = Object.keys(body)
  return keys.length === 0
    ? 'an empty object'
    : `the keys ${keys
        .slice(0, 20)
        .map((key) => key.slice(0, 40))
        .join(', ')}`
}
