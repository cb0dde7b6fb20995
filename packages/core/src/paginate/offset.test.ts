import { describe, expect, it } from 'vitest'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import { type OffsetOptions, offset } from './offset.ts'
import { singlePage } from './single-page.ts'

const base: PageRequest = { method: 'GET', url: 'https://a.example/x', params: { sort: 'id', limit: 7 }, headers: { 'X-A': 'b' } }

const pageOf = (request: PageRequest, body: JsonValue, count: number): Page => ({
  request,
  status: 200,
  headers: {},
  bytes: 0,
  body,
  records: Array.from({ length: count }, (_, index) => index),
  mayRepeat: false,
})

/** Offset and limit of each request that follows a page of `count` records. */
function after(options: OffsetOptions, body: JsonValue, count: number, at?: PageRequest): (readonly unknown[])[] {
  const paginator = offset(options)
  const requests = paginator.next(pageOf(at ?? paginator.first(base), body, count))
  return [...requests].map(({ params }) => [params[options.offsetParam ?? 'offset'], params[options.limitParam ?? 'limit']])
}

describe('the first request', () => {
  it.each<[string, OffsetOptions, Record<string, unknown>]>([
    ['starts at 0 and wins over params [paginate.wins]', { limit: 100 }, { sort: 'id', offset: 0, limit: 100 }],
    ['starts where it is told [paginate.offset.start]', { limit: 5, offset: 40 }, { sort: 'id', offset: 40, limit: 5 }],
    [
      'uses the names of the API [paginate.offset.param]',
      { limit: 5, offsetParam: 'skip', limitParam: 'take' },
      { sort: 'id', limit: 7, skip: 0, take: 5 },
    ],
  ])('%s', (_what, options, params) => {
    expect(offset(options).first(base)).toMatchObject({ ...base, params })
    expect(offset(options).first(base).params).toEqual(params)
  })
})

