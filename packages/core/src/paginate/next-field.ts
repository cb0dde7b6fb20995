import { aroundRecords } from '../http/page.ts'
import type { JsonValue, Page } from '../http/request.ts'
import { requestUrl } from '../http/url.ts'
import { type Envelope, envelopesOf, plainName } from './envelope.ts'

/** A field that speaks of the next page: `next`, `nextPageToken`, `links.next.href`, `@odata.nextLink`. */
export interface NextField {
  readonly path: readonly string[]
  /** What the name says beyond `next`, as it is written: `pageToken` of `nextPageToken`. */
  readonly rest: string
  readonly value: JsonValue
}

const NEXT = /^[@$_]*(?:odata\.)?next/i
/** In an object `next`: where its URL or its cursor is. */
const INNER = /^(?:href|url|uri|link|cursor|token|after)/i
/** Words of fields that speak of a next time, not of a next page. */
const OF_TIME = new Set([
  'at',
  'date',
  'time',
  'timestamp',
  'run',
  'sync',
  'update',
  'refresh',
  'reset',
  'retry',
  'billing',
  'poll',
])

/** In the order of the response. */
export function nextFields(page: Page): NextField[] {
  return envelopesOf(aroundRecords(page)).flatMap(nextFieldsOf)
}

function nextFieldsOf({ path, fields }: Envelope): NextField[] {
  return Object.entries(fields).flatMap(([key, value]): NextField[] => {
    const name = key.match(NEXT)?.[0]
    if (name === undefined || Array.isArray(value)) return []
    const rest = key.slice(name.length).replace(/^[^A-Za-z0-9]+/, '')
    if (wordsOf(rest).some((word) => OF_TIME.has(word))) return []
    if (typeof value !== 'object' || value === null) return [{ path: [...path, key], rest, value }]
    return Object.entries(value).flatMap(([inner, innerValue]): NextField[] =>
      INNER.test(inner) && (typeof innerValue !== 'object' || innerValue === null)
        ? [{ path: [...path, key, inner], rest: inner, value: innerValue }]
        : [],
    )
  })
}

const wordsOf = (name: string): string[] => name.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/).map((word) => word.toLowerCase())

/** Whether it has a URL. A token may begin with a slash too, so the name counts. */
export function isLink({ rest, value }: NextField): boolean {
  if (typeof value !== 'string') return false
  if (/^https?:\/\//i.test(value)) return true
  if (/cursor|token|after/i.test(rest)) return false
  return /^[/?]./.test(value) || (value !== '' && /(?:url|uri|link|href)$/i.test(rest))
}

/** Whether it has a cursor. */
export function isCursor(field: NextField): boolean {
  const { value } = field
  if (typeof value === 'string') return value.trim() !== '' && !isLink(field)
  return (typeof value === 'number' || typeof value === 'bigint') && value > 0
}

/** The parameter that the cursor of such a field goes to, by the custom of the APIs that have it; `cursor` where there is none. */
export function cursorParamOf({ rest, value }: NextField): string {
  const isNumber = typeof value !== 'string' || /^\d+$/.test(value)
  const name = plainName(rest)
  const follows = name === 'page' ? isNumber : ['pagetoken', 'offset', 'skip', 'start', 'marker', 'after'].includes(name)
  return follows ? rest.charAt(0).toLowerCase() + rest.slice(1) : 'cursor'
}

/** Whether `link` leads to the page that it came with. */
export function isSelf({ request }: Page, link: string): boolean {
  const own = requestUrl(request)
  if (!URL.canParse(link, own.href)) return false
  const target = new URL(link, own)
  for (const url of [own, target]) {
    url.hash = ''
    url.searchParams.sort()
  }
  return own.href === target.href
}
