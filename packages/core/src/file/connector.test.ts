import { describe, expect, it } from 'vitest'
import { registerAuth } from '../auth/registry.ts'
import { describeResources } from '../check.ts'
import type { Connector } from '../connector/connector.ts'
import type { Endpoint, Resource } from '../connector/resource.ts'
import { validateConnector } from '../connector/validate.ts'
import type { Page, PageRequest } from '../http/request.ts'
import { connectorFromData } from './connector.ts'

type Data = Record<string, unknown>

const base = { base_url: 'https://api.example.com' }
const REQUEST: PageRequest = { method: 'GET', url: 'https://api.example.com/items', params: {}, headers: {} }

const connectorOf = (client: Data, resources: unknown[] = ['items'], more: Data = {}): Connector =>
  connectorFromData({ client: { ...base, ...client }, resources, ...more }, { name: 'shop' })({})

const endpointOf = (endpoint: Data): Endpoint =>
  connectorOf({}, [{ name: 'items', endpoint }]).resources.items!.endpoint as Endpoint

describe('a connector', () => {
  it('has the name of the file, unless it gives one itself [file.top.name]', () => {
    expect(connectorOf({}).name).toBe('shop')
    expect(connectorOf({}, ['a'], { name: 'service_desk', description: 'Tickets', $schema: './x.json' })).toMatchObject({
      name: 'service_desk',
      description: 'Tickets',
    })
  })

  it('takes the settings of its client, delays in seconds [file.client.settings]', () => {
    const { client } = connectorOf({
      headers: { 'X-One': '1', 'X-Two': null },
      retry: { statuses: [500], limit: 1, factor: 3, initial_delay: 0.25, maximum_delay: 2 },
      rate_limit: { requests: 5, per: 'minute' },
      timeout: { connect: 1, body: 2.5 },
      concurrency: 2,
      maximum_body_bytes: 1000,
    })
    expect(client).toEqual({
      baseUrl: 'https://api.example.com',
      headers: { 'X-One': '1' },
      retry: { statuses: [500], limit: 1, factor: 3, initialDelay: 250, maximumDelay: 2000 },
      rateLimit: { requests: 5, per: 'minute' },
      timeout: { connect: 1, body: 2.5 },
      concurrency: 2,
      maximumBodyBytes: 1000,
    })
    expect(connectorOf({ timeout: 5 }).client.timeout).toBe(5)
  })

  it('leaves the defaults alone where the client says null [file.client.settings]', () => {
    const nulls = Object.fromEntries(
      ['headers', 'auth', 'paginator', 'retry', 'rate_limit', 'timeout', 'concurrency', 'maximum_body_bytes'].map((key) => [
        key,
        null,
      ]),
    )
    expect(connectorOf(nulls).client).toEqual({ baseUrl: 'https://api.example.com' })
  })

  it('takes the settings of an endpoint [file.endpoint.settings]', () => {
    expect(
      endpointOf({
        method: 'post',
        json: { a: [1, null] },
        headers: { Accept: 'text/x' },
        data_selector: 'data',
        response_actions: [
          { status_code: '4xx', content: 'gone', action: 'ignore' },
          { status_code: 500, action: 'fail' },
        ],
        retry: { limit: 0 },
        timeout: 3,
      }),
    ).toEqual({
      path: 'items',
      method: 'POST',
      json: { a: [1, null] },
      headers: { Accept: 'text/x' },
      dataSelector: 'data',
      responseActions: [
        { statusCode: '4xx', content: 'gone', action: 'ignore' },
        { statusCode: 500, action: 'fail' },
      ],
      retry: { limit: 0 },
      timeout: 3,
    })
  })

  it.each<[string, Data, Data]>([
    [
      'table_name and description',
      { table_name: 'things', description: 'All of them' },
      { tableName: 'things', description: 'All of them' },
    ],
    ['selected and parallelized', { selected: false, parallelized: false }, { selected: false, parallelized: false }],
    ['max_table_nesting', { max_table_nesting: 0 }, { maxTableNesting: 0 }],
    ['a composite key', { primary_key: ['a', 'b'] }, { primaryKey: ['a', 'b'] }],
    ['a disposition as an object', { write_disposition: { disposition: 'replace' } }, { writeDisposition: 'replace' }],
    [
      'delete-insert and skip_unchanged',
      { primary_key: 'id', write_disposition: { disposition: 'merge', strategy: 'delete-insert', skip_unchanged: true } },
      { writeDisposition: 'merge', skipUnchanged: true },
    ],
    [
      'a key of columns',
      { write_disposition: 'merge', columns: { id: { primary_key: true } } },
      { columns: { id: { primaryKey: true } } },
    ],
    [
      'all words for types',
      {
        columns: {
          a: { data_type: 'epoch_seconds' },
          b: { data_type: 'epoch_milliseconds' },
          c: { data_type: 'decimal', precision: 10, scale: 2 },
          d: { data_type: 'binary', description: 'x' },
        },
      },
      {
        columns: {
          a: { type: 'timestamp', epoch: 'seconds' },
          b: { type: 'timestamp', epoch: 'milliseconds' },
          c: { type: 'decimal', precision: 10, scale: 2 },
          d: { type: 'binary', description: 'x' },
        },
      },
    ],
  ])('takes the settings of a resource: %s [file.resource.settings]', (_what, own, expected) => {
    expect(connectorOf({}, [{ name: 'items', ...own }]).resources.items).toMatchObject(expected)
  })

  const merging = (more: Data): Data => ({ primary_key: 'id', write_disposition: 'merge', ...more })
  const strategy = (name: string, more: Data = {}): Data =>
    merging({ write_disposition: { disposition: 'merge', strategy: name, ...more } })

  it.each<[string, Data, Partial<Resource>]>([
    ['upsert [file.loading.strategy]', strategy('upsert'), { writeDisposition: 'merge', mergeStrategy: 'upsert' }],
    ['insert-only [file.loading.strategy]', strategy('insert-only'), { mergeStrategy: 'insert-only' }],
    ['scd2 [file.loading.strategy]', strategy('scd2'), { mergeStrategy: 'scd2' }],
    ['mirror [file.loading.strategy]', strategy('mirror'), { mergeStrategy: 'mirror' }],
    ['cdc, which is mirror [file.loading.cdc]', strategy('cdc'), { mergeStrategy: 'mirror' }],
    ['skip_unchanged_rows [file.loading.skip]', strategy('upsert', { skip_unchanged_rows: true }), { skipUnchanged: true }],
    [
      'skip_unchanged over skip_unchanged_rows [file.loading.skip]',
      strategy('upsert', { skip_unchanged: false, skip_unchanged_rows: true }),
      { skipUnchanged: false },
    ],
    ['a merge key [file.loading.merge-key]', merging({ merge_key: ['shop', 'day'] }), { mergeKey: ['shop', 'day'] }],
    ['a merge key alone [file.loading.merge-key]', { write_disposition: 'merge', merge_key: 'day' }, { mergeKey: 'day' }],
    [
      'hints of columns [file.loading.hints]',
      merging({ columns: { day: { merge_key: true }, gone: { hard_delete: true }, at: { dedup_sort: 'desc' } } }),
      { columns: { day: { mergeKey: true }, gone: { hardDelete: true }, at: { dedupSort: 'desc' } } },
    ],
    [
      'hints that say nothing [file.loading.hints]',
      { columns: { a: { hard_delete: false, dedup_sort: null } } },
      { columns: { a: {} } },
    ],
    ['a contract in one word [file.loading.contract]', { schema_contract: 'freeze' }, { schemaContract: 'freeze' }],
    [
      'a contract of parts [file.loading.contract]',
      { schema_contract: { tables: 'discard_row', columns: null, data_type: 'discard_value' } },
      { schemaContract: { tables: 'discard_row', dataType: 'discard_value' } },
    ],
  ])('takes how a resource is loaded: %s', (_what, own, expected) => {
    const connector = connectorOf({}, [{ name: 'items', ...own }])
    expect(connector.resources.items).toMatchObject(expected)
  })

  it('that says all of it is checked without a request [file.loading.check]', async () => {
    const all = (name: string, more: Data): Data => ({
      name,
      primary_key: 'id',
      schema_contract: { tables: 'freeze', columns: 'discard_row', data_type: 'discard_value' },
      columns: { gone: { data_type: 'bool', hard_delete: true }, at: { data_type: 'timestamp', dedup_sort: 'desc' } },
      ...more,
    })
    const resources = ['delete-insert', 'upsert', 'insert-only', 'scd2', 'mirror', 'cdc'].map((name) =>
      all(name, { write_disposition: { disposition: 'merge', strategy: name, skip_unchanged: true } }),
    )
    const connector = connectorOf({}, [...resources, all('partitions', { write_disposition: 'merge', merge_key: 'day' })])
    await expect(validateConnector(connector)).resolves.toBeUndefined()
    expect(describeResources(connectorFromData({ client: base, resources }, { name: 'shop' }).connector)).toMatchObject(
      ['delete-insert', 'upsert', 'insert-only', 'scd2', 'mirror', 'mirror'].map((mergeStrategy) => ({ mergeStrategy })),
    )
  })

  it('leaves out what defaults say of merges where a resource does not merge [file.loading.defaults]', () => {
    const defaults = {
      write_disposition: { disposition: 'merge', strategy: 'scd2' },
      primary_key: 'id',
      merge_key: 'day',
      columns: { gone: { data_type: 'bool', hard_delete: true }, at: { dedup_sort: 'desc' } },
    }
    const { resources } = connectorOf({}, ['merged', { name: 'added', write_disposition: 'append' }], {
      resource_defaults: defaults,
    })
    expect(resources.merged).toMatchObject({ mergeStrategy: 'scd2', mergeKey: 'day', columns: { gone: { hardDelete: true } } })
    expect(resources.added).toEqual({
      required: false,
      writeDisposition: 'append',
      primaryKey: 'id',
      columns: { gone: { type: 'bool' }, at: {} },
      endpoint: { path: 'added', method: 'GET' },
    })
  })

  it('takes include_from_parent beside a placeholder [file.resource.settings]', () => {
    const items = { name: 'items', include_from_parent: ['id'], endpoint: 'shops/{resources.shops.id}/items' }
    expect(connectorOf({}, ['shops', items]).resources.items).toMatchObject({ includeFromParent: ['id'] })
  })
})

