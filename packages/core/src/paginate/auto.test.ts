import { describe, expect, it } from 'vitest'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import { auto } from './auto.ts'

const base: PageRequest = { method: 'GET', url: 'https://a.example/x', params: {}, headers: {} }

interface Case {
  readonly body?: JsonValue
  readonly link?: string
  readonly request?: Partial<PageRequest>
  /** Default: two, at `data`. */
  readonly records?: readonly JsonValue[]
}

const TWO = [{ id: 1 }, { id: 2 }]

const pageOf = ({ body = {}, link, request, records = TWO }: Case): Page => ({
  request: { ...base, ...request },
  status: 200,
  headers: link === undefined ? {} : { link },
  bytes: 0,
  body: typeof body === 'object' && body !== null && !Array.isArray(body) ? { data: [...records], ...body } : body,
  records,
  mayRepeat: false,
})

/** The first request that follows: its type, and what it has that the first one had not. */
function next(page: Case): Record<string, unknown> | undefined {
  const [request] = [...auto().next(pageOf(page))]
  if (request === undefined) return undefined
  const { type } = (request.position as { detected: { type: string } }).detected
  const { url, params, json } = request
  return { type, ...(url !== base.url && { url }), ...params, ...(json !== undefined && { json }) }
}

const NEXT_LINK = '<https://a.example/x?page=2>; rel="next"'

