import { describe, expect, it } from 'vitest'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import { type PageNumberOptions, pageNumber } from './page-number.ts'

const base: PageRequest = { method: 'GET', url: 'https://a.example/x', params: { sort: 'id', page: 9 }, headers: { 'X-A': 'b' } }

const pageOf = (request: PageRequest, body: JsonValue, count: number): Page => ({
  request,
  status: 200,
  headers: {},
  bytes: 0,
  body,
  records: Array.from({ length: count }, (_, index) => index),
  mayRepeat: false,
})

/** Numbers that are requested behind the first page, of `count` records. */
function after(options: PageNumberOptions, body: JsonValue, count = 2, at?: PageRequest): unknown[] {
  const paginator = pageNumber(options)
  return [...paginator.next(pageOf(at ?? paginator.first(base), body, count))].map(({ params }) => params.page)
}

const named = { totalPath: 'total' }

describe('the first request', () => {
  it.each<[string, PageNumberOptions, Record<string, unknown>, string]>([
    ['is page 0, and wins over params', {}, { sort: 'id', page: 0 }, 'paginate.page.base'],
    ['is the base', { basePage: 1 }, { sort: 'id', page: 1 }, 'paginate.page.base'],
    ['is the page that is given', { basePage: 1, page: 4 }, { sort: 'id', page: 4 }, 'paginate.page.start'],
    ['uses the name of the API', { pageParam: 'p' }, { sort: 'id', page: 9, p: 0 }, 'paginate.page.param'],
  ])('%s: %j gives %j [%s]', (_what, options, params) => {
    expect(pageNumber(options).first(base).params).toEqual(params)
  })

  it('has its number in the body where that is wanted, and nothing of it in the query [paginate.page.body]', () => {
    const request: PageRequest = { ...base, method: 'POST', params: {}, json: { filter: { state: 'open' } } }
    const first = pageNumber({ pageBodyPath: 'filter.page', basePage: 1 }).first(request)
    expect([first.params, first.json]).toEqual([{}, { filter: { state: 'open', page: 1 } }])
    expect(request.json).toEqual({ filter: { state: 'open' } })
  })
})

describe('what follows the first page', () => {
  it.each<[string, PageNumberOptions, JsonValue, number, unknown[], string]>([
    ['an empty page: nothing', {}, {}, 0, [], 'paginate.stop.empty'],
    ['an empty page before a total', {}, { total: 5 }, 0, [], 'paginate.stop.order'],
    ['an empty page that does not stop', { ...named, stopAfterEmptyPage: false }, { total: 2 }, 0, [1], 'paginate.stop.empty'],
    ['a page, no total', {}, {}, 2, [1], 'paginate.total.default'],
    ['a total: pages from the base on', named, { total: 4 }, 2, [1, 2, 3], 'paginate.page.total'],
    ['a total with base 1', { ...named, basePage: 1 }, { total: 4 }, 2, [2, 3, 4], 'paginate.page.total'],
    ['a total with a later first page', { ...named, basePage: 1, page: 3 }, { total: 4 }, 2, [4], 'paginate.page.total'],
    ['a total that is reached', named, { total: 1 }, 2, [], 'paginate.stop.total'],
    ['a total in text', named, { total: '2' }, 2, [1], 'paginate.total.text'],
    ['a total of null', {}, { total: null }, 2, [1], 'paginate.total.default'],
    ['a total that is not to be looked at', { totalPath: null }, { total: 1 }, 2, [1], 'paginate.total.off'],
    ['a total by JSONPath', { totalPath: '$.meta[0].pages' }, { meta: [{ pages: 3 }] }, 2, [1, 2], 'paginate.path'],
    ['a total of 0 with records', named, { total: 0 }, 2, [1], 'paginate.total.contradicted'],
    ['the maximum, which is exclusive', { maximumPage: 1 }, {}, 2, [], 'paginate.stop.maximum'],
    ['a page before the maximum', { maximumPage: 2 }, {}, 2, [1], 'paginate.stop.maximum'],
    ['a maximum before the total', { ...named, maximumPage: 3 }, { total: 9 }, 2, [1, 2], 'paginate.stop.maximum'],
    ['has more', { hasMorePath: 'more' }, { more: true }, 2, [1], 'paginate.stop.has-more'],
    ['has no more', { hasMorePath: 'more' }, { more: false, total: 9 }, 2, [], 'paginate.stop.has-more'],
    ['has more in text', { hasMorePath: 'more' }, { more: 'no' }, 2, [], 'paginate.has-more.text'],
    ['has more, but the total is reached', { hasMorePath: 'more' }, { more: true, total: 1 }, 2, [], 'paginate.stop.all'],
    [
      'has more and a total: one at a time',
      { ...named, hasMorePath: 'more' },
      { more: true, total: 9 },
      2,
      [1],
      'paginate.stop.all',
    ],
    ['a list as the body', {}, [1, 2], 2, [1], 'paginate.total.default'],
  ])('%s: %j and %j with %i records gives %j [%s]', (_what, options, body, count, expected) => {
    expect(after(options, body, count)).toEqual(expected)
  })

  it('is the same request otherwise [paginate.same-request]', () => {
    const [next] = [...pageNumber().next(pageOf(pageNumber().first(base), {}, 2))]
    expect(next).toMatchObject({ method: 'GET', url: base.url, headers: base.headers, params: { sort: 'id', page: 1 } })
  })
})