describe('paginators', () => {
  const page = (body: unknown, more: Partial<Page> = {}): Page =>
    ({ request: REQUEST, status: 200, headers: {}, body, bytes: 1, records: [1, 2], mayRepeat: false, ...more }) as Page

  it.each<[string, unknown, Data, Partial<Page>, Data, Data[]]>([
    [
      'offset',
      { type: 'offset', limit: 2, offset: 4, offset_param: 'skip', limit_param: 'take', total_path: 'n' },
      { n: 8 },
      {},
      { skip: 4, take: 2 },
      [{ skip: 6, take: 2 }],
    ],
    [
      'offset that ends',
      { type: 'offset', limit: 2, maximum_offset: 2, total_path: null, has_more_path: 'more' },
      { more: true, total: 99 },
      {},
      { offset: 0, limit: 2 },
      [],
    ],
    [
      'page_number',
      { type: 'page_number', base_page: 1, page: 3, page_param: 'p', total_path: 'pages' },
      { pages: 4 },
      {},
      { p: 3 },
      [{ p: 4 }],
    ],
    ['page_number by its name', 'page_number', { total: 2 }, {}, { page: 0 }, [{ page: 1 }]],
    ['cursor', { type: 'cursor', cursor_path: 'next', cursor_param: 'c' }, { next: 'abc' }, {}, {}, [{ c: 'abc' }]],
    ['cursor by its name', 'cursor', { cursors: { next: 'abc' } }, {}, {}, [{ cursor: 'abc' }]],
    [
      'header_cursor',
      { type: 'header_cursor', cursor_key: 'X-Next', cursor_param: 'c' },
      {},
      { headers: { 'x-next': 'n' } },
      {},
      [{ c: 'n' }],
    ],
    ['single_page', 'single_page', { next: '/more' }, {}, {}, []],
    ['single_page as an object', { type: 'single_page' }, { next: '/more' }, {}, {}, []],
  ])('%s [file.paginator.types]', (_what, paginator, body, more, first, next) => {
    const made = endpointOf({ paginator }).paginator!
    const request = made.first(REQUEST)
    expect(request.params).toEqual(first)
    expect([...made.next(page(body, { request, ...more }))].map(({ params }) => params)).toEqual(next)
  })

  it.each<[string, unknown, Partial<Page>]>([
    ['json_link', { type: 'json_link', next_url_path: 'links.next' }, { body: { links: { next: '/items?page=2' } } }],
    ['header_link', { type: 'header_link', links_next_key: 'after' }, { headers: { link: '</items?page=2>; rel="after"' } }],
    ['json_response, its older name', { type: 'json_response', next_url_path: 'more' }, { body: { more: '?page=2' } }],
    ['auto', 'auto', { body: { data: [1], next: '/items?page=2' } }],
  ])('%s [file.paginator.types]', (_what, paginator, more) => {
    const made = endpointOf({ paginator }).paginator!
    const [next] = made.next(page({}, { request: made.first(REQUEST), ...more }))
    expect(next?.url).toBe('https://api.example.com/items?page=2')
  })

  it('write into the body [file.paginator.types]', () => {
    const paginator = { type: 'offset', limit: 5, offset_body_path: 'page.from', limit_body_path: 'page.size' }
    expect(endpointOf({ paginator }).paginator!.first(REQUEST).json).toEqual({ page: { from: 0, size: 5 } })
  })
})

