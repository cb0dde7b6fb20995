import { TributaryError } from '../errors.ts'
import type { JsonValue, Page } from '../http/request.ts'

/** `kind` is the paginator's name as it begins a sentence: `Page number`. */
export function invalidOptions(kind: string, why: string, cause?: unknown): TributaryError {
  return new TributaryError({ code: 'PAGINATOR_INVALID', recovery: 'fix-config', message: `${kind} pagination: ${why}.`, cause })
}

/** `place` says where in the listing, where that is known: `offset 200`. */
export function unreadablePage(kind: string, page: Page, why: string, place?: string): TributaryError {
  const where = place === undefined ? page.request.url : `${place} of ${page.request.url}`
  return new TributaryError({
    code: 'PAGE_INVALID',
    recovery: 'fix-config',
    message: `${kind} pagination, at ${where}: ${why}.`,
  })
}

/** What was found, short enough for an error. */
export function excerpt(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing there'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `${typeof value} ${String(value).slice(0, 60)}`
}

export function keysOf(body: JsonValue): string {
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? `the keys ${Object.keys(body)
        .slice(0, 20)
        .map((key) => key.slice(0, 40))
        .join(', ')}`
    : 'no keys'
}
