import { describe, expect, it } from 'vitest'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import { headerLink } from './header-link.ts'
import { jsonLink } from './json-link.ts'

const base: PageRequest = {
  method: 'POST',
  url: 'https://a.example/v1/x?q=1',
  params: { since: '2026-01-01' },
  headers: { 'X-A': 'b' },
  json: { q: 1 },
}

const pageOf = (body: JsonValue, link?: string): Page => ({
  request: base,
  status: 200,
  headers: link === undefined ? {} : { link },
  bytes: 0,
  body,
  records: [1],
  mayRepeat: false,
})

const following = (body: JsonValue, nextUrlPath?: string): string[] =>
  [...jsonLink(nextUrlPath === undefined ? {} : { nextUrlPath }).next(pageOf(body))].map(({ url }) => url)

describe('a link in the body', () => {
  it.each<[string, JsonValue, string | undefined, string[], string]>([
    ['absolute', { next: 'https://a.example/v1/x?c=2' }, undefined, ['https://a.example/v1/x?c=2'], 'paginate.json-link'],
    ['of another host', { next: 'https://b.example/x' }, undefined, ['https://b.example/x'], 'paginate.json-link'],
    ['from the root', { next: '/v2/x?c=2' }, undefined, ['https://a.example/v2/x?c=2'], 'paginate.link.relative'],
    ['beside the page', { next: 'y?c=2' }, undefined, ['https://a.example/v1/y?c=2'], 'paginate.link.relative'],
    ['a query', { next: '?c=2' }, undefined, ['https://a.example/v1/x?c=2'], 'paginate.link.relative'],
    ['without a scheme', { next: '//b.example/x' }, undefined, ['https://b.example/x'], 'paginate.link.relative'],
    ['deeper', { links: { next: '/y' } }, 'links.next', ['https://a.example/y'], 'paginate.path'],
    ['with dots in its key', { '@odata.nextLink': '/y' }, '@odata.nextLink', ['https://a.example/y'], 'paginate.path'],
    [
      'with dots in its key, from the root',
      { '@odata.nextLink': '/y' },
      '$.@odata.nextLink',
      ['https://a.example/y'],
      'paginate.path',
    ],
    ['quoted', { meta: { 'next page': '/y' } }, "meta.'next page'", ['https://a.example/y'], 'paginate.path'],
    ['from the root of the body', { meta: { 'next-page': '/y' } }, '$.meta.next-page', ['https://a.example/y'], 'paginate.path'],
    [
      'by its relation',
      {
        links: [
          { rel: 'prev', href: '/p' },
          { rel: 'next', href: '/n' },
        ],
      },
      "$.links[?@.rel=='next'].href",
      ['https://a.example/n'],
      'paginate.path',
    ],
    ['missing', {}, undefined, [], 'paginate.link.end'],
    ['null', { next: null }, undefined, [], 'paginate.link.end'],
    ['empty', { next: '' }, undefined, [], 'paginate.link.end'],
    ['blank', { next: ' ' }, undefined, [], 'paginate.link.end'],
  ])('that is %s: %j, %s gives %j [%s]', (_what, body, path, expected) => {
    expect(following(body, path)).toEqual(expected)
  })

  it('brings its own query; method, headers and body are repeated [paginate.link.query]', () => {
    expect([...jsonLink().next(pageOf({ next: '/y?c=2#top' }))]).toEqual([
      { ...base, url: 'https://a.example/y?c=2', params: {} },
    ])
  })

  it.each<[JsonValue, RegExp]>([
    [5, /next is the URL of the next page, a text, but is number 5/],
    [true, /boolean true/],
    [{ href: '/y' }, /an object/],
    [['/y'], /a list/],
    ['https://[', /no http\(s\) URL/],
    ['javascript:alert(1)', /no http\(s\) URL/],
    ['file:///etc/passwd', /no http\(s\) URL/],
  ])('cannot be %j [paginate.json-link.type]', (next, message) => {
    const expected = { code: 'PAGE_INVALID', recovery: 'fix-config', message: expect.stringMatching(message) }
    expect(() => following({ next })).toThrow(expect.objectContaining(expected))
  })

  it.each(['', 'a['])('has a path, which cannot be %j [paginate.json-link]', (nextUrlPath) => {
    expect(() => jsonLink({ nextUrlPath })).toThrow(expect.objectContaining({ code: 'PAGINATOR_INVALID' }))
  })
})

describe('a link in the header', () => {
  const target = (link?: string, linksNextKey?: string): string | undefined =>
    [...headerLink(linksNextKey === undefined ? {} : { linksNextKey }).next(pageOf({}, link))][0]?.url

  it.each<[string | undefined, string | undefined]>([
    ['<https://a.example/2>; rel="next"', 'https://a.example/2'],
    ['<https://a.example/2>; rel=next', 'https://a.example/2'],
    ['<https://a.example/2>;rel=NEXT', 'https://a.example/2'],
    ['<https://a.example/9>; rel="last", <https://a.example/2>; rel="next"', 'https://a.example/2'],
    ['<https://a.example/9>; rel="last" , <https://a.example/2>; rel="next"', 'https://a.example/2'],
    ['<https://a.example/9>; rel="last"; crossorigin, <https://a.example/2>; rel="next"', 'https://a.example/2'],
    ['<https://a.example/9>; rel="last",, <https://a.example/2>; rel="next",', 'https://a.example/2'],
    ['<https://a.example/2>; rel="last next"', 'https://a.example/2'],
    ['<https://a.example/?a=1,2;3>; title="a, <b>; \\"c\\""; rel="next"', 'https://a.example/?a=1,2;3'],
    ['<https://a.example/2>; title="rel=next, no"; rel="prev"', undefined],
    ['<https://a.example/2>; rel="next", <https://a.example/3>; rel="next"', 'https://a.example/2'],
    ['<https://a.example/2>; rel="prev"', undefined],
    ['<https://a.example/2>', undefined],
    ['<>; rel="next"', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s leads to %s [paginate.header-link]', (link, expected) => {
    expect(target(link)).toBe(expected)
  })

  it('may be relative [paginate.link.relative]', () => {
    expect(target('<?page=2>; rel="next"')).toBe('https://a.example/v1/x?page=2')
  })

  it('may have another relation [paginate.header-link.key]', () => {
    expect(target('</n>; rel="next", </m>; rel="more"', 'more')).toBe('https://a.example/m')
  })

  it('brings its own query; method, headers and body are repeated [paginate.link.query]', () => {
    const [next] = [...headerLink().next(pageOf({}, '</y?c=2>; rel="next"'))]
    expect(next).toEqual({ ...base, url: 'https://a.example/y?c=2', params: {} })
  })

  it.each(['next', 'https://a.example/2; rel=next', '<https://a.example/2> rel=next'])(
    'cannot be %s [paginate.header-link.invalid]',
    (link) => {
      const expected = { code: 'PAGE_INVALID', message: expect.stringContaining('RFC 8288') }
      expect(() => target(link)).toThrow(expect.objectContaining(expected))
    },
  )

  it('needs a relation [paginate.header-link.key]', () => {
    expect(() => headerLink({ linksNextKey: '' })).toThrow(expect.objectContaining({ code: 'PAGINATOR_INVALID' }))
  })
})
