import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue, PageRequest } from '../http/request.ts'
import { requestUrl } from '../http/url.ts'
import { compileRequest, type RequestSource } from './request-template.ts'

const origin = 'https://api.example.com'
const source = (parts: Partial<RequestSource>): RequestSource => ({
  method: 'GET',
  url: `${origin}/v1/things`,
  params: {},
  headers: {},
  ...parts,
})

/** Fills in the fields of a parent, and bounds that are called `start` and `end`. */
function bind(parts: Partial<RequestSource>, values: Readonly<Record<string, JsonValue | undefined>> = {}): PageRequest {
  return compileRequest('crm.things', source(parts)).bind(
    (placeholder) => values[placeholder.kind === 'resource' ? placeholder.field : placeholder.bound],
  )
}

const urlOf = (path: string, value: JsonValue | undefined): string => bind({ url: origin + path }, { id: value }).url

describe('placeholders in a path', () => {
  it.each<[JsonValue, string]>([
    ['abc-1', 'abc-1'],
    [7, '7'],
    [12_345_678_901_234_567_890n, '12345678901234567890'],
    [false, 'false'],
    ['a/b', 'a%2Fb'],
    ['a?b', 'a%3Fb'],
    ['a#b', 'a%23b'],
    ['100%', '100%25'],
    ['%2e%2e', '%252e%252e'],
    ['../admin', '..%2Fadmin'],
    ['a\\b', 'a%5Cb'],
    ['a b\n', 'a%20b%0A'],
    ['Zürich 東京', 'Z%C3%BCrich%20%E6%9D%B1%E4%BA%AC'],
    ['😀', '%F0%9F%98%80'],
    ['\uD83D', '%EF%BF%BD'],
    ['{resources.posts.id}', '%7Bresources.posts.id%7D'],
    ['...', '...'],
  ])('%s is one segment: %s [depend.path.encoded]', (value, expected) => {
    expect(urlOf('/v1/{resources.posts.id}/comments', value)).toBe(`${origin}/v1/${expected}/comments`)
  })

  it.each(['.', '..', ''])('%j cannot be a segment [depend.path.dots]', (value) => {
    expect(() => urlOf('/v1/{resources.posts.id}', value)).toThrow(
      expect.objectContaining({
        code: 'PLACEHOLDER_INVALID',
        recovery: 'fix-data',
        message: `crm.things: in its path, {resources.posts.id} is ${JSON.stringify(value)}, which cannot be a segment of a path.`,
      }),
    )
  })

  it.each<[JsonValue | undefined, RegExp]>([
    [[1], /\{resources\.posts\.id\} is a list/],
    [{ a: 1 }, /\{resources\.posts\.id\} is an object/],
    [undefined, /has no value yet: give the incremental an initial value/],
  ])('%j has no text', (value, message) => {
    expect(() => urlOf('/v1/{resources.posts.id}', value)).toThrow(
      expect.objectContaining({ code: 'PLACEHOLDER_INVALID', message: expect.stringMatching(message) }),
    )
  })

  it.each([
    'https://{resources.posts.id}/v1',
    'https://{resources.posts.id}.example.com/v1',
    'https://api.example.com:{resources.posts.id}/v1',
    'https://api.example.com{resources.posts.id}',
  ])('never stand in the host, as in %s [depend.path.host]', (url) => {
    expect(() => compileRequest('crm.things', source({ url }))).toThrow(
      expect.objectContaining({
        code: 'RESOURCE_INVALID',
        message: expect.stringContaining('crm.things cannot run: its URL has a brace in the host'),
      }),
    )
  })

  it.each([
    ['/posts/{resources.posts.id}', true],
    ['/posts/{resources.posts.id}/', true],
    ['/posts/{resources.posts.id}.json', true],
    ['/groups/{resources.groups.id}:members', false],
    ['/posts/v{resources.posts.id}', true],
    ['/posts/{resources.posts.id}?full=1', true],
    ['/posts/{resources.posts.id}/comments', false],
    ['/posts/{resources.posts.id}/comments/', false],
    ['/posts?id={resources.posts.id}', false],
    ['/posts/{{id}}', false],
    ['', false],
  ])('%s leads to a single object: %s [endpoint.single-entity]', (path, expected) => {
    expect(compileRequest('crm.things', source({ url: origin + path })).isSingleEntity).toBe(expected)
  })

  it('lets no value change the host, the number of segments or the query [depend.path.encoded]', () => {
    const scalar = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('.', '/', '\\', '?', '#', '%', '2', 'e', 'f', ':', '@', '&', ' ', '\t', '\n', '\uD800'),
      }),
      fc.integer(),
      fc.bigInt(),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    )
    fc.assert(
      fc.property(scalar, scalar, (id, other) => {
        fc.pre(!['', '.', '..'].includes(String(id)))
        const path = '/v1/{resources.posts.id}/x/{resources.posts.id}?q={resources.posts.other}&r=1'
        const url = new URL(bind({ url: origin + path }, { id, other }).url)
        const segments = url.pathname.split('/')
        expect(url.origin).toBe(origin)
        expect(url.hash).toBe('')
        expect(segments.map(decodeURIComponent)).toEqual(['', 'v1', wellFormed(id), 'x', wellFormed(id)])
        expect([...url.searchParams]).toEqual([
          ['q', wellFormed(other)],
          ['r', '1'],
        ])
      }),
      { numRuns: 500 },
    )
  })
})

