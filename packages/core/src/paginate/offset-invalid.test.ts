import { describe, expect, it } from 'vitest'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import { type OffsetOptions, offset } from './offset.ts'

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

describe('what cannot be', () => {
  it.each<[OffsetOptions, RegExp]>([
    [{ limit: 0 }, /limit is the number of records a page/],
    [{ limit: 1.5 }, /limit/],
    [{ limit: Number.NaN }, /limit/],
    [{ limit: 1, offset: -1 }, /offset is where the first page starts/],
    [{ limit: 1, maximumOffset: 0.5 }, /maximumOffset is a whole number/],
    [{ limit: 1, hasMorePath: 'a[' }, /hasMorePath "a\[" is neither/],
    [{ limit: 1, stopAfterEmptyPage: false, totalPath: null }, /nothing can stop it/],
    [{ limit: 1, stopAfterEmptyPage: false, totalPath: '' }, /nothing can stop it/],
    [{ limit: 1, stopAfterEmptyPage: false, totalPath: null, maximumOffset: null, hasMorePath: null }, /nothing can stop it/],
  ])('%j [paginate.options]', (options, message) => {
    expect(() => offset(options)).toThrow(
      expect.objectContaining({ code: 'PAGINATOR_INVALID', recovery: 'fix-config', message: expect.stringMatching(message) }),
    )
  })

  it.each<[string, OffsetOptions, JsonValue, RegExp]>([
    [
      'a total that the author named [paginate.total.named]',
      { limit: 1, totalPath: 'count' },
      { a: 1, b: 2 },
      /totalPath count .*keys a, b/,
    ],
    [
      'an object [paginate.total.invalid]',
      { limit: 1 },
      { total: { value: 1 } },
      /total is the number of all records.*has an object/,
    ],
    ['a list [paginate.total.invalid]', { limit: 1 }, { total: [1] }, /has a list/],
    ['a fraction [paginate.total.invalid]', { limit: 1 }, { total: 1.5 }, /has number 1\.5/],
    ['a negative number [paginate.total.invalid]', { limit: 1 }, { total: -1 }, /has number -1/],
    ['a text [paginate.total.invalid]', { limit: 1 }, { total: 'many' }, /has string many/],
    ['a boolean [paginate.total.invalid]', { limit: 1 }, { total: true }, /has boolean true/],
    [
      'has more that is missing [paginate.has-more.invalid]',
      { limit: 1, hasMorePath: 'more' },
      {},
      /more tells whether there is more.*nothing there/,
    ],
    ['has more that is null [paginate.has-more.invalid]', { limit: 1, hasMorePath: 'more' }, { more: null }, /true or false/],
    ['has more that is a number [paginate.has-more.invalid]', { limit: 1, hasMorePath: 'more' }, { more: 2 }, /true or false/],
  ])('in a response: %s', (_what, options, body, message) => {
    expect(() => after(options, body, 1)).toThrow(
      expect.objectContaining({ code: 'PAGE_INVALID', message: expect.stringMatching(message) }),
    )
  })

  it('but a named total may be missing from an empty first page [paginate.total.named]', () => {
    expect(after({ limit: 1, totalPath: 'count' }, {}, 0)).toEqual([])
  })
})
