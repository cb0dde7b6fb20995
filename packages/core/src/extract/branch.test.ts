import { describe, expect, it } from 'vitest'
import type { Connector, Resources } from '../connector/connector.ts'
import { type ResolvedResource, resolveResources } from '../connector/resolve.ts'
import { type Endpoint, resource } from '../connector/resource.ts'
import type { JsonValue, PageRequest } from '../http/request.ts'
import { addFields, bindRequest, includedFields, listingKey, rootBranch } from './branch.ts'
import type { CursorBounds } from './incremental.ts'

function resolved(endpoint: Endpoint, includeFromParent: readonly string[] = []): ResolvedResource {
  const resources: Resources = {
    posts: resource({ endpoint: { path: 'posts' } }),
    comments: resource({ endpoint, includeFromParent, cursor: 'at' as never }),
  }
  const connector: Connector = {
    name: 'blog',
    version: '1.0.0',
    client: { baseUrl: 'https://api.example.com' },
    resourceDefaults: {},
    resources,
    options: {},
    optionInfos: [],
  }
  return resolveResources(connector, ['comments'], undefined).find(({ name }) => name === 'comments')!
}

const under = (record: JsonValue, listing = '') => ({ ...rootBranch(new Set()), record, listing })

const bind = (endpoint: Endpoint, record: JsonValue, bounds: CursorBounds = {}): PageRequest =>
  bindRequest(resolved(endpoint), { branch: under(record), bounds })

describe('fields of a parent', () => {
  it.each<[string, JsonValue, string]>([
    ['id', { id: 7 }, '7'],
    ['author.id', { author: { id: 'x' } }, 'x'],
    ['@odata.id', { '@odata.id': 'y' }, 'y'],
    ['tags[0].name', { tags: [{ name: 'first' }, { name: 'second' }] }, 'first'],
    ['tags[-1:].name', { tags: [{ name: 'first' }, { name: 'second' }] }, 'second'],
    ['$.id', { id: 7 }, '7'],
    ["$['odd-key']", { 'odd-key': 8 }, '8'],
  ])('%s of %j is %s [depend.field]', (field, record, expected) => {
    expect(bind({ path: `posts/{resources.posts.${field}}` }, record).url).toBe(`https://api.example.com/posts/${expected}`)
  })

  it.each<[string, Endpoint, JsonValue, string]>([
    [
      'null in a path',
      { path: 'posts/{resources.posts.id}' },
      { id: null, title: 'a' },
      'is null in a record that has the fields id, title',
    ],
    [
      'missing in a path',
      { path: 'posts/{resources.posts.id}' },
      { title: 'a', at: 1 },
      'is missing in a record that has the fields title, at',
    ],
    [
      'missing in params',
      { path: 'posts', params: { id: '{resources.posts.id}' } },
      { title: 'a' },
      'is missing in a record that has the fields title',
    ],
    [
      'missing in json',
      { path: 'posts', method: 'POST', json: { id: '{resources.posts.id}' } },
      {},
      'is missing in a record that has the fields ',
    ],
    [
      'of a record that is no object',
      { path: 'posts/{resources.posts.id}' },
      'text',
      'is missing in a record that has no fields',
    ],
    ['of another kind', { path: 'posts/{resources.posts.id.x}' }, { id: 7 }, 'is missing in a record that has the fields id'],
  ])(
    '%s: an error that names resource, field and the fields there are [depend.field.missing]',
    (_what, endpoint, record, text) => {
      expect(() => bind(endpoint, record)).toThrow(
        expect.objectContaining({
          code: 'PLACEHOLDER_INVALID',
          recovery: 'fix-data',
          message: expect.stringMatching(new RegExp(`^comments: the field id(\\.x)? of its parent posts ${text}`)),
        }),
      )
    },
  )

  it('that are null are left out of params, and stay null in json [depend.field.null]', () => {
    const endpoint = {
      path: 'posts',
      method: 'POST',
      params: { id: '{resources.posts.id}' },
      json: { id: '{resources.posts.id}' },
    } as const
    expect(bind(endpoint, { id: null })).toMatchObject({ params: {}, json: { id: null } })
  })
})