describe('what the first response shows', () => {
  it.each<[string, string, Case, Record<string, unknown> | undefined]>([
    ['a Link header', 'detect.header-link', { link: NEXT_LINK }, { type: 'headerLink', url: 'https://a.example/x?page=2' }],
    [
      'a Link header beside all else',
      'detect.order',
      { link: NEXT_LINK, body: { next: '/y', total_pages: 9 } },
      { type: 'headerLink', url: 'https://a.example/x?page=2' },
    ],
    [
      'a Link header with a list as the body',
      'detect.header-link',
      { link: NEXT_LINK, body: TWO },
      { type: 'headerLink', url: 'https://a.example/x?page=2' },
    ],
    ['a Link header that leads to itself', 'detect.self', { link: '<https://a.example/x>; rel="next"' }, undefined],
    [
      'a Link header that cannot be read',
      'detect.header-link',
      { link: 'next', body: { next: '/y' } },
      { type: 'jsonLink', url: 'https://a.example/y' },
    ],

    [
      'next',
      'detect.next-url',
      { body: { next: 'https://a.example/x?c=1' } },
      { type: 'jsonLink', url: 'https://a.example/x?c=1' },
    ],
    [
      'links.next',
      'detect.next-url',
      { body: { links: { self: '/x', next: '/y' } } },
      { type: 'jsonLink', url: 'https://a.example/y' },
    ],
    ['paging.next', 'detect.next-url', { body: { paging: { next: '/y' } } }, { type: 'jsonLink', url: 'https://a.example/y' }],
    [
      'meta.next_url',
      'detect.next-url',
      { body: { meta: { next_url: '?c=1' } } },
      { type: 'jsonLink', url: 'https://a.example/x?c=1' },
    ],
    [
      '_links.next.href',
      'detect.next-url',
      { body: { _links: { next: { href: '/y' } } } },
      { type: 'jsonLink', url: 'https://a.example/y' },
    ],
    [
      '@odata.nextLink',
      'detect.next-url',
      { body: { '@odata.nextLink': 'https://a.example/y' } },
      { type: 'jsonLink', url: 'https://a.example/y' },
    ],
    ['nextRecordsUrl', 'detect.next-url', { body: { nextRecordsUrl: '/y' } }, { type: 'jsonLink', url: 'https://a.example/y' }],
    [
      'a URL behind another next',
      'detect.next-url',
      { body: { next_page: 2, next_page_url: '/y' } },
      { type: 'jsonLink', url: 'https://a.example/y' },
    ],
    [
      'a URL beside a number of pages',
      'detect.order',
      { body: { total_pages: 5, next: '/y' } },
      { type: 'jsonLink', url: 'https://a.example/y' },
    ],
    ['a URL that leads to itself', 'detect.self', { body: { next: '/x' } }, undefined],
    [
      'a URL that differs in the order of its query',
      'detect.self',
      { body: { next: '/x?b=2&a=1' }, request: { params: { a: 1, b: 2 } } },
      undefined,
    ],
    ['a URL in a record', 'detect.next-url', { records: [{ next: '/y' }, {}] }, undefined],
    ['total_pages and page 1', 'detect.pages', { body: { total_pages: 5, page: 1 } }, { type: 'pageNumber', page: 2 }],
    ['total_pages and page 0', 'detect.pages.base', { body: { total_pages: 5, page: 0 } }, { type: 'pageNumber', page: 1 }],
    [
      'totalPages and number 0, as Spring has it',
      'detect.pages.base',
      { body: { totalPages: 5, number: 0, size: 2 } },
      { type: 'pageNumber', page: 1 },
    ],
    ['pages in text', 'detect.pages', { body: { pages: '5' } }, { type: 'pageNumber', page: 2 }],
    ['pages of one', 'detect.pages', { body: { pages: 1 } }, undefined],
    ['pages, and no page of its own', 'detect.pages.base', { body: { meta: { pages: 5 } } }, { type: 'pageNumber', page: 2 }],
    [
      'pages, and page 0 was asked for',
      'detect.pages.base',
      { body: { pages: 5 }, request: { params: { page: 0 } } },
      { type: 'pageNumber', page: 1 },
    ],
    [
      'pages, and page 3 was asked for',
      'detect.pages.base',
      { body: { pages: 5 }, request: { params: { page: 3 } } },
      { type: 'pageNumber', page: 4 },
    ],
    [
      'pages, and the API has a name for the parameter',
      'detect.pages',
      { body: { pages: 5, pageNumber: 1 }, request: { params: { pageNumber: 1 } } },
      { type: 'pageNumber', pageNumber: 2 },
    ],
    [
      'pages, and the number was in the body',
      'detect.body',
      { body: { pages: 5 }, request: { json: { page: 1 } } },
      { type: 'pageNumber', json: { page: 2 } },
    ],
    ['pages beside a cursor', 'detect.order', { body: { pages: 5, next: 'abc' } }, { type: 'pageNumber', page: 2 }],
    ['pages and no record', 'detect.empty', { body: { pages: 5 }, records: [] }, undefined],
    ['pages that are a list', 'detect.pages', { body: { pages: [1, 2] } }, undefined],

    ['next as a cursor', 'detect.cursor', { body: { next: 'abc' } }, { type: 'cursor', cursor: 'abc' }],
    ['next_cursor', 'detect.cursor', { body: { meta: { next_cursor: 'a/b==' } } }, { type: 'cursor', cursor: 'a/b==' }],
    ['a cursor that looks like a path', 'detect.cursor', { body: { next_cursor: '/ab==' } }, { type: 'cursor', cursor: '/ab==' }],
    ['a cursor in a number', 'detect.cursor', { body: { next: 17 } }, { type: 'cursor', cursor: 17 }],
    ['a cursor and no record', 'detect.empty', { body: { next_cursor: 'abc' }, records: [] }, { type: 'cursor', cursor: 'abc' }],
    ['nextPageToken', 'detect.cursor.param', { body: { nextPageToken: 'abc' } }, { type: 'cursor', pageToken: 'abc' }],
    ['next_page_token', 'detect.cursor.param', { body: { next_page_token: 'abc' } }, { type: 'cursor', page_token: 'abc' }],
    ['next_page', 'detect.cursor.param', { body: { next_page: 2 } }, { type: 'cursor', page: 2 }],
    ['next_offset', 'detect.cursor.param', { body: { next_offset: 2 } }, { type: 'cursor', offset: 2 }],
    ['paging.next.after', 'detect.cursor.param', { body: { paging: { next: { after: '2' } } } }, { type: 'cursor', after: '2' }],
    [
      'a cursor that was in the body',
      'detect.body',
      { body: { next: 'abc' }, request: { json: { cursor: null } } },
      { type: 'cursor', json: { cursor: 'abc' } },
    ],
    [
      'a cursor beside offset, limit and total',
      'detect.order',
      { body: { next: 'abc', offset: 0, limit: 2, total: 5 } },
      { type: 'cursor', cursor: 'abc' },
    ],
    ['true', 'detect.cursor', { body: { next: true } }, undefined],
    ['a time', 'detect.cursor', { body: { next_run_at: '2026-01-01' } }, undefined],
    [
      'a cursor beside an object that is no record',
      'detect.cursor',
      { body: { data: { next_id: 5 }, x: 1 }, records: [] },
      { type: 'cursor', cursor: 5 },
    ],

    [
      'offset, limit and total',
      'detect.offset',
      { body: { offset: 0, limit: 2, total: 5 } },
      { type: 'offset', offset: 2, limit: 2 },
    ],
    [
      'skip and take',
      'detect.offset',
      { body: { page_info: { skip: 0, take: 2 }, totalCount: 5 } },
      { type: 'offset', skip: 2, take: 2 },
    ],
    [
      'startAt and maxResults',
      'detect.offset',
      { body: { startAt: 0, maxResults: 50, total: 5 } },
      { type: 'offset', startAt: 2, maxResults: 50 },
    ],
    [
      'an offset that was asked for',
      'detect.offset',
      { body: { offset: 4, limit: 2, total: 9 }, request: { params: { offset: 4 } } },
      { type: 'offset', offset: 6, limit: 2 },
    ],
    [
      'offset and limit that were asked for, and a total',
      'detect.offset',
      { body: { total: 5 }, request: { params: { offset: '0', limit: '2' } } },
      { type: 'offset', offset: 2, limit: 2 },
    ],
    [
      'offset and limit that were in the body',
      'detect.body',
      { body: { total: 5 }, request: { json: { offset: 0, limit: 2 } } },
      { type: 'offset', json: { offset: 2, limit: 2 } },
    ],
    ['a total that is reached', 'detect.offset.fits', { body: { offset: 0, limit: 2, total: 2 } }, undefined],
    ['an offset that does not fit', 'detect.offset.fits', { body: { offset: 7, limit: 2, total: 5 } }, undefined],
    ['a limit that does not fit', 'detect.offset.fits', { body: { offset: 0, limit: 1, total: 5 } }, undefined],
    ['no total', 'detect.offset.fits', { body: { offset: 0, limit: 2 } }, undefined],
    ['offset, limit, total and no record', 'detect.empty', { body: { offset: 0, limit: 2, total: 5 }, records: [] }, undefined],
    [
      'page, per_page and total',
      'detect.page-of-items',
      { body: { page: 1, per_page: 2, total: 5 } },
      { type: 'pageNumber', page: 2 },
    ],
    [
      'page, per_page and a total that is reached',
      'detect.page-of-items',
      { body: { page: 1, per_page: 2, total: 2 } },
      undefined,
    ],
    [
      'offset, limit and count',
      'detect.offset',
      { body: { offset: 0, limit: 2, count: 5 } },
      { type: 'offset', offset: 2, limit: 2 },
    ],
    [
      'a count of the page beside a total',
      'detect.offset',
      { body: { count: 2, offset: 0, limit: 2, total: 5 } },
      { type: 'offset', offset: 2, limit: 2 },
    ],
    [
      'a next of 0 beside a total',
      'detect.cursor',
      { body: { next: 0, offset: 0, limit: 2, total: 5 } },
      { type: 'offset', offset: 2, limit: 2 },
    ],
    [
      'page 0, size and totalElements',
      'detect.page-of-items',
      { body: { page: { number: 0, size: 2, totalElements: 5 } } },
      { type: 'pageNumber', page: 1 },
    ],

    ['nothing', 'detect.single-page', {}, undefined],
    ['a list', 'detect.single-page', { body: TWO }, undefined],
    ['null', 'detect.single-page', { body: null, records: [] }, undefined],
  ])('%s [%s]', (_what, _rule, page, expected) => {
    expect(next(page)).toEqual(expected)
  })

  it.each<[string, Record<string, JsonValue>]>([
    ['pages', { title: 'a book', pages: 350 }],
    ['a cursor', { id: 4, next_id: 5 }],
    ['offset, limit and total', { offset: 0, limit: 2, total: 5 }],
  ])('%s of a response that is one object are data [detect.one-object]', (_what, record) => {
    const page = { ...pageOf({ records: [record] }), body: record }
    expect([[...auto().next(page)], auto().warning?.(page)]).toEqual([[], undefined])
    const wrapped = { ...pageOf({ records: [record] }), body: { data: record } }
    expect([[...auto().next(wrapped)], auto().warning?.(wrapped)]).toEqual([[], undefined])
  })

  it('but a URL beside the object leads on [detect.next-url]', () => {
    const record = { id: 1 }
    const page = { ...pageOf({ records: [record] }), body: { item: record, next: '/y' } }
    expect([...auto().next(page)].map(({ url }) => url)).toEqual(['https://a.example/y'])
  })
})

