import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { offset } from '../paginate/offset.ts'
import { integer, timestamp } from './columns.ts'
import { type Connector, defineConnector, type Resources } from './connector.ts'
import { url } from './options.ts'
import { resolveResources } from './resolve.ts'
import { type ClientConfig, type ResourceDefaults, resource } from './resource.ts'

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

  it('joins base and path, and keeps what the endpoint says', () => {
    const endpoint = { path: '/things', params: { a: 1 }, headers: { 'X-A': 'b' }, method: 'POST', json: { q: 1 } } as const
    expect(resolveOne(resource({ endpoint })).request).toEqual({
      method: 'POST',
      url: 'https://api.example.com/v2/things',
      params: { a: 1 },
      headers: { 'X-A': 'b' },
      json: { q: 1 },
    })
  })

  it('has defaults for all that is left out', () => {
    expect(resolveOne(resource({ endpoint: { path: 'things' } }))).toMatchObject({
      table: 'things',
      primaryKey: [],
      disposition: 'append',
      skipUnchanged: false,
      maxTableNesting: 20,
      required: true,
      selector: '$',
      request: { method: 'GET', params: {}, headers: {} },
    })
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

  it('prefers the paginator of the endpoint to that of the client, and that to a single page', () => {
    const [ofEndpoint, ofClient] = [offset({ limit: 1 }), offset({ limit: 2 })]
    const paginated = resource({ endpoint: { path: '', paginator: ofEndpoint } })
    expect(resolveOne(paginated, {}, { paginator: ofClient }).paginator).toBe(ofEndpoint)
    const plain = resource({ endpoint: { path: '' } })
    expect(resolveOne(plain, {}, { paginator: ofClient }).paginator).toBe(ofClient)
    const { paginator, request } = resolveOne(plain)
    const page = { request, status: 200, headers: {}, bytes: 0, body: [], records: [], mayRepeat: false }
    expect([...paginator.next(page)]).toEqual([])
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
    expect(resolveResources(made, undefined, undefined)[0]!.request.url).toBe('https://api.example.com/things/eu')
  })

  const incremental = { path: 'things', incremental: { startParam: 'since' } }
  const endpoint = { path: 'things' }
  it.each<[string, Resource, ResourceDefaults, Partial<ClientConfig>, RegExp]>([
    [
      'a merge without a key',
      resource({ endpoint, writeDisposition: 'merge' }),
      {},
      {},
      /crm\.things.*to merge, it needs a primaryKey/,
    ],
    ['a merge by default without a key', resource({ endpoint }), { writeDisposition: 'merge' }, {}, /needs a primaryKey/],
    ['incremental without a cursor', resource({ endpoint: incremental }), {}, {}, /incremental, which needs a cursor/],
    ['an unknown disposition', resource({ endpoint, writeDisposition: 'upsert' as never }), {}, {}, /"upsert"; there are append/],
    ['a table of ours', resource({ endpoint, tableName: '_sync_loads' }), {}, {}, /_sync_loads would be one of Tributary's own/],
    ['a base that is no URL', resource({ endpoint }), {}, { baseUrl: 'api.example.com' }, /not an absolute http or https URL/],
    ['another protocol', resource({ endpoint }), {}, { baseUrl: 'ftp://a.example' }, /not an absolute http or https URL/],
  ])('refuses %s', (_what, one, defaults, client, message) => {
    expect(() => resolveOne(one, defaults, client)).toThrow(
      expect.objectContaining({ code: 'RESOURCE_INVALID', recovery: 'fix-config', message: expect.stringMatching(message) }),
    )
  })

  it('refuses a merge without a key that only this run asks for', () => {
    expect(() => resolveResources(both, ['deals'], 'merge')).toThrow(/crm\.deals.*needs a primaryKey/)
  })

  it('refuses two resources with one table', () => {
    const twice = connector({ dealItems: resource({ endpoint }), other: resource({ endpoint, tableName: 'deal-items' }) })
    expect(() => resolveResources(twice, undefined, undefined)).toThrow(/crm\.other.*deal_items is that of dealItems already/)
  })

  it('takes a cursor', () => {
    expect(resolveOne(resource({ endpoint: incremental, schema, cursor: 'updated_at' }))).toMatchObject({
      cursor: 'updated_at',
      incremental: { startParam: 'since' },
    })
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
