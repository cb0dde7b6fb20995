import { describe, expect, it } from 'vitest'
import type { JsonValue, PageRequest } from '../http/request.ts'
import { type OffsetOptions, offset } from './offset.ts'
import { place, placement } from './placement.ts'

const base: PageRequest = { method: 'POST', url: 'https://a.example/x', params: { sort: 'id' }, headers: {} }
const body = placement('Offset', 'offset', null, 'page.offset')

describe('a value in the body', () => {
  it.each<[string, JsonValue | undefined, JsonValue]>([
    ['no body', undefined, { page: { offset: 7 } }],
    ['null', null, { page: { offset: 7 } }],
    ['another key', { q: 1 }, { q: 1, page: { offset: 7 } }],
    ['null on the way', { page: null }, { page: { offset: 7 } }],
    ['a value of its own', { page: { offset: 1, size: 2 } }, { page: { offset: 7, size: 2 } }],
  ])('where there is %s [paginate.body]', (_what, json, expected) => {
    const before = structuredClone(json)
    const placed = place(body, { ...base, ...(json !== undefined && { json }) }, 7)
    expect(placed).toEqual({ ...base, json: expected })
    expect(json).toEqual(before)
  })

  it.each<[JsonValue, RegExp]>([
    [{ page: 3 }, /offset is to be set in the request's body, but in its place the body has number 3/],
    [{ page: [] }, /has a list/],
    ['text', /has string text/],
  ])('cannot be put into %j [paginate.body]', (json, message) => {
    const expected = { code: 'PAGINATOR_INVALID', message: expect.stringMatching(message) }
    expect(() => place(body, { ...base, json }, 7)).toThrow(expect.objectContaining(expected))
  })

  it('is a field of a form [paginate.body.form]', () => {
    const placed = place(placement('Offset', 'offset', undefined, 'start'), { ...base, data: { q: 'a' } }, 7)
    expect(placed).toEqual({ ...base, data: { q: 'a', start: 7 } })
  })

  it('cannot be put into a text [paginate.body.form]', () => {
    expect(() => place(body, { ...base, data: 'q=a' }, 7)).toThrow(expect.objectContaining({ code: 'PAGINATOR_INVALID' }))
  })

  it('takes no key from the prototype of objects [paginate.body]', () => {
    const { json } = place(placement('Offset', 'offset', undefined, '__proto__.polluted'), base, 7)
    expect(JSON.stringify(json)).toBe('{"__proto__":{"polluted":7}}')
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})

describe('offset and limit in the body', () => {
  const both: OffsetOptions = { limit: 10, offsetBodyPath: 'page.from', limitBodyPath: 'page.size' }

  it('are in the first request and in those that follow [paginate.offset.body]', () => {
    const paginator = offset({ ...both, offsetParam: null, limitParam: null })
    const first = paginator.first({ ...base, json: { q: 1 } })
    expect([first.params, first.json]).toEqual([{ sort: 'id' }, { q: 1, page: { from: 0, size: 10 } }])
    const page = {
      request: first,
      status: 200,
      headers: {},
      bytes: 0,
      body: { total: 25 },
      records: Array(10).fill(0),
      mayRepeat: false,
    }
    expect([...paginator.next(page)].map(({ json }) => json)).toEqual([
      { q: 1, page: { from: 10, size: 10 } },
      { q: 1, page: { from: 20, size: 10 } },
    ])
  })

  it('may be in the body and in the query, one each [paginate.offset.body]', () => {
    const first = offset({ limit: 10, offsetBodyPath: 'from' }).first(base)
    expect([first.params, first.json]).toEqual([{ sort: 'id', limit: 10 }, { from: 0 }])
  })

  it.each<[Partial<OffsetOptions>, RegExp]>([
    [{ offsetParam: 'o', offsetBodyPath: 'o' }, /offsetParam o and offsetBodyPath o are for the same thing; give one of them/],
    [{ limitParam: 'l', limitBodyPath: 'l' }, /limitParam l and limitBodyPath l/],
    [{ offsetParam: '' }, /offsetParam is empty/],
    [{ limitBodyPath: '$.a[0]' }, /limitBodyPath is keys joined by dots, such as page\.limit/],
  ])('cannot be %j [paginate.param-or-body]', (options, message) => {
    const expected = { code: 'PAGINATOR_INVALID', recovery: 'fix-config', message: expect.stringMatching(message) }
    expect(() => offset({ limit: 10, ...options })).toThrow(expect.objectContaining(expected))
  })

  it('uses the usual parameters where null is given and no path [paginate.offset.param]', () => {
    expect(offset({ limit: 10, offsetParam: null, limitParam: null }).first(base).params).toMatchObject({ offset: 0, limit: 10 })
  })
})
