import { describe, expect, it } from 'vitest'
import { resolveResources } from '../connector/resolve.ts'
import type { Endpoint, Resource } from '../connector/resource.ts'
import { connectorFromData } from './connector.ts'

type Data = Record<string, unknown>

/** The only resource of a file, in the engine's own terms. */
function resourceOf(own: unknown, defaults?: Data, client: Data = {}): Resource & { endpoint: Endpoint } {
  const data = {
    client: { base_url: 'https://api.example.com', ...client },
    ...(defaults !== undefined && { resource_defaults: defaults }),
    resources: [own],
  }
  return Object.values(connectorFromData(data, { name: 'shop' })({}).resources)[0] as never
}

const endpointOf = (own: unknown, defaults: Data = {}): Endpoint =>
  resourceOf({ name: 'items', endpoint: own }, { endpoint: defaults }).endpoint

describe('what may be left out', () => {
  it.each<[string, unknown, Data | undefined, string]>([
    ['a resource as a name is its path too [endpoint.short]', 'items', undefined, 'items'],
    ['an endpoint as a text is a path [endpoint.short]', { name: 'items', endpoint: 'some/where' }, undefined, 'some/where'],
    ['without a path, the name is the path [endpoint.short]', { name: 'items', endpoint: { method: 'GET' } }, undefined, 'items'],
    ['without an endpoint, the name is the path [endpoint.short]', { name: 'items' }, undefined, 'items'],
    ['an empty path is the base itself [endpoint.short]', { name: 'items', endpoint: '' }, undefined, ''],
    ['a default path [endpoint.short]', { name: 'items' }, { endpoint: { path: 'all' } }, 'all'],
    [
      'a default path that is reset [endpoint.null-resets]',
      { name: 'items', endpoint: { path: null } },
      { endpoint: 'all' },
      'items',
    ],
  ])('%s', (_what, own, defaults, path) => {
    expect(resourceOf(own, defaults).endpoint.path).toBe(path)
  })

  it('is not required in a file, and requested in parallel [file.resource.required]', () => {
    expect(resourceOf('items')).toMatchObject({ required: false })
    expect(resourceOf({ name: 'items', required: true, parallelized: false })).toMatchObject({
      required: true,
      parallelized: false,
    })
  })
})

describe('the paginator', () => {
  const limit = (size: number): Data => ({ paginator: { type: 'offset', limit: size } })

  it.each<[string, Data, Data, Data, unknown]>([
    ["is the endpoint's own", limit(1), limit(2), limit(3), 1],
    ['else that of the defaults', {}, limit(2), limit(3), 2],
    ["else the client's", {}, {}, limit(3), 3],
    ["the client's where the default is reset", { paginator: null }, limit(2), limit(3), 3],
    [
      "the client's for a single object too",
      { path: 'items/{incremental.start_value}', incremental: { cursor_path: 'id' } },
      {},
      limit(3),
      3,
    ],
    [
      'else none for a single object',
      { path: 'items/{incremental.start_value}', incremental: { cursor_path: 'id' } },
      {},
      {},
      undefined,
    ],
  ])('%s [endpoint.paginator.precedence]', (_what, endpoint, defaults, client, expected) => {
    const data = {
      client: { base_url: 'https://api.example.com', ...client },
      resource_defaults: { endpoint: defaults },
      resources: [{ name: 'items', endpoint }],
    }
    const [items] = resolveResources(connectorFromData(data, { name: 'shop' })({}), undefined, undefined)
    const request = { method: 'GET' as const, url: 'https://api.example.com/items', params: {}, headers: {} }
    expect(items!.paginator.first(request).params.limit).toBe(expected)
  })
})

