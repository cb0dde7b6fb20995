import LinkHeader from 'http-link-header'
import type { Page, PageRequest } from '../http/request.ts'
import { invalidOptions, unreadablePage } from './errors.ts'
import { follow } from './link.ts'
import type { Paginator } from './paginator.ts'

const KIND = 'Header link'

export interface HeaderLinkOptions {
  /** Relation type of the link to the next page. Default `next`. */
  linksNextKey?: string
}

/**
 * Each response has a `Link` header (RFC 8288) with the URL of the next page. No link of that relation ends the
 * listing. Throws `PAGE_INVALID` for a header that cannot be read: its link might be the one that matters.
 */
export function headerLink({ linksNextKey = 'next' }: HeaderLinkOptions = {}): Paginator {
  if (linksNextKey.trim() === '') {
    throw invalidOptions(KIND, 'linksNextKey is the relation of the link to the next page, such as next, but is empty')
  }
  const next = (page: Page): PageRequest[] => {
    const target = linkTarget(page, linksNextKey)
    return target === undefined ? [] : [follow(KIND, page, target)]
  }
  return { kind: 'header_link', first: (request) => request, next }
}

/**
 * One link with its parameters: a comma between quotes or angle brackets is a part of it. The parser takes a header as
 * a whole too, but loses the links behind a space before a comma, or behind a parameter without a value.
 */
const LINK = /<[^>]*>(?:"(?:\\.|[^"\\])*"|[^",])*/g

/** Target of the first link of a relation; relations are compared without case. Throws `PAGE_INVALID`. */
export function linkTarget(page: Page, relation: string): string | undefined {
  const header = page.headers.link?.trim() ?? ''
  if (header === '') return undefined
  try {
    const links = header.match(LINK)
    if (links === null) throw new Error('there is no <…> in it')
    for (const link of links) {
      const target = LinkHeader.parse(link.trim()).rel(relation)[0]?.uri.trim()
      if (target !== undefined && target !== '') return target
    }
    return undefined
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw unreadablePage(KIND, page, `the Link header is not as RFC 8288 has it (${why}): ${JSON.stringify(header.slice(0, 60))}`)
  }
}
