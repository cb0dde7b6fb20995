import { describe, expect, it } from 'vitest'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import { type CursorOptions, cursor } from './cursor.ts'
import { type HeaderCursorOptions, headerCursor } from './header-cursor.ts'

const base: PageRequest = {
  method: 'POST',
  url: 'https://a.example/x',
  params: { sort: 'id' },
  headers: { 'X-A': 'b' },
  json: { q: 1 },
}

const pageOf = (body: JsonValue, count: number, request = base, headers: Record<string, string> = {}): Page => ({
  request,
  status: 200,
  headers,
  bytes: 0,
  body,
  records: Array.from({ length: count }, (_, index) => index),
  mayRepeat: false,
})

describe('a cursor in the body', () => {
  it('is not sent with the first request [paginate.cursor.param]', () => {
    expect(cursor().first(base)).toBe(base)
  })

  it.each<[string, CursorOptions, JsonValue, Record<string, unknown>]>([
    ['paginate.cursor.param', {}, { cursors: { next: 'a b' } }, { sort: 'id', cursor: 'a b' }],
    ['paginate.cursor.param', { cursorPath: 'next', cursorParam: 'after' }, { next: 'x' }, { sort: 'id', after: 'x' }],
    ['paginate.wins', { cursorPath: 'next', cursorParam: 'sort' }, { next: 'x' }, { sort: 'x' }],
    ['paginate.cursor.type', { cursorPath: 'next' }, { next: 5 }, { sort: 'id', cursor: 5 }],
    ['paginate.cursor.type', { cursorPath: 'next' }, { next: 2n ** 60n }, { sort: 'id', cursor: 2n ** 60n }],
    ['paginate.path', { cursorPath: 'data[-1].id' }, { data: [{ id: 1 }, { id: 7 }] }, { sort: 'id', cursor: 7 }],
    ['paginate.path', { cursorPath: "$['a.b']" }, { 'a.b': 'x' }, { sort: 'id', cursor: 'x' }],
    [
      'paginate.stop.has-more',
      { cursorPath: 'next', hasMorePath: 'more' },
      { next: 'x', more: true },
      { sort: 'id', cursor: 'x' },
    ],
  ])('leads to the next page, case %# [%s]', (_rule, options, body, params) => {
    const [next, ...none] = [...cursor(options).next(pageOf(body, 2))]
    expect(none).toEqual([])
    expect(next).toEqual({ ...base, params })
  })

  it.each<[string, string, CursorOptions, JsonValue, number]>([
    ['no cursor', 'paginate.cursor.end', {}, {}, 2],
    ['null', 'paginate.cursor.end', {}, { cursors: { next: null } }, 2],
    ['an empty text', 'paginate.cursor.end', {}, { cursors: { next: '' } }, 2],
    ['false', 'paginate.cursor.end', {}, { cursors: { next: false } }, 2],
    ['0', 'paginate.cursor.end', {}, { cursors: { next: 0 } }, 2],
    ['a list as the body', 'paginate.cursor.end', {}, [1], 1],
    ['no more', 'paginate.stop.has-more', { hasMorePath: 'more' }, { cursors: { next: 'x' }, more: 'no' }, 2],
    ['an empty page that stops', 'paginate.stop.empty', { stopAfterEmptyPage: true }, { cursors: { next: 'x' } }, 0],
  ])('ends with %s [%s]', (_what, _rule, options, body, count) => {
    expect([...cursor(options).next(pageOf(body, count))]).toEqual([])
  })

  it('goes on behind an empty page [paginate.cursor.empty]', () => {
    expect([...cursor().next(pageOf({ cursors: { next: 'x' } }, 0))]).toHaveLength(1)
  })

  it('is written into the body where that is wanted [paginate.cursor.body]', () => {
    const [next] = [...cursor({ cursorPath: 'next', cursorBodyPath: 'page.after' }).next(pageOf({ next: 'x' }, 2))]
    expect([next?.json, next?.params]).toEqual([{ q: 1, page: { after: 'x' } }, { sort: 'id' }])
    expect(base.json).toEqual({ q: 1 })
  })

  it.each([[{ a: 1 }], [['a']], [true]])('is an error where it is %j [paginate.cursor.type]', (found) => {
    expect(() => [...cursor({ cursorPath: 'next' }).next(pageOf({ next: found }, 2))]).toThrow(
      expect.objectContaining({
        code: 'PAGE_INVALID',
        message: expect.stringContaining('at https://a.example/x: next is the cursor'),
      }),
    )
  })

  it.each([
    ['nothing', {}],
    ['a number', { more: 3 }],
  ])('is an error where has more is %s [paginate.has-more.invalid]', (_what, told) => {
    const paginator = cursor({ cursorPath: 'next', hasMorePath: 'more' })
    expect(() => [...paginator.next(pageOf({ next: 'x', ...told }, 2))]).toThrow(
      expect.objectContaining({ code: 'PAGE_INVALID' }),
    )
  })

  it.each<[CursorOptions, RegExp, string]>([
    [{ cursorParam: 'a', cursorBodyPath: 'b' }, /cursorParam a and cursorBodyPath b/, 'paginate.param-or-body'],
    [{ cursorPath: '' }, /cursorPath is where/, 'paginate.cursor.param'],
    [{ cursorPath: '$[' }, /cursorPath "\$\["/, 'paginate.path'],
  ])('cannot be %j: %s [%s]', (options, message) => {
    expect(() => cursor(options)).toThrow(
      expect.objectContaining({ code: 'PAGINATOR_INVALID', message: expect.stringMatching(message) }),
    )
  })
})

describe('a cursor in a header', () => {
  const after = (options: HeaderCursorOptions, headers: Record<string, string>): unknown[] =>
    [...headerCursor(options).next(pageOf({}, 2, base, headers))].map(({ params }) => params)

  it('is not sent with the first request [paginate.header-cursor]', () => {
    expect(headerCursor().first(base)).toBe(base)
  })

  it.each<[HeaderCursorOptions, Record<string, string>, unknown[]]>([
    [{}, { next: 'abc' }, [{ sort: 'id', cursor: 'abc' }]],
    [{ cursorKey: 'Next-Page-Token', cursorParam: 'token' }, { 'next-page-token': ' x ' }, [{ sort: 'id', token: 'x' }]],
    [{}, { next: '' }, []],
    [{}, {}, []],
    [{ cursorKey: 'constructor' }, {}, []],
  ])('%j and %j gives %j [paginate.header-cursor]', (options, headers, expected) => {
    expect(after(options, headers)).toEqual(expected)
  })

  it.each<[HeaderCursorOptions, RegExp]>([
    [{ cursorKey: ' ' }, /cursorKey is the name of the header/],
    [{ cursorParam: '' }, /cursorParam is empty/],
  ])('cannot be %j [paginate.header-cursor]', (options, message) => {
    const expected = { code: 'PAGINATOR_INVALID', message: expect.stringMatching(message) }
    expect(() => headerCursor(options)).toThrow(expect.objectContaining(expected))
  })
})