describe('bounds in a request', () => {
  const path = 'posts/{resources.posts.id}/comments'
  const record = { id: 1 }
  const convert = (value: string | number | bigint) => `<${value}>`

  it.each<[string, Omit<Endpoint, 'path'>, CursorBounds, object]>([
    [
      'parameters',
      { incremental: { startParam: 'since', endParam: 'until' } },
      { start: 5, end: '9' },
      { since: '5', until: '9' },
    ],
    [
      'as the author writes them [incremental.convert]',
      { incremental: { startParam: 'since', endParam: 'until', convert } },
      { start: 5, end: '9' },
      { since: '<5>', until: '<9>' },
    ],
    [
      'with every digit',
      { incremental: { startParam: 'since' } },
      { start: 9_007_199_254_740_993n },
      { since: '9007199254740993' },
    ],
    [
      'placeholders [incremental.placeholder]',
      { incremental: {}, params: { q: '{incremental.start_value}..{incremental.end_value}' } },
      { start: 5, end: 9 },
      { q: '5..9' },
    ],
    [
      'placeholders by their other names',
      { incremental: {}, params: { q: '{incremental.last_value}' } },
      { start: 5 },
      { q: '5' },
    ],
    [
      'placeholders as the author writes them [incremental.convert]',
      { incremental: { convert }, params: { q: '{incremental.start_value}' } },
      { start: 5 },
      { q: '<5>' },
    ],
    [
      'over the same parameter',
      { incremental: { startParam: 'since' }, params: { since: 'never', a: 1 } },
      { start: 5 },
      { since: '5', a: 1 },
    ],
  ])('are %s', (_what, endpoint, bounds, params) => {
    expect(bind({ path, ...endpoint }, record, bounds).params).toEqual(params)
  })

  it('keep their type in json where they stand alone [depend.json.type]', () => {
    const endpoint = { path, method: 'POST', json: { since: '{incremental.start_value}' }, incremental: {} } as const
    expect(bind(endpoint, record, { start: 5n }).json).toEqual({ since: 5n })
  })

  it('are left out where there is none, and nothing is converted [incremental.no-start]', () => {
    const failing = () => {
      throw new Error('called without a value')
    }
    const incremental = { startParam: 'since', endParam: 'until', convert: failing }
    const placeholders = { a: '{incremental.start_value}', b: '{incremental.end_value}' }
    const endpoint = {
      path: `${path}?c={incremental.start_value}`,
      method: 'POST',
      params: placeholders,
      json: placeholders,
      incremental,
    } as const
    expect(bind(endpoint, record)).toMatchObject({ url: 'https://api.example.com/posts/1/comments', params: {}, json: {} })
  })

  it('may be converted to nothing', () => {
    const incremental = { startParam: 'since', convert: () => undefined }
    const request = bind({ path, incremental, params: { q: '{incremental.start_value}' } }, record, { start: 5 })
    expect(request.params).toEqual({ since: undefined })
  })
})

describe('a cursor that cannot be converted', () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      'throws',
      () => {
        throw new Error('no date')
      },
      /^comments: the incremental's convert failed for the cursor "5": no date\.$/,
    ],
    ['gives a date', () => new Date(0), /it gave an object, where text, a number or a list of them was expected/],
    ['gives a list of objects', () => [{}], /it gave an object/],
    ['gives NaN', () => Number.NaN, /it gave NaN/],
  ])('%s [incremental.convert.invalid]', (_what, convert, message) => {
    const incremental = { startParam: 'since', convert: convert as never }
    for (const endpoint of [
      { path: 'x', incremental },
      { path: 'x', params: { q: '{incremental.start_value}' }, incremental },
    ])
      expect(() => bind(endpoint, null, { start: 5 })).toThrow(
        expect.objectContaining({ code: 'CONVERT_FAILED', message: expect.stringMatching(message) }),
      )
  })
})

describe('listingKey', () => {
  const endpoint = {
    path: 'posts/{resources.posts.id}',
    params: { lang: '{resources.posts.lang}', again: '{resources.posts.id}' },
  }

  it.each<[string, Endpoint, JsonValue, string, string]>([
    ['is empty without a parent', { path: 'comments' }, null, '', ''],
    ['has the values that tell requests apart', endpoint, { id: 7, lang: 'de', title: 'x' }, '', '7&%22de%22'],
    ['tells text from numbers', endpoint, { id: '7', lang: null }, '', '%227%22&null'],
    ['has those of the levels above first', endpoint, { id: 7, lang: 'a/b&c' }, '1', '1/7&%22a%2Fb%26c%22'],
  ])('%s [incremental.per-parent]', (_what, of, record, listing, expected) => {
    expect(listingKey(resolved(of), under(record, listing))).toBe(expected)
  })
})

describe('what a record takes over from its parent', () => {
  const comments = resolved({ path: 'posts/{resources.posts.id}' }, ['id', 'author.name'])
  const fields = (record: JsonValue) => includedFields('comments', comments.parent!, record)

  it('is named after both [depend.include-from-parent]', () => {
    const taken = fields({ id: 7, author: { name: null } })
    expect(addFields({ id: 1 }, taken)).toEqual({ id: 1, _posts_id: 7, '_posts_author.name': null })
  })

  it('must be there [depend.include-from-parent]', () => {
    expect(() => fields({ id: 7 })).toThrow(
      expect.objectContaining({
        code: 'PLACEHOLDER_INVALID',
        message: expect.stringContaining('the field author.name of its parent posts is missing'),
      }),
    )
  })

  it.each<[JsonValue]>([['text'], [7], [[1, 2]], [null]])('goes beside %j, which is no object', (record) => {
    expect(addFields(record, [['_posts_id', 7]])).toEqual({ value: record, _posts_id: 7 })
  })
})