describe('pages that are requested at once', () => {
  const follow = (options: PageNumberOptions, total: number): PageRequest[] => {
    const paginator = pageNumber(options)
    return [...paginator.next(pageOf(paginator.first(base), { total }, 2))]
  }

  it('are bounded; only the last of them goes on [paginate.concurrent]', () => {
    const requests = follow(named, 1000)
    expect(requests).toHaveLength(256)
    expect(after(named, { total: 1000 }, 2, requests[0])).toEqual([])
    expect(after(named, { total: 1000 }, 2, requests.at(-1)).slice(0, 2)).toEqual([257, 258])
  })

  it('are as many as were read, where the total may be that of the records [paginate.page.cautious]', () => {
    const [second, ...none] = follow({}, 1000)
    expect(none).toEqual([])
    expect(after({}, { total: 1000 }, 2, second)).toEqual([2, 3])
  })

  it.each([
    ['grown', 5, 2, [3, 4]],
    ['shrunk', 2, 0, []],
  ])(
    'end by the total that the last of them tells: it has %s to %i, and %i records came [paginate.total.reread]',
    (...[, total, count, expected]) => {
      const options = { ...named, stopAfterEmptyPage: false }
      expect(after(options, { total }, count, follow(options, 3).at(-1))).toEqual(expected)
    },
  )

  it('remember a total that only the first page tells [paginate.total.remembered]', () => {
    const requests = follow(named, 300)
    expect(after(named, {}, 2, requests.at(-1)).at(-1)).toBe(299)
  })
})

describe('what cannot be', () => {
  it.each<[PageNumberOptions, RegExp, string]>([
    [{ basePage: 0.5 }, /basePage is the number of a page, a whole number, but is 0\.5/, 'paginate.page.base'],
    [{ page: Number.NaN }, /page is the number of a page/, 'paginate.page.start'],
    [{ maximumPage: 1.5 }, /maximumPage is the number of a page/, 'paginate.stop.maximum'],
    [{ pageParam: '' }, /pageParam is empty/, 'paginate.page.param'],
    [{ pageParam: 'p', pageBodyPath: 'p' }, /pageParam p and pageBodyPath p are for the same thing/, 'paginate.param-or-body'],
    [{ pageBodyPath: 'a..b' }, /pageBodyPath is keys joined by dots/, 'paginate.page.body'],
    [{ totalPath: 'a[' }, /totalPath "a\[" is neither a dotted path nor a JSONPath/, 'paginate.path'],
    [
      { stopAfterEmptyPage: false, totalPath: null },
      /nothing can stop it: give totalPath, maximumPage or/,
      'paginate.stop.never',
    ],
  ])('%j: %s [%s]', (options, message) => {
    const expected = { code: 'PAGINATOR_INVALID', recovery: 'fix-config', message: expect.stringMatching(message) }
    expect(() => pageNumber(options)).toThrow(expect.objectContaining(expected))
  })

  it.each<[string, PageNumberOptions, JsonValue, RegExp, string]>([
    [
      'a named total is missing',
      { totalPath: 'pages' },
      { a: 1, b: 2 },
      /page 0 of .*pages is not in .*keys a, b/,
      'paginate.total.named',
    ],
    [
      'a total is an object',
      {},
      { total: { value: 1 } },
      /total is the number of all pages.*an object/,
      'paginate.total.invalid',
    ],
    ['a total is a fraction', {}, { total: 1.5 }, /has number 1\.5/, 'paginate.total.invalid'],
    ['has more is a number', { hasMorePath: 'more' }, { more: 2 }, /true or false/, 'paginate.has-more.invalid'],
  ])('in a response: %s, %j, %j, %s [%s]', (_what, options, body, message) => {
    const expected = { code: 'PAGE_INVALID', message: expect.stringMatching(message) }
    expect(() => after(options, body)).toThrow(expect.objectContaining(expected))
  })

  it('but a named total may be missing from an empty first page [paginate.total.named]', () => {
    expect(after({ totalPath: 'pages' }, {}, 0)).toEqual([])
  })
})

describe('a listing that only a total could end', () => {
  const only: PageNumberOptions = { stopAfterEmptyPage: false }

  it('must tell it with its first records, whether it was named or not [paginate.stop.only-total]', () => {
    for (const options of [only, { ...only, totalPath: 'total' }])
      expect(() => after(options, { data: [] }, 2)).toThrow(
        /totalPath total is not in the response, which has the keys data, and nothing else/,
      )
  })

  it('is at its end with an empty page that tells none [paginate.stop.only-total]', () => {
    expect(after(only, {}, 0)).toEqual([])
  })
})
