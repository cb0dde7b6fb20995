import type { Page, PageRequest } from '../http/request.ts'
import { requestUrl } from '../http/url.ts'
import { unreadablePage } from './errors.ts'

/**
 * The request that a link of `page` stands for: relative ones resolve against the URL of the page (RFC 3986, 5). A link
 * brings its whole query, so the parameters of the page are not repeated; method, headers and body are. Throws `PAGE_INVALID`.
 */
export function follow(kind: string, page: Page, link: string): PageRequest {
  const base = requestUrl(page.request)
  const url = URL.canParse(link, base.href) ? new URL(link, base) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw unreadablePage(kind, page, `the link to the next page is no http(s) URL: ${JSON.stringify(link.slice(0, 60))}`)
  }
  url.hash = ''
  return { ...page.request, url: url.href, params: {} }
}