describe('defaults', () => {
  it('merge shallowly: what a resource says stands alone [endpoint.defaults.shallow]', () => {
    const defaults = {
      primary_key: ['a', 'b'],
      write_disposition: { disposition: 'merge', skip_unchanged: true },
      max_table_nesting: 2,
      include_from_parent: ['x'],
      endpoint: 'posts/{resources.items.id}',
    }
    expect(resourceOf({ name: 'items', endpoint: 'items', include_from_parent: null, primary_key: 'id' }, defaults)).toEqual({
      required: false,
      maxTableNesting: 2,
      writeDisposition: 'merge',
      skipUnchanged: true,
      primaryKey: 'id',
      endpoint: { path: 'items', method: 'GET' },
    })
    expect(
      resourceOf({ name: 'items', write_disposition: 'replace', endpoint: 'x', include_from_parent: null }, defaults),
    ).toMatchObject({
      writeDisposition: 'replace',
      primaryKey: ['a', 'b'],
    })
  })

  it.each<[string, Data, Data, Partial<Endpoint>]>([
    ['params', { params: { q: 'own', x: 1 } }, { params: { q: 'default', limit: 5 } }, { params: { q: 'own', limit: 5, x: 1 } }],
    ['headers', { headers: { A: 'own' } }, { headers: { A: 'default', B: 'b' } }, { headers: { A: 'own', B: 'b' } }],
    [
      'json',
      { method: 'POST', json: { filter: { own: 1 } } },
      { json: { filter: { default: 1 }, size: 2 } },
      { json: { filter: { own: 1 }, size: 2 } },
    ],
  ])('%s merge one level deep [endpoint.defaults.one-level]', (_what, own, defaults, merged) => {
    expect(endpointOf(own, defaults)).toMatchObject(merged)
  })

  it('of columns merge by name, as an object or a list [endpoint.defaults.columns]', () => {
    const defaults = { columns: { id: { data_type: 'text' }, at: { data_type: 'timestamp' }, gone: { data_type: 'text' } } }
    const own = { name: 'items', columns: [{ name: 'id', data_type: 'bigint', nullable: false }] }
    expect(resourceOf(own, defaults).columns).toEqual({
      id: { type: 'bigint', nullable: false },
      at: { type: 'timestamp' },
      gone: { type: 'text' },
    })
    expect(resourceOf({ name: 'items', columns: { gone: null } }, defaults).columns).not.toHaveProperty('gone')
    expect(resourceOf({ name: 'items', columns: null }, defaults)).not.toHaveProperty('columns')
  })

  it.each<[string, Data, Data, keyof Endpoint]>([
    ['data_selector', { data_selector: null }, { data_selector: 'data' }, 'dataSelector'],
    ['params', { params: null }, { params: { q: 1 } }, 'params'],
    ['headers', { headers: null }, { headers: { A: 'a' } }, 'headers'],
    ['paginator', { paginator: null }, { paginator: 'cursor' }, 'paginator'],
    ['incremental', { incremental: null }, { incremental: { cursor_path: 'at' } }, 'incremental'],
    ['response_actions', { response_actions: null }, { response_actions: [{ content: 'x', action: 'fail' }] }, 'responseActions'],
  ])('are reset by an explicit null: %s [endpoint.null-resets]', (_what, own, defaults, key) => {
    expect(endpointOf({}, defaults)).toHaveProperty(key)
    expect(endpointOf(own, defaults)).not.toHaveProperty(key)
  })

  it('of a resource are reset by null too [endpoint.null-resets]', () => {
    const defaults = { primary_key: 'id', table_name: 'all', endpoint: { params: { q: 1 } } }
    expect(resourceOf({ name: 'items', primary_key: null, table_name: null, endpoint: null }, defaults)).toEqual({
      required: false,
      writeDisposition: 'append',
      endpoint: { path: 'items', method: 'GET' },
    })
  })

  it('an auth of null is no auth, over the default and the client [endpoint.auth-null]', () => {
    expect(endpointOf({ auth: null }, { auth: { token: 't' } }).auth).toBeNull()
    expect(resourceOf({ name: 'items', endpoint: { auth: null } }, undefined, { auth: { token: 't' } }).endpoint.auth).toBeNull()
  })

  it.each<[string, Data, Data, object]>([
    ['data over json', { method: 'POST', data: 'x' }, { json: { a: 1 } }, { data: 'x' }],
    ['json over data', { method: 'POST', json: { a: 1 } }, { data: { b: 2 } }, { json: { a: 1 } }],
  ])('a body of its own ends the other default: %s [endpoint.one-body]', (_what, own, defaults, body) => {
    const { path: _path, method: _method, ...rest } = endpointOf(own, defaults)
    expect(rest).toEqual(body)
  })

  it('null is a value in a JSON body [endpoint.defaults.one-level]', () => {
    expect(endpointOf({ method: 'POST', json: { a: null } }, { json: { a: 1, b: 2 } }).json).toEqual({ a: null, b: 2 })
  })
})