describe('what follows the second page', () => {
  it('is told by the position alone, also to another paginator [detect.resume]', () => {
    const [second] = [...auto().next(pageOf({ body: { pages: 300 } }))]
    expect(second?.position).toEqual({
      detected: expect.objectContaining({ type: 'pageNumber' }),
      position: { page: 2, inner: true, total: 300 },
    })
    const last = [...auto().next(pageOf({ body: { pages: 300 } }))].at(-1)!
    const stored = JSON.parse(JSON.stringify(last)) as PageRequest
    // Its own shape does not matter any more.
    const page = { ...pageOf({ body: { next: '/y' } }), request: stored }
    expect([...auto().next(page)].map(({ params }) => params.page)).toEqual(Array.from({ length: 43 }, (_, index) => 258 + index))
  })

  it('has the total of the paginator that was detected [detect.offset]', () => {
    const page = pageOf({ body: { offset: 0, limit: 2, total: 5 } })
    const [second] = [...auto().next(page)]
    expect([auto().total?.(page), auto().total?.({ ...page, request: second! }), auto().total?.(pageOf({}))]).toEqual([
      5,
      5,
      undefined,
    ])
  })
})

describe('a warning', () => {
  const warning = (page: Case): string | undefined => auto().warning?.(pageOf(page))

  it.each<[string, Case, RegExp]>([
    [
      'nothing that tells',
      {},
      /No pagination was found in the response of https:\/\/a\.example\/x: its 2 records are taken as if that were all.*single_page/,
    ],
    ['a list', { body: TWO }, /No pagination was found/],
    ['a count that may be that of the page', { body: { count: 2 } }, /No pagination was found/],
    ['more, but not where', { body: { meta: { has_more: true } } }, /although it says that there is more \(meta\.has_more\)/],
    ['a total of more, but not how', { body: { total: 90, total_hint: 1 } }, /although it tells of 90 \(total\)/],
    ['more than a total', { body: { total: 2, has_more: true } }, /says that there is more/],
    [
      'a round number that may be the most that the API gives',
      { request: { params: { limit: 1000 } }, records: Array.from({ length: 50 }, (_, id) => ({ id })) },
      /its 50 records are taken as if that were all/,
    ],
    ['as many as were asked for', { request: { params: { limit: 2 } } }, /as if that were all/],
  ])('where there is %s [detect.single-page.warning]', (_what, page, expected) => {
    expect(warning(page)).toMatch(expected)
  })

  it.each<[string, Case]>([
    ['next is null', { body: { next: null } }],
    ['a Link header has no next', { link: '</x?page=1>; rel="last"' }],
    ['there is no more', { body: { has_more: false } }],
    ['the total is reached', { body: { total: 2 } }],
    ['there is no record', { records: [] }],
    ['a paginator was found', { body: { next: 'abc' } }],
    ['it is the second page', { request: { position: { detected: { type: 'headerLink' } } } }],
    ['there is one page of pages', { body: { pages: 1 } }],
    ['fewer records came than were asked for', { request: { params: { per_page: 100 } } }],
    ['the page is told', { body: { pages: 5, page: 1 } }],
  ])('is not given where %s [detect.single-page.warning]', (_what, page) => {
    expect(warning(page)).toBeUndefined()
  })

  it('tells that the first page was taken for page 1, where nothing says so [detect.pages.guess]', () => {
    expect(warning({ body: { pages: 5 } })).toMatch(
      /tells of 5 pages \(pages\), but not whether the first is page 0 or 1.*base_page/,
    )
  })
})
