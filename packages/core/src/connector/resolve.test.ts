import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import { requestUrl } from '../http/url.ts'
import { offset } from '../paginate/offset.ts'
import { integer, timestamp } from './columns.ts'
import { type Connector, defineConnector, type Resources } from './connector.ts'
import { url } from './options.ts'
import { type ResolvedResource, resolveResources } from './resolve.ts'
import { type ClientConfig, type Endpoint, type ResourceDefaults, resource } from './resource.ts'

type Resource = Resources[string]

const schema = v.object({ id: integer(), updated_at: timestamp() })

function connector(resources: Resources, resourceDefaults: ResourceDefaults = {}, client: Partial<ClientConfig> = {}): Connector {
  const options = { baseUrl: 'https://api.example.com/v2/' }
  return {
    name: 'crm',
    version: '1.0.0',
    client: { ...options, ...client },
    resourceDefaults,
    resources,
    options,
    optionInfos: [],
  }
}

const resolveOne = (one: Resource, defaults?: ResourceDefaults, client?: Partial<ClientConfig>) =>
  resolveResources(connector({ things: one }, defaults, client), undefined, undefined)[0]!

/** The request, with the name of each placeholder in its place. */
const requestOf = ({ request }: Pick<ResolvedResource, 'request'>): PageRequest => request.bind(({ text }) => text)