describe('auth', () => {
  const none = { requestToken: () => Promise.reject(new Error('no token is needed')), protect: () => {} }

  it.each<[string, unknown, Partial<PageRequest>]>([
    ['bearer', { type: 'bearer', token: 't0ken' }, { headers: { Authorization: 'Bearer t0ken' } }],
    ['a token without a type', { token: 't0ken' }, { headers: { Authorization: 'Bearer t0ken' } }],
    ['api_key', { type: 'api_key', api_key: 'k3y' }, { headers: { Authorization: 'k3y' } }],
    ['api_key in the query', { type: 'api_key', api_key: 'k3y', name: 'key', location: 'query' }, { params: { key: 'k3y' } }],
    [
      'api_key in a cookie',
      { type: 'api_key', api_key: 'k3y', name: 'session', location: 'cookie' },
      { headers: { Cookie: 'session=k3y' } },
    ],
    [
      'http_basic',
      { type: 'http_basic', username: 'me', password: '' },
      { headers: { Authorization: `Basic ${Buffer.from('me:').toString('base64')}` } },
    ],
  ])('%s [file.auth.types]', async (_what, auth, expected) => {
    const made = connectorOf({ auth: { origins: ['https://files.example.com'], ...(auth as Data) } }).client.auth!
    expect(await made.apply(REQUEST, none)).toEqual({ ...REQUEST, ...expected })
    expect(made.origins).toEqual(['https://files.example.com'])
  })

  it('oauth2_client_credentials [file.auth.types]', async () => {
    const { client } = connectorOf({
      auth: {
        type: 'oauth2_client_credentials',
        access_token_url: 'https://login.example.com/token',
        client_id: 'me',
        client_secret: 's3cret',
        access_token_request_data: { audience_id: 'x' },
        client_authentication: 'body',
        default_token_expiration: 60,
        scopes: ['read', 'write'],
      },
    })
    const asked: PageRequest[] = []
    const requestToken = async (request: PageRequest) => {
      asked.push(request)
      return { status: 200, headers: {}, body: { access_token: 'new' } } as never
    }
    expect(await client.auth!.apply(REQUEST, { requestToken, protect: () => {} })).toMatchObject({
      headers: { Authorization: 'Bearer new' },
    })
    expect(asked).toMatchObject([
      {
        url: 'https://login.example.com/token',
        data: { client_id: 'me', client_secret: 's3cret', scope: 'read write', audience_id: 'x' },
      },
    ])
  })

  it('a kind that was registered gets its fields as they are written [file.auth.registered]', () => {
    const given: unknown[] = []
    registerAuth('signed_by_test', (options) => {
      given.push(options)
      return { apply: (request) => request }
    })
    expect(connectorOf({ auth: { type: 'signed_by_test', key_id: 'x', deep: { a_b: 1 } } }).client.auth).toBeDefined()
    expect(connectorOf({ auth: 'signed_by_test' }).client.auth).toBeDefined()
    // Once as the file is read, once with its variables filled in.
    expect(new Set(given.map((options) => JSON.stringify(options)))).toEqual(new Set(['{"key_id":"x","deep":{"a_b":1}}', '{}']))
  })

  it('of the defaults is one value, so that its token is shared [file.auth.shared]', () => {
    const defaults = { endpoint: { auth: { token: 't0ken' } } }
    const { a, b } = connectorOf({}, ['a', 'b'], { resource_defaults: defaults }).resources
    expect((a!.endpoint as Endpoint).auth).toBe((b!.endpoint as Endpoint).auth)
  })

  it('that is written twice is one value too [file.auth.shared]', () => {
    const names = ['a', 'b', 'c'].map((name) => ({
      name,
      endpoint: { auth: { type: 'bearer', token: name === 'c' ? 'u' : 't' } },
    }))
    const { a, b, c } = connectorOf({}, names).resources
    const [first, second, third] = [a, b, c].map((each) => (each!.endpoint as Endpoint).auth)
    expect([first === second, first === third]).toEqual([true, false])
  })
})

it('a description shows no value of a parameter with a secret name [http.redact.message]', () => {
  const { connector } = connectorFromData(
    { client: { base_url: 'https://api.example.com' }, resources: ['things?api_key=l1teral&page=1'] },
    { name: 'shop' },
  )
  expect(describeResources(connector)[0]!.endpoint?.path).toBe('things?api_key=[redacted]&page=1')
})
