import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../http/request.ts'
import { offset } from '../paginate/offset.ts'
import { singlePage } from '../paginate/single-page.ts'
import { endpointOf } from './endpoint.ts'
import { type Endpoint, resource } from './resource.ts'

const merge = (defaults: Partial<Omit<Endpoint, 'incremental'>> | undefined, own: Partial<Endpoint>): Endpoint =>
  endpointOf(resource({ endpoint: { path: 'things', ...own } }), {
    name: 'crm',
    version: '1.0.0',
    client: { baseUrl: 'https://api.example.com' },
    resourceDefaults: defaults === undefined ? {} : { endpoint: defaults },
    resources: {},
    options: { region: 'eu' },
    optionInfos: [],
  })

describe('endpointOf', () => {
  it('is what the resource says, where there are no defaults', () => {
    expect(merge(undefined, { params: { a: 1 } })).toEqual({ path: 'things', params: { a: 1 } })
  })

  it('takes what the resource does not say itself [endpoint.defaults]', () => {
    const paginator = singlePage()
    expect(merge({ paginator, method: 'POST', dataSelector: 'data', auth: null }, {})).toEqual({
      path: 'things',
      paginator,
      method: 'POST',
      dataSelector: 'data',
      auth: null,
    })
  })

  it('prefers what the resource says [endpoint.defaults]', () => {
    const [theirs, own] = [offset({ limit: 1 }), offset({ limit: 2 })]
    const defaults = { path: 'other', paginator: theirs, method: 'POST', dataSelector: 'data', responseActions: [] } as const
    const responseActions = [{ statusCode: 404, action: 'ignore' }] as const
    const says = { paginator: own, method: 'GET', dataSelector: 'items', responseActions } as const
    expect(merge(defaults, says)).toEqual({ path: 'things', ...says })
  })

  it.each<['params' | 'headers', Record<string, string>, Record<string, string>, Record<string, string>]>([
    ['params', { a: '1', b: '2' }, { b: '3', c: '4' }, { a: '1', b: '3', c: '4' }],
    ['headers', { Accept: 'a', 'X-B': 'b' }, { 'X-B': 'c' }, { Accept: 'a', 'X-B': 'c' }],
  ])('merges %s key by key [endpoint.defaults.one-level]', (name, defaults, own, expected) => {
    expect(merge({ [name]: defaults }, { [name]: own })).toEqual({ path: 'things', [name]: expected })
    expect(merge({ [name]: defaults }, {})).toEqual({ path: 'things', [name]: defaults })
  })

  it.each<[string, JsonValue | undefined, JsonValue | undefined, JsonValue]>([
    ['objects key by key', { a: 1, b: { c: 1 } }, { b: { d: 2 } }, { a: 1, b: { d: 2 } }],
    ['a default alone', { a: 1 }, undefined, { a: 1 }],
    ['its own alone', undefined, { a: 1 }, { a: 1 }],
    ['a list as a whole', { a: 1 }, [1], [1]],
    ['an object over a list', [1], { a: 1 }, { a: 1 }],
  ])('merges json: %s [endpoint.defaults.one-level]', (_what, defaults, own, expected) => {
    const merged = merge(defaults === undefined ? {} : { json: defaults }, own === undefined ? {} : { json: own })
    expect(merged).toEqual({ path: 'things', json: expected })
  })

  it('has one body: its own ends the default of the other kind [endpoint.defaults]', () => {
    expect(merge({ json: { a: 1 } }, { data: 'text' })).toEqual({ path: 'things', data: 'text' })
    expect(merge({ data: { a: 1 } }, { json: [1] })).toEqual({ path: 'things', json: [1] })
    expect(merge({ data: { a: 1 } }, { data: { b: 2 } })).toEqual({ path: 'things', data: { b: 2 } })
  })

  it.each(['params', 'headers', 'json', 'data', 'paginator', 'dataSelector', 'responseActions', 'retry', 'timeout'])(
    'takes a default of %s away by an explicit null [endpoint.defaults.null]',
    (name) => {
      const defaults = { [name]: name === 'dataSelector' ? 'data' : { a: 1 } }
      expect(merge(defaults, { [name]: null } as never)).toEqual({ path: 'things' })
      expect(merge(defaults, {})).toEqual({ path: 'things', ...defaults })
    },
  )

  it('keeps null as an auth: none [endpoint.defaults.null]', () => {
    expect(merge({ auth: { apply: (request) => request } }, { auth: null })).toEqual({ path: 'things', auth: null })
  })

  it('changes no defaults', () => {
    const defaults = { params: { a: 1 }, json: { a: 1 } }
    merge(defaults, { params: { b: 2 }, json: { b: 2 } })
    expect(defaults).toEqual({ params: { a: 1 }, json: { a: 1 } })
  })
})