/** The text of a value as UTF-8 can have it. */
const wellFormed = (value: JsonValue): string => new TextDecoder().decode(new TextEncoder().encode(String(value)))

describe('a query in the path', () => {
  it.each<[string, Record<string, JsonValue>, string]>([
    ['?q={resources.posts.id}', { id: 'a&b=c#d' }, '?q=a%26b%3Dc%23d'],
    ['?a=1&since={incremental.start_value}&b=2', {}, '?a=1&b=2'],
    ['?since={incremental.start_value}&b=2', {}, '?b=2'],
    ['?since={incremental.start_value}', {}, ''],
    ['?since={incremental.start_value}', { start: '2026-01-01T00:00:00+02:00' }, '?since=2026-01-01T00%3A00%3A00%2B02%3A00'],
    ['?where={{x}}', {}, '?where={x}'],
  ])('%s with %j: %s [incremental.placeholder.left-out]', (query, values, expected) => {
    expect(bind({ url: `${origin}/v1${query}` }, values).url).toBe(`${origin}/v1${expected}`)
  })

  it('merges with the parameters, which win [endpoint.query-merges]', () => {
    const request = bind({ url: `${origin}/v1?a=1&b=2`, params: { b: 3, c: [4, 5] } })
    expect(requestUrl(request).search).toBe('?a=1&b=3&c=4&c=5')
  })
})

describe('parameters', () => {
  it.each<[string, RequestSource['params'], string]>([
    ['null is dropped [endpoint.params.null]', { a: null, b: 1 }, '?b=1'],
    ['undefined is dropped [endpoint.params.null]', { a: undefined, b: 1 }, '?b=1'],
    ['lists repeat the key [endpoint.params.list]', { a: ['x', 'y', 1] }, '?a=x&a=y&a=1'],
    ['an empty list is no parameter [endpoint.params.list]', { a: [] }, ''],
    ['booleans are true and false [endpoint.params.boolean]', { a: true, b: false, c: [true] }, '?a=true&b=false&c=true'],
    ['numbers keep their digits', { a: 12_345_678_901_234_567_890n, b: 0.5, c: 0 }, '?a=12345678901234567890&b=0.5&c=0'],
    ['empty text is sent', { a: '' }, '?a='],
  ])('%s', (_what, params, expected) => {
    expect(requestUrl(bind({ params })).search).toBe(expected)
  })
})