describe('resolveResources', () => {
  const both = connector({ deals: resource({ endpoint: { path: 'deals' } }), users: resource({ endpoint: { path: 'users' } }) })
  const namesOf = (chosen?: string[]) => resolveResources(both, chosen, undefined).map(({ name }) => name)

  it('takes all, or the chosen ones once each', () => {
    expect(namesOf()).toEqual(['deals', 'users'])
    expect(namesOf(['users', 'users'])).toEqual(['users'])
  })

  it.each([
    ['user', /crm has no resource "user"; did you mean users\? It has deals, users\./],
    ['invoices', /crm has no resource "invoices"\. It has deals, users\./],
    ['toString', /no resource "toString"/],
    ['__proto__', /no resource "__proto__"/],
  ])('refuses the unknown %s', (name, message) => {
    expect(() => namesOf([name])).toThrow(
      expect.objectContaining({ code: 'RESOURCE_UNKNOWN', recovery: 'fix-config', message: expect.stringMatching(message) }),
    )
  })

  it('joins base and path, and keeps what the endpoint says [endpoint.join]', () => {
    const endpoint = { path: '/things', params: { a: 1 }, headers: { 'X-A': 'b' }, method: 'POST', json: { q: 1 } } as const
    expect(requestOf(resolveOne(resource({ endpoint })))).toEqual({
      method: 'POST',
      url: 'https://api.example.com/v2/things',
      params: { a: 1 },
      headers: { 'X-A': 'b' },
      json: { q: 1 },
    })
  })

  it('has defaults for all that is left out', () => {
    const things = resolveOne(resource({ endpoint: { path: 'things' } }))
    expect(things).toMatchObject({
      table: 'things',
      primaryKey: [],
      disposition: 'append',
      skipUnchanged: false,
      maxTableNesting: 20,
      required: true,
      parallelized: true,
      isLoaded: true,
      send: {},
    })
    expect([things.selector, things.select, things.parent, things.incremental]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(requestOf(things)).toMatchObject({ method: 'GET', params: {}, headers: {} })
  })

  it.each<[string, string, string]>([
    ['https://a.example/v2', 'things', 'https://a.example/v2/things'],
    ['https://a.example/v2/', '/things', 'https://a.example/v2/things'],
    ['https://a.example/v2//', '//things', 'https://a.example/v2/things'],
    ['https://a.example/v2/', '', 'https://a.example/v2/'],
    ['https://a.example', 'things/', 'https://a.example/things/'],
    ['https://a.example/v2', 'https://b.example/things?a=1', 'https://b.example/things?a=1'],
    ['https://a.example/v2', 'HTTPS://b.example/things', 'HTTPS://b.example/things'],
  ])('joins %s and %j to %s [endpoint.join]', (baseUrl, path, url) => {
    expect(requestOf(resolveOne(resource({ endpoint: { path } }), {}, { baseUrl })).url).toBe(url)
  })

  it('merges a query in the path with the parameters [endpoint.query-merges]', () => {
    const endpoint = { path: 'things?a=1&b=2', params: { b: null, c: [true, 'x'] } }
    expect(requestUrl(requestOf(resolveOne(resource({ endpoint })))).search).toBe('?a=1&c=true&c=x')
  })

  it.each(['get', 'POST', 'pOsT', 'put', 'Patch'])('takes the method %s, in any case [endpoint.method]', (method) => {
    expect(requestOf(resolveOne(resource({ endpoint: { path: '', method: method as 'GET' } }))).method).toBe(method.toUpperCase())
  })

  it('takes the defaults of the connector, and the resource over them', () => {
    const defaults: ResourceDefaults = { primaryKey: 'id', writeDisposition: 'merge', maxTableNesting: 1, required: false }
    const endpoint = { path: 'things' }
    expect(resolveOne(resource({ endpoint }), defaults)).toMatchObject({
      primaryKey: ['id'],
      disposition: 'merge',
      required: false,
    })
    const own = resource({ endpoint, writeDisposition: 'replace', primaryKey: ['a', 'b'] as never, maxTableNesting: 0 })
    expect(resolveOne(own, defaults)).toMatchObject({ primaryKey: ['a', 'b'], disposition: 'replace', maxTableNesting: 0 })
  })

  describe('of paginators', () => {
    const [ofEndpoint, ofDefaults, ofClient] = [offset({ limit: 1 }), offset({ limit: 2 }), offset({ limit: 3 })]
    const single = '{resources.users.id}'
    const paginatorOf = (endpoint: Endpoint, defaults: ResourceDefaults = {}, client: Partial<ClientConfig> = {}) => {
      const users = resource({ endpoint: { path: 'users' } })
      const resolved = resolveResources(
        connector({ users, things: resource({ endpoint }) }, defaults, client),
        ['things'],
        undefined,
      )
      return resolved.at(-1)!.paginator
    }

    it.each(['things', single])(
      'prefers that of the endpoint, then the defaults, then the client: %s [endpoint.paginator.precedence]',
      (path) => {
        const [defaults, client] = [{ endpoint: { paginator: ofDefaults } }, { paginator: ofClient }]
        expect(paginatorOf({ path, paginator: ofEndpoint }, defaults, client)).toBe(ofEndpoint)
        expect(paginatorOf({ path }, defaults, client)).toBe(ofDefaults)
        expect(paginatorOf({ path }, {}, client)).toBe(ofClient)
      },
    )

    const following = (endpoint: Endpoint, body: JsonValue): (string | undefined)[] => {
      const paginator = paginatorOf(endpoint)
      const request = paginator.first({ method: 'GET', url: 'https://api.example.com/v2/x', params: {}, headers: {} })
      const page: Page = { request, status: 200, headers: {}, bytes: 0, body, records: [{ id: 1 }, { id: 2 }], mayRepeat: false }
      return [...paginator.next(page)].map(({ url }) => url)
    }

    it('takes a path that ends in a placeholder for one object [endpoint.single-entity]', () => {
      expect(following({ path: single }, { next: 'https://api.example.com/v2/y' })).toEqual([])
    })

    it('finds all else out from the response [endpoint.paginator.precedence]', () => {
      expect(following({ path: 'things' }, { next: 'https://api.example.com/v2/y' })).toEqual(['https://api.example.com/v2/y'])
      expect(following({ path: 'things' }, { data: [] })).toEqual([])
    })
  })

  it.each<[string, string | undefined, string | undefined]>([
    ['things', undefined, undefined],
    ['things', 'data', 'data'],
    ['{resources.users.id}', undefined, '$'],
    ['{resources.users.id}', 'data', 'data'],
  ])('of %s with the data selector %s takes %s [endpoint.single-entity]', (path, dataSelector, expected) => {
    const things = resource({ endpoint: { path, ...(dataSelector !== undefined && { dataSelector }) } })
    const users = resource({ endpoint: { path: 'users' } })
    expect(resolveResources(connector({ users, things }), ['things'], undefined).at(-1)!.selector).toBe(expected)
  })

  it('takes the defaults of all endpoints [endpoint.defaults]', () => {
    const defaults: ResourceDefaults = { endpoint: { params: { per_page: 50, a: 1 }, method: 'POST', dataSelector: 'data' } }
    const things = resolveOne(resource({ endpoint: { path: 'things', params: { a: 2 } } }), defaults)
    expect(requestOf(things)).toMatchObject({ method: 'POST', params: { per_page: 50, a: 2 } })
    expect(things.selector).toBe('data')
  })

  it('calls an endpoint that is a function with the options', () => {
    const crm = defineConnector({
      name: 'crm',
      options: v.object({ baseUrl: url(), region: v.optional(v.string(), 'eu') }),
      client: ({ baseUrl }) => ({ baseUrl }),
      resources: {
        things: resource({ endpoint: ({ region }: { region: string }) => ({ path: `things/${region}` }), schema }),
      },
    })
    const made = crm({ baseUrl: 'https://api.example.com' })
    expect(requestOf(resolveResources(made, undefined, undefined)[0]!).url).toBe('https://api.example.com/things/eu')
  })

  const incremental = { path: 'things', incremental: { startParam: 'since' } }
  const endpoint = { path: 'things' }
  it.each<[string, Resource, ResourceDefaults, Partial<ClientConfig>, RegExp]>([
    [
      'a merge without a key',
      resource({ endpoint, writeDisposition: 'merge' }),
      {},
      {},
      /crm\.things cannot run: its primaryKey is missing\. To merge, give/,
    ],
    ['a merge by default without a key', resource({ endpoint }), { writeDisposition: 'merge' }, {}, /primaryKey is missing/],
    ['incremental without a cursor', resource({ endpoint: incremental }), {}, {}, /incremental, which needs a cursor/],
    ['an unknown disposition', resource({ endpoint, writeDisposition: 'upsert' as never }), {}, {}, /"upsert"; there are append/],
    [
      'both json and data [endpoint.one-body]',
      resource({ endpoint: { path: 'things', method: 'POST', json: {}, data: 'x' } }),
      {},
      {},
      /crm\.things cannot run: it has both json and data; a request has one body/,
    ],
    [
      'a method that changes things [endpoint.method]',
      resource({ endpoint: { path: 'things', method: 'delete' as never } }),
      {},
      {},
      /its method is "delete"; there are GET, POST, PUT, PATCH/,
    ],
    [
      'a bound without an incremental [depend.malformed]',
      resource({ endpoint: { path: 'things', params: { since: '{incremental.start_value}' } } }),
      {},
      {},
      /it has \{incremental\.start_value\}, but its endpoint is not incremental/,
    ],
    [
      'an end without an initial value [incremental.end.without-initial]',
      resource({ endpoint: { path: 'things', incremental: { endValue: 5 } }, cursor: 'id' as never }),
      {},
      {},
      /crm\.things cannot run: incremental\.endValue.*needs an initialValue/,
    ],
    [
      'an end below the initial value [incremental.end.below-initial]',
      resource({ endpoint: { path: 'things', incremental: { initialValue: 6, endValue: 5 } }, cursor: 'id' as never }),
      {},
      {},
      /incremental\.endValue \(5\) lies before initialValue \(6\)/,
    ],
    [
      'a malformed step [step.malformed]',
      resource({ endpoint, processingSteps: [{ filter: 'x' } as never] }),
      {},
      {},
      /crm\.things cannot run: its processing step 1/,
    ],
    [
      'a placeholder in the host [depend.path.host]',
      resource({ endpoint: { path: 'https://{resources.things.id}/x' } }),
      {},
      {},
      /a brace in the host/,
    ],
    ['a table of ours', resource({ endpoint, tableName: '_sync_loads' }), {}, {}, /_sync_loads would be one of Tributary's own/],
    ['a base that is no URL', resource({ endpoint }), {}, { baseUrl: 'api.example.com' }, /not an absolute http or https URL/],
    ['another protocol', resource({ endpoint }), {}, { baseUrl: 'ftp://a.example' }, /not an absolute http or https URL/],
  ])('refuses %s', (_what, one, defaults, client, message) => {
    expect(() => resolveOne(one, defaults, client)).toThrow(
      expect.objectContaining({ code: 'RESOURCE_INVALID', recovery: 'fix-config', message: expect.stringMatching(message) }),
    )
  })

  it('refuses a merge without a key that only this run asks for [dispositions.key.run]', () => {
    expect(() => resolveResources(both, ['deals'], 'merge')).toThrow(/crm\.deals.*primaryKey is missing/)
  })

  it('refuses a selector that is none [detect.selector.malformed]', () => {
    const things = resource({ endpoint: { path: 'things', dataSelector: 'data[' } })
    expect(() => resolveOne(things)).toThrow(expect.objectContaining({ code: 'SELECTOR_INVALID', recovery: 'fix-config' }))
  })

  it('refuses two resources with one table', () => {
    const twice = connector({ dealItems: resource({ endpoint }), other: resource({ endpoint, tableName: 'deal-items' }) })
    expect(() => resolveResources(twice, undefined, undefined)).toThrow(/crm\.other.*deal_items is that of dealItems already/)
  })

  it('takes a cursor', () => {
    expect(resolveOne(resource({ endpoint: incremental, schema, cursor: 'updated_at' }))).toMatchObject({
      cursor: 'updated_at',
      incremental: { path: 'updated_at', startParam: 'since', rangeStart: 'closed' },
    })
  })
})

describe('resources that depend on others', () => {
  const on = (parent: string | undefined, options: Partial<Resource> = {}) =>
    ({ ...resource({ endpoint: { path: parent === undefined ? 'x' : `x/{resources.${parent}.id}/y` } }), ...options }) as Resource
  const resolve = (resources: Resources, chosen?: string[]) =>
    resolveResources(connector(resources), chosen, undefined).map(({ name, isLoaded, parent }) => [
      name,
      isLoaded,
      parent?.resource,
    ])

  it('come behind them, each once [depend.parent.once]', () => {
    expect(resolve({ replies: on('comments'), comments: on('posts'), likes: on('posts'), posts: on(undefined) })).toEqual([
      ['posts', true, undefined],
      ['comments', true, 'posts'],
      ['replies', true, 'comments'],
      ['likes', true, 'posts'],
    ])
  })

  it.each<[string, string[] | undefined, Partial<Resource>]>([
    ['asked for by name', ['replies'], {}],
    ['left out by the author', undefined, { selected: false }],
  ])('bring along those that are not to be loaded: %s [depend.parent.unselected]', (_what, chosen, options) => {
    const resources = {
      posts: on(undefined, options),
      comments: on('posts', options),
      replies: on('comments'),
      others: on(undefined, { selected: false }),
    }
    expect(resolve(resources, chosen)).toEqual([
      ['posts', false, undefined],
      ['comments', false, 'posts'],
      ['replies', true, 'comments'],
    ])
  })

  it('need no key or table of their own for what is only read', () => {
    const resources = { posts: on(undefined, { writeDisposition: 'merge', tableName: 'comments' }), comments: on('posts') }
    expect(resolve(resources, ['comments'])).toEqual([
      ['posts', false, undefined],
      ['comments', true, 'posts'],
    ])
    expect(() => resolve(resources)).toThrow(/posts cannot run: its primaryKey is missing/)
  })

  it('take fields of the parent [depend.include-from-parent]', () => {
    const resources = { posts: on(undefined), comments: on('posts', { includeFromParent: ['id'] }) }
    expect(resolveResources(connector(resources), ['comments'], undefined)[1]!.parent).toEqual({
      resource: 'posts',
      included: [{ field: 'id', as: '_posts_id' }],
    })
  })

  const two = resource({ endpoint: { path: '{resources.a.id}', params: { b: '{resources.b.id}' } } })
  it.each<[string, Resources, RegExp]>([
    ['itself [depend.cycle]', { a: on('a') }, /crm\.a cannot run: \{resources\.a\.id\} refers to the resource itself/],
    ['one that depends on it [depend.cycle]', { a: on('b'), b: on('a') }, /crm\.a cannot run: it depends on itself: a → b → a/],
    [
      'a cycle of three [depend.cycle]',
      { c: on('a'), a: on('b'), b: on('c') },
      /crm\.c cannot run: it depends on itself: c → a → b → c/,
    ],
    ['others that are in a cycle [depend.cycle]', { x: on('a'), a: on('b'), b: on('a') }, /it depends on itself: x → a → b → a/],
    [
      'one that there is not [depend.parent.missing]',
      { posts: on(undefined), b: on('post') },
      /resource post, which there is not; did you mean posts\?/,
    ],
    [
      'two [depend.parent.two]',
      { a: on(undefined), b: on(undefined), c: two },
      /refer to a and b, but a resource has one parent/,
    ],
    [
      'nothing that could be read [depend.malformed]',
      { a: resource({ endpoint: { path: '{resources.a}' } }) },
      /its path has \{resources\.a\}, where/,
    ],
    [
      'fields of no parent [depend.include-from-parent]',
      { a: on(undefined, { includeFromParent: ['id'] }) },
      /no placeholder such as/,
    ],
  ])('may not depend on %s', (_what, resources, message) => {
    expect(() => resolve(resources)).toThrow(
      expect.objectContaining({ code: 'RESOURCE_INVALID', recovery: 'fix-config', message: expect.stringMatching(message) }),
    )
  })

  it('are checked also where they are not asked for [depend.cycle]', () => {
    expect(() => resolve({ fine: on(undefined), a: on('b'), b: on('a') }, ['fine'])).toThrow(/a → b → a/)
  })
})

describe('defineConnector', () => {
  const define = (name: string, resources: Resources) =>
    defineConnector({ name, options: v.object({}), client: () => ({ baseUrl: 'https://a.example' }), resources })

  it.each(['', 'CRM', 'service_desk', '-a', 'a-', '1a', 'a b'])('refuses the name %j', (name) => {
    expect(() => define(name, { a: resource({ endpoint: { path: '' } }) })).toThrow(/lower case with hyphens/)
  })

  it('refuses a connector without resources', () => {
    expect(() => define('crm', {})).toThrow(/crm has no resources/)
  })

  it('tells what is known without options', () => {
    const crm = define('crm', { things: resource({ endpoint: { path: '' } }) })
    expect(crm.connector).toMatchObject({ name: 'crm', version: '0.0.0', optionInfos: [] })
    expect(() => crm({ key: 1 } as never)).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }))
  })
})
