import type { JsonValue, Page } from '../http/request.ts'

/** An object of a response outside the lists: what goes with the records, such as `meta`. */
export interface Envelope {
  readonly path: readonly string[]
  readonly fields: { readonly [key: string]: JsonValue }
}

const DEPTH = 4

/** The body first, then the objects in it, in the order of the response. */
export function envelopesOf(body: JsonValue, path: readonly string[] = []): Envelope[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || path.length > DEPTH) return []
  const inner = Object.entries(body).flatMap(([key, value]) => envelopesOf(value, [...path, key]))
  return [{ path, fields: body }, ...inner]
}

/** The response is one object, or a wrapper around one: whatever its fields are called, they are data. */
export function isOneObject(page: Page): boolean {
  // What is scanned is a list.
  if (page.scanned !== undefined) return false
  const { records, body } = page
  return records.length === 1 && envelopesOf(body).some(({ fields }) => fields === records[0])
}

/** Names are compared in lower case, without what stands between the words: `totalPages` and `total_pages` are one. */
export const plainName = (key: string): string => key.toLowerCase().replace(/[^a-z0-9]/g, '')

/** The first field of a name in `names`, in the order of the fields, that holds a whole number from 0, also as text. */
export function countIn(fields: Envelope['fields'], names: ReadonlySet<string>): { key: string; count: number } | undefined {
  for (const [key, value] of Object.entries(fields)) {
    const count = names.has(plainName(key)) ? wholeNumber(value) : undefined
    if (count !== undefined) return { key, count }
  }
  return undefined
}

export function wholeNumber(value: JsonValue | undefined): number | undefined {
  const found = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value
  return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : undefined
}

/** A path for the paginators' options: dotted where the keys allow it, else JSONPath. */
export function pathText(path: readonly string[]): string {
  if (path.every((key) => /^[\w-]+$/.test(key))) return path.join('.')
  return `$${path.map((key) => `[${JSON.stringify(key)}]`).join('')}`
}