describe('placeholders elsewhere', () => {
  const values = { id: 7, name: 'x', nothing: null, flag: true, list: [1, 2n], object: { a: 1 } }

  it.each<[string, Partial<RequestSource>, Partial<PageRequest>]>([
    ['params', { params: { post: 'p-{resources.posts.id}' } }, { params: { post: 'p-7' } }],
    ['items of params', { params: { post: ['{resources.posts.id}', 8] } }, { params: { post: ['7', 8] } }],
    ['names of params', { params: { 'filter[{resources.posts.name}]': 1 } }, { params: { 'filter[x]': 1 } }],
    ['headers', { headers: { 'X-Post': '{resources.posts.id}' } }, { headers: { 'X-Post': '7' } }],
    ['names of headers', { headers: { 'X-{resources.posts.name}': 'y' } }, { headers: { 'X-x': 'y' } }],
    ['json', { json: { a: [{ b: 'post {resources.posts.id}' }] } }, { json: { a: [{ b: 'post 7' }] } }],
    ['names in json', { json: { a: { '{resources.posts.name}': 1 } } }, { json: { a: { x: 1 } } }],
    ['a form', { data: { post: '{resources.posts.id}' } }, { data: { post: '7' } }],
    ['a text body', { data: '<post id="{resources.posts.id}"/>' }, { data: '<post id="7"/>' }],
    ['a text with a whole value in it', { params: { q: '{resources.posts.list}' } }, { params: { q: '[1,2]' } }],
  ])('are filled in: %s [depend.everywhere]', (_what, parts, expected) => {
    expect(bind(parts, values)).toEqual({ ...source({}), ...expected })
  })

  it.each<[string, JsonValue]>([
    ['{resources.posts.id}', 7],
    ['{resources.posts.flag}', true],
    ['{resources.posts.nothing}', null],
    ['{resources.posts.list}', [1, 2n]],
    ['{resources.posts.object}', { a: 1 }],
    ['{resources.posts.id} ', '7 '],
  ])('%j in json keeps its type where it stands alone [depend.json.type]', (text, expected) => {
    expect(bind({ json: { value: text, list: [text] } }, values).json).toEqual({ value: expected, list: [expected] })
  })

  it.each<[string, Partial<RequestSource>, Partial<PageRequest>]>([
    ['params', { params: { since: '{incremental.start_value}', a: 1 } }, { params: { a: 1 } }],
    ['items of params', { params: { since: ['{incremental.start_value}', 'a'] } }, { params: { since: ['a'] } }],
    ['headers', { headers: { since: '{incremental.start_value}', a: 'b' } }, { headers: { a: 'b' } }],
    ['json', { json: { since: '{incremental.start_value}', until: 'to {incremental.end_value}', a: 1 } }, { json: { a: 1 } }],
    ['items of json', { json: ['{incremental.start_value}', 1] }, { json: [1] }],
    ['a whole body', { json: '{incremental.start_value}' }, {}],
    ['a form', { data: { since: '{incremental.start_value}', a: 1 } }, { data: { a: 1 } }],
    ['what is null, other than in json', { params: { x: '{resources.posts.nothing}' } }, { params: {} }],
  ])('are left out with what they stand in, without a value: %s [incremental.placeholder.left-out]', (_what, parts, expected) => {
    expect(bind(parts, { nothing: null })).toEqual({ ...source({}), ...expected })
  })

  it('are listed with their texts', () => {
    const parts = {
      params: { a: '{resources.posts.id}' },
      json: { b: '{incremental.end_value}' },
      headers: { 'X-{resources.posts.x}': '' },
    }
    const { placeholders } = compileRequest('crm.things', source(parts))
    expect(placeholders.map(({ text }) => text).sort()).toEqual([
      'incremental.end_value',
      'resources.posts.id',
      'resources.posts.x',
    ])
  })

  it('keep a name such as __proto__ a name', () => {
    const params = JSON.parse('{"__proto__": "1"}')
    expect(Object.entries(bind({ params }).params)).toEqual([['__proto__', '1']])
  })

  it.each<[string, Partial<RequestSource>]>([
    ['path', { url: `${origin}/{id}` }],
    ['params.q', { params: { q: '{id}' } }],
    ['params.{id}', { params: { '{id}': 1 } }],
    ['headers.h', { headers: { h: '{id}' } }],
    ['json.a[1].b', { json: { a: [1, { b: '{id}' }] } }],
    ['data', { data: '{id}' }],
    ['data.f', { data: { f: '{id}' } }],
  ])('that are none are an error that says where: %s [depend.malformed]', (where, parts) => {
    expect(() => compileRequest('crm.things', source(parts))).toThrow(
      expect.objectContaining({
        code: 'RESOURCE_INVALID',
        recovery: 'fix-config',
        message: expect.stringContaining(`The resource crm.things cannot run: its ${where} has {id}, where`),
      }),
    )
  })
})