describe('what follows', () => {
  it.each<[string, OffsetOptions, JsonValue, number, (readonly number[])[]]>([
    ['an empty page: nothing [paginate.stop.empty]', { limit: 10 }, {}, 0, []],
    [
      'an empty page that does not stop [paginate.stop.empty]',
      { limit: 10, stopAfterEmptyPage: false, maximumOffset: 30 },
      {},
      0,
      [[10, 10]],
    ],
    ['an empty page before a total', { limit: 10, stopAfterEmptyPage: false }, { total: 15 }, 0, [[10, 10]]],
    ['an empty page with a total [paginate.stop.order]', { limit: 10 }, { total: 15 }, 0, []],
    ['a full page, no total', { limit: 10 }, {}, 10, [[10, 10]]],
    ['a short page, no total: the limit is capped [paginate.offset.capped]', { limit: 10 }, {}, 4, [[4, 10]]],
    ['a total that is reached [paginate.stop.total]', { limit: 10 }, { total: 10 }, 10, []],
    [
      'a total that is not reached: all pages at once [paginate.concurrent]',
      { limit: 10 },
      { total: 35 },
      10,
      [
        [10, 10],
        [20, 10],
        [30, 10],
      ],
    ],
    [
      'a total and a capped limit [paginate.offset.capped]',
      { limit: 10 },
      { total: 10 },
      4,
      [
        [4, 10],
        [8, 10],
      ],
    ],
    [
      'a page larger than its limit',
      { limit: 2 },
      { total: 10 },
      5,
      [
        [5, 2],
        [7, 2],
        [9, 2],
      ],
    ],
    ['a total in text [paginate.total.text]', { limit: 10 }, { total: ' 20 ' }, 10, [[10, 10]]],
    ['a total of null [paginate.total.default]', { limit: 10 }, { total: null }, 10, [[10, 10]]],
    ['a total somewhere else', { limit: 10, totalPath: 'meta.count' }, { meta: { count: 11 }, total: 'x' }, 10, [[10, 10]]],
    ['a total that is not to be looked at [paginate.total.off]', { limit: 10, totalPath: null }, { total: 10 }, 10, [[10, 10]]],
    ['a total that the page itself exceeds [paginate.total.contradicted]', { limit: 10 }, { total: 3 }, 10, [[10, 10]]],
    ['a total of 0 with records', { limit: 10 }, { total: 0 }, 10, [[10, 10]]],
    ['the maximum, which is exclusive [paginate.stop.maximum]', { limit: 10, maximumOffset: 10 }, {}, 10, []],
    ['a page before the maximum', { limit: 10, maximumOffset: 11 }, {}, 10, [[10, 10]]],
    [
      'a maximum before the total',
      { limit: 10, maximumOffset: 25 },
      { total: 100 },
      10,
      [
        [10, 10],
        [20, 10],
      ],
    ],
    ['has more [paginate.stop.has-more]', { limit: 10, hasMorePath: 'more' }, { more: true }, 10, [[10, 10]]],
    ['has no more [paginate.stop.has-more]', { limit: 10, hasMorePath: 'more' }, { more: false }, 10, []],
    [
      'has more, but the total is reached [paginate.stop.all]',
      { limit: 10, hasMorePath: 'more' },
      { more: true, total: 10 },
      10,
      [],
    ],
    ['has no more, whatever the total', { limit: 10, hasMorePath: 'more' }, { more: false, total: 90 }, 10, []],
    [
      'has more and a total: one page at a time [paginate.stop.all]',
      { limit: 10, hasMorePath: 'more' },
      { more: true, total: 90 },
      10,
      [[10, 10]],
    ],
    ['an empty page that has more', { limit: 10, hasMorePath: 'more' }, { more: true }, 0, []],
    ['a list as the body', { limit: 10 }, [1, 2], 10, [[10, 10]]],
    ['an offset of its own', { limit: 10, offset: 5 }, { total: 20 }, 10, [[15, 10]]],
  ])('%s', (_what, options, body, count, expected) => {
    expect(after(options, body, count)).toEqual(expected)
  })

  it.each([
    ['yes', true],
    [' YES ', true],
    ['T', true],
    ['f', false],
    ['y', true],
    ['true', true],
    ['1', true],
    ['no', false],
    ['N', false],
    ['false', false],
    ['0', false],
  ])('has more: %j is %s [paginate.has-more.text]', (text, more) => {
    expect(after({ limit: 10, hasMorePath: 'more' }, { more: text }, 10)).toHaveLength(more ? 1 : 0)
  })

  it('all else of the request is repeated [paginate.same-request]', () => {
    const paginator = offset({ limit: 10 })
    const [next] = [...paginator.next(pageOf(paginator.first(base), {}, 10))]
    expect(next).toMatchObject({ method: 'GET', url: base.url, headers: base.headers, params: { sort: 'id' } })
  })

  it('remembers a total that comes with the first page only [paginate.total.remembered]', () => {
    const paginator = offset({ limit: 10, totalPath: 'total' })
    const next = [...paginator.next(pageOf(paginator.first(base), { total: 25 }, 10))]
    expect(next.map(({ params }) => params.offset)).toEqual([10, 20])
    const last = pageOf(next[1]!, {}, 5)
    expect([[...paginator.next(last)], paginator.total?.(last)]).toEqual([[], 25])
  })

  it('goes on behind the last page of a total that has grown [paginate.total.reread]', () => {
    const paginator = offset({ limit: 10 })
    const next = [...paginator.next(pageOf(paginator.first(base), { total: 20 }, 10))]
    const grown = [...paginator.next(pageOf(next[0]!, { total: 35 }, 10))]
    expect(grown.map(({ params }) => params.offset)).toEqual([20, 30])
  })

  it('requests what a page in the middle fell short of [paginate.offset.capped]', () => {
    const paginator = offset({ limit: 10 })
    const [second] = [...paginator.next(pageOf(paginator.first(base), { total: 40 }, 10))]
    expect(after({ limit: 10 }, { total: 40 }, 7, second)).toEqual([[17, 3]])
  })

  it('reads again what a shrinking total has moved, and says so [paginate.offset.drift]', () => {
    const paginator = offset({ limit: 10 })
    const [, third] = [...paginator.next(pageOf(paginator.first(base), { total: 40 }, 10))]
    const again = [...paginator.next(pageOf(third!, { total: 37 }, 10))]
    expect(again.map(({ params, rereads }) => [params.offset, params.limit, rereads])).toEqual([[17, 3, true]])
    expect([...paginator.next(pageOf(again[0]!, { total: 37 }, 3))]).toEqual([])
  })

  it('keeps few requests pending, whatever the total [paginate.concurrent]', () => {
    const paginator = offset({ limit: 10 })
    const next = [...paginator.next(pageOf(paginator.first(base), { total: 1_000_000 }, 10))]
    expect(next).toHaveLength(256)
    expect([...paginator.next(pageOf(next.at(-1)!, { total: 1_000_000 }, 10))][0]!.params.offset).toBe(2570)
    expect([...paginator.next(pageOf(next[0]!, { total: 1_000_000 }, 10))]).toEqual([])
  })
})

describe('a listing that only a total could end', () => {
  const only: OffsetOptions = { limit: 10, stopAfterEmptyPage: false }

  it('must tell it with its first records, whether it was named or not [paginate.stop.only-total]', () => {
    for (const options of [only, { ...only, totalPath: 'total' }])
      expect(() => after(options, { data: [] }, 10)).toThrow(
        /totalPath total is not in the response, which has the keys data, and nothing else/,
      )
  })

  it('is at its end with an empty page that tells none [paginate.stop.only-total]', () => {
    expect(after(only, {}, 0)).toEqual([])
  })
})

it('tells of the records that are asked for, which need not be all [paginate.offset.expected]', () => {
  const totalOf = (options: OffsetOptions): number | undefined => {
    const paginator = offset(options)
    return paginator.total?.(pageOf(paginator.first(base), { total: 100 }, 10))
  }
  expect(totalOf({ limit: 10 })).toBe(100)
  expect(totalOf({ limit: 10, offset: 60 })).toBe(40)
  expect(totalOf({ limit: 10, maximumOffset: 30 })).toBe(30)
  expect(totalOf({ limit: 10, offset: 60, maximumOffset: 80 })).toBe(20)
})

it('a single page is one request [paginate.single-page]', () => {
  const paginator = singlePage()
  expect(paginator.first(base)).toBe(base)
  expect([...paginator.next(pageOf(base, { next: 'https://a.example/2', total: 90 }, 10))]).toEqual([])
})
