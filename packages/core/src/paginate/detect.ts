import { aroundRecords, recordCount } from '../http/page.ts'
import type { Page, PageRequest } from '../http/request.ts'
import { type CursorOptions, cursor } from './cursor.ts'
import { countIn, envelopesOf, isOneObject, pathText, wholeNumber } from './envelope.ts'
import { headerLink, linkTarget } from './header-link.ts'
import { jsonLink } from './json-link.ts'
import { cursorParamOf, isCursor, isLink, isSelf, nextFields } from './next-field.ts'
import { type OffsetOptions, offset } from './offset.ts'
import { type PageNumberOptions, pageNumber } from './page-number.ts'
import type { Paginator } from './paginator.ts'
import { optionFor, sentFields } from './sent.ts'

/** A paginator as data, so that a pending request can remember it. */
export type Detected =
  | { readonly type: 'headerLink' }
  | { readonly type: 'jsonLink'; readonly nextUrlPath: string }
  /** `guessed`: nothing told whether the numbers begin at 0 or at 1. */
  | ({ readonly type: 'pageNumber'; readonly guessed?: true } & PageNumberOptions)
  | ({ readonly type: 'cursor' } & CursorOptions)
  | ({ readonly type: 'offset' } & OffsetOptions)

/** Names of fields, as `plainName` has them. */
const TOTAL_PAGES = new Set(['totalpages', 'pages', 'pagecount', 'pagescount', 'numpages', 'nbpages', 'lastpage'])
const TOTAL = new Set([
  'total',
  'totalcount',
  'totalitems',
  'totalresults',
  'totalelements',
  'totalrecords',
  'totalentries',
  'totalrows',
  'totalhits',
])
const COUNT = new Set(['count'])
const PAGE = new Set(['page', 'currentpage', 'pagenumber', 'number', 'pageindex', 'pageno'])
const LIMIT = new Set(['limit', 'perpage', 'pagesize', 'size', 'take', 'maxresults', 'pagelimit'])
const OFFSET = new Set(['offset', 'skip', 'start', 'startat', 'from'])
/** Parameters that a number of a page may already be sent in. */
const PAGE_PARAMS = ['page', 'page_number', 'pageNumber', 'page_index', 'pageIndex', 'p']

/** How the listing goes on, by what its first page says; `undefined` where it says nothing. */
export function detect(page: Page): Detected | undefined {
  const target = readableLink(page)
  if (target !== undefined && !isSelf(page, target)) return { type: 'headerLink' }
  const fields = nextFields(page)
  const link = fields.find((field) => isLink(field) && !isSelf(page, String(field.value)))
  if (link !== undefined) return { type: 'jsonLink', nextUrlPath: pathText(link.path) }
  // A URL is a URL, but the numbers and texts of one object are data.
  if (isOneObject(page)) return undefined
  const pages = byTotalPages(page)
  if (pages !== undefined) return pages
  const next = fields.find(isCursor)
  if (next === undefined) return byTotal(page)
  return { type: 'cursor', cursorPath: pathText(next.path), ...optionFor(page.request, 'cursor', cursorParamOf(next)) }
}

/** The paginator that was detected. */
export function build(detected: Detected): Paginator {
  switch (detected.type) {
    case 'headerLink':
      return headerLink()
    case 'jsonLink':
      return jsonLink(detected)
    case 'pageNumber':
      return pageNumber(detected)
    case 'cursor':
      return cursor(detected)
    case 'offset':
      return offset(detected)
  }
}

/** Where the first page tells the number of all records. A `count` may be that of the page, so it comes last. */
export function findTotal(page: Page): { path: string; name: string; count: number } | undefined {
  for (const names of [TOTAL, COUNT]) {
    for (const { path, fields } of envelopesOf(aroundRecords(page))) {
      const total = countIn(fields, names)
      if (total !== undefined) return { path: pathText([...path, total.key]), name: total.key, count: total.count }
    }
  }
  return undefined
}

/** A header that cannot be read may be meant for others. */
function readableLink(page: Page): string | undefined {
  try {
    return linkTarget(page, 'next')
  } catch {
    return undefined
  }
}

function byTotalPages(page: Page): Detected | undefined {
  for (const { path, fields } of envelopesOf(aroundRecords(page))) {
    const pages = countIn(fields, TOTAL_PAGES)
    if (pages === undefined) continue
    return { ...numbered(page.request, countIn(fields, PAGE)), totalPath: pathText([...path, pages.key]) }
  }
  return undefined
}

/** The first page was requested without a number, so it must not be requested again under its own. */
function numbered(request: PageRequest, told: { key: string; count: number } | undefined): Detected & { type: 'pageNumber' } {
  const sent = sentFields(request)
  const param = [told?.key ?? 'page', ...PAGE_PARAMS].find((name) => Object.hasOwn(sent, name)) ?? 'page'
  const number = wholeNumber(sent[param]) ?? told?.count
  const page = wholeNumber(sent[param]) ?? (number === 0 ? 0 : 1)
  return {
    type: 'pageNumber',
    basePage: page === 0 ? 0 : 1,
    page,
    ...optionFor(request, 'page', param),
    ...(number === undefined && { guessed: true }),
  }
}

/** The number of records, with the stretch of them that this page is: by offset, or by the number of the page. */
function byTotal(page: Page): Detected | undefined {
  const total = findTotal(page)
  const count = recordCount(page)
  if (count === 0 || total === undefined || total.count <= count) return undefined
  const { request } = page
  const sent = sentFields(request)
  for (const fields of [...envelopesOf(aroundRecords(page)).map((envelope) => envelope.fields), sent]) {
    const limit = countIn(fields, LIMIT)
    if (limit === undefined || limit.count < count) continue
    const start = countIn(fields, OFFSET)
    if (start !== undefined && start.count === (wholeNumber(sent[start.key]) ?? 0)) {
      return {
        type: 'offset',
        limit: limit.count,
        offset: start.count,
        totalPath: total.path,
        ...optionFor(request, 'offset', start.key),
        ...optionFor(request, 'limit', limit.key),
      }
    }
    const number = countIn(fields, PAGE)
    // The number of pages is not told, and a page may be capped: an empty page is what ends it.
    if (number !== undefined && (number.count <= 1 || number.count === wholeNumber(sent[number.key]))) {
      return { ...numbered(request, number), totalPath: null }
    }
  }
  return undefined
}
