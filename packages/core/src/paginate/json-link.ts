import type { Page, PageRequest } from '../http/request.ts'
import { excerpt, invalidOptions, unreadablePage } from './errors.ts'
import { follow } from './link.ts'
import { compileLookup } from './lookup.ts'
import type { Paginator } from './paginator.ts'

const KIND = 'JSON link'

export interface JsonLinkOptions {
  /** Where the response has the URL of the next page, a dotted path or a JSONPath. Default `next`. */
  nextUrlPath?: string
}

/**
 * Each response has the URL of the next page, absolute or relative. No URL, `null` and an empty text end the listing.
 * Throws `PAGINATOR_INVALID`, and `PAGE_INVALID` for anything else than a URL.
 */
export function jsonLink({ nextUrlPath = 'next' }: JsonLinkOptions = {}): Paginator {
  if (nextUrlPath === '') throw invalidOptions(KIND, 'nextUrlPath is where the response has the next URL, but is empty')
  const lookup = compileLookup(KIND, 'nextUrlPath', nextUrlPath)

  const next = (page: Page): PageRequest[] => {
    const found = lookup(page)
    if (found === undefined || found === null) return []
    if (typeof found !== 'string') {
      throw unreadablePage(KIND, page, `${nextUrlPath} is the URL of the next page, a text, but is ${excerpt(found)}`)
    }
    return found.trim() === '' ? [] : [follow(KIND, page, found)]
  }
  return { kind: 'json_link', first: (request) => request, next }
}
