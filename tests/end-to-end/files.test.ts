import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serviceDesk } from '@tributary/connector-service-desk'
import { ticketing } from '@tributary/connector-ticketing'
import { type Connector, connectorFromData, type JsonValue, parseConnectorFile, sync } from '@tributary/core'
import { jsonResponse, type MockApi, offsetPages, startMockApi, withApiKey } from '@tributary/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { duckdbPlace, jsonlPlace, type Place, places, type Row } from '../support/places.ts'
import { project, tributary } from '../support/process.ts'
import { API_KEY, tickets } from '../support/tickets.ts'

const FILES = join(import.meta.dirname, '../files')

const references: { file: string; variables: string; root: string; dataset: string; make: (baseUrl: string) => Connector }[] = [
  {
    file: 'ticketing.json',
    variables: 'TICKETING',
    root: 'ticket_data',
    dataset: 'ticketing',
    make: (baseUrl) => ticketing({ baseUrl, apiKey: API_KEY }),
  },
  {
    file: 'ticketing.yaml',
    variables: 'TICKETING',
    root: 'ticket_data',
    dataset: 'ticketing',
    make: (baseUrl) => ticketing({ baseUrl, apiKey: API_KEY }),
  },
  {
    file: 'service-desk.json',
    variables: 'SERVICE_DESK',
    root: 'service_desk_tickets',
    dataset: 'service_desk',
    make: (baseUrl) => serviceDesk({ baseUrl, apiKey: API_KEY }),
  },
]

async function serve(records = tickets(237)): Promise<MockApi> {
  const api = await startMockApi({
    'GET /v1/tickets': withApiKey(
      offsetPages(() => records),
      { value: API_KEY },
    ),
  })
  onTestFinished(() => api.close())
  return api
}

function fromFile(file: string, values: Record<string, string>): Connector {
  return parseConnectorFile(readFileSync(join(FILES, file), 'utf8'), `tests/files/${file}`)(values)
}

/** Rows by table; columns that hold nothing are left out, for the packages declare some that these records lack. */
async function everything(place: Place, dataset: string): Promise<Record<string, Row[]>> {
  const tables = await place.tables(dataset)
  return Object.fromEntries(await Promise.all(tables.map(async (table) => [table, await place.rows(dataset, table)] as const)))
}

describe.each(references)('$file', ({ file, variables, root, dataset, make }) => {
  it.each(places)('gives the same tables as the package, in %s [file.parity.reference]', async (_kind, makePlace) => {
    const { url } = await serve()
    const [ours, packages] = [makePlace(), makePlace()]
    const connector = fromFile(file, { [`${variables}_BASE_URL`]: url, [`${variables}_API_KEY`]: API_KEY })
    // Twice: the second time, all of it is there already.
    for (let run = 0; run < 2; run++) {
      const one = await sync({ connector, destination: ours.destination })
      const other = await sync({ connector: make(url), destination: packages.destination })
      expect(one.resources[root]?.error).toBeUndefined()
      expect(one.resources[root]!.tables).toEqual(other.resources[root]!.tables)
    }
    const tables = await everything(ours, dataset)
    expect(Object.keys(tables)).toEqual([root, `${root}__tags`])
    expect(tables[root]).toHaveLength(237)
    expect(tables).toEqual(await everything(packages, dataset))
  })

  it('runs from the command line, and never against the demo [file.cli]', async () => {
    const api = await serve(tickets(12))
    const cwd = project()
    cpSync(join(FILES, file), join(cwd, file))
    const unset = await tributary(['sync', `./${file}`], { cwd })
    expect(unset.code).toBe(2)
    expect(unset.stderr).toContain(`./${file} needs values: \${${variables}_BASE_URL} and \${${variables}_API_KEY} are not set.`)

    const described = await tributary(['describe', `./${file}`, '--json'], { cwd })
    expect(JSON.parse(described.stdout)).toMatchObject({
      resources: [
        { name: root, primary_key: ['id'], write_disposition: 'merge', endpoint: { method: 'GET', path: '/v1/tickets' } },
      ],
    })

    writeFileSync(join(cwd, 'key.txt'), `${API_KEY}\n`)
    const env = { [`${variables}_BASE_URL`]: api.url, [`${variables}_API_KEY_FILE`]: 'key.txt' }
    const offline = await tributary(['check', `./${file}`, '--offline'], { cwd, env })
    expect(offline).toMatchObject({ code: 0, stdout: `./${file} is valid: 1 resource (${root}).\n` })
    expect(api.requests).toHaveLength(0)
    const checked = await tributary(['check', file], { cwd, env })
    expect(checked.stdout).toMatch(new RegExp(`is valid: 1 resource.*\n${root}: ok · 200 from`))
    expect(checked.stdout + checked.stderr).not.toContain(API_KEY)

    const place = duckdbPlace(cwd)
    const synced = await tributary(['sync', `./${file}`, '--to', place.to, '--json'], { cwd, env })
    expect(JSON.parse(synced.stdout)).toMatchObject({ status: 'ok', resources: { [root]: { records: 12 } } })
    expect(await place.rows(dataset, root)).toHaveLength(12)
  })
})

describe('a connector as data', () => {
  it('says what is wrong, and requests nothing [file.cli]', async () => {
    const cwd = project()
    writeFileSync(join(cwd, 'shop.yml'), 'client: { base_url: http://127.0.0.1:9 }\nresources: [{ name: a, endpont: a }]\n')
    for (const verb of ['sync', 'check', 'describe']) {
      const { code, stdout, stderr } = await tributary([verb, './shop.yml'], { cwd })
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/There is a mistake in \.\/shop\.yml:\n {2}resources\[0\] \(a\)\.endpont: .*Did you mean endpoint\?/)
    }
    expect((await tributary(['sync', './shop.json'], { cwd })).stderr).toContain('There is no file ./shop.json')
    writeFileSync(join(cwd, 'shop.json'), Buffer.from([0xff, 0xfe, 0x7b, 0x00]))
    expect((await tributary(['sync', './shop.json'], { cwd })).stderr).toContain('not text in UTF-8')
  })

  it('runs as the page on files shows it [file.docs]', async () => {
    const cwd = project()
    const page = readFileSync(join(import.meta.dirname, '../../docs/files.md'), 'utf8')
    writeFileSync(join(cwd, 'shop.yaml'), /^```yaml\n([\s\S]*?)^```/m.exec(page)![1]!)
    const updated = '2026-01-05T00:00:00Z'
    const items = (records: JsonValue[]) => offsetPages(records, { dataKey: 'items' })
    const api = await startMockApi({
      'GET /products': items([{ id: 1 }, { id: 2 }]),
      'GET /v2/customers': items([
        { id: 1, email: 'ada@example.com', internal: { notes: 'x', level: 2 } },
        { id: 2, email: 'test@example.com', test_account: true },
      ]),
      'GET /orders': items([{ id: 7, total: '9.90', placed_at: 1_767_323_045, updated_at: updated }]),
      'GET /orders/7/events': () => jsonResponse({ items: [{ sequence: 1, kind: 'paid' }] }),
    })
    onTestFinished(() => api.close())
    const place = duckdbPlace(cwd)
    const env = { SHOP_URL: api.url, SHOP_TOKEN: 't0ken-of-the-shop', MASK_SALT: 'pepper-of-the-shop' }
    const { stdout, stderr } = await tributary(['sync', './shop.yaml', '--to', place.to, '--json'], { cwd, env })
    expect(JSON.parse(stdout)).toMatchObject({ status: 'ok' })
    expect(stdout + stderr).not.toMatch(/t0ken-of|pepper-of/)
    expect(api.requests.every(({ headers }) => headers.authorization === 'Bearer t0ken-of-the-shop')).toBe(true)
    expect(await place.tables('shop')).toEqual(['customers', 'order_events', 'orders', 'products'])
    const customers = await place.rows('shop', 'customers')
    expect(customers).toMatchObject([{ id: 1, email: expect.stringMatching(/^[0-9a-f]{64}$/), internal__level: 2 }])
    expect(Object.keys(customers[0]!)).not.toContain('internal__notes')
    expect(await place.rows('shop', 'orders')).toMatchObject([{ id: 7, total: '9.90', placed_at: '2026-01-02T03:04:05Z' }])
    expect(await place.rows('shop', 'order_events')).toMatchObject([{ _sync_id: '7|1', _orders_id: 7, kind: 'paid' }])
    await tributary(['sync', './shop.yaml', '--to', place.to], { cwd, env })
    const asked = api.requests.filter(({ path }) => path === '/orders').map(({ query }) => query.get('updated_since'))
    expect(asked).toEqual(['2026-01-01T00:00:00Z', updated])
  })

  it('does all that the vocabulary says, down to the rows [file.end-to-end]', async () => {
    const orders = (shop: string) => [
      { orderId: 1, email: `${shop}@example.com`, total: '12.50', placedAt: 1_767_323_045, customer: { name: 'Ada', Ref: 7 } },
      { orderId: 2, email: null, total: 3, placedAt: 1_767_323_046, customer: null, test: true },
    ]
    const api = await startMockApi({
      'GET /shops': offsetPages([{ code: 'a/b' }, { code: 'c' }], { dataKey: 'items' }),
      'GET /shops/a%2Fb/orders': ({ query, headers }) =>
        query.get('kind') === 'all' && headers.authorization === 'Bearer t0ken'
          ? jsonResponse(orders('ab'))
          : jsonResponse({}, { status: 400 }),
      'GET /shops/c/orders': () => jsonResponse({ error: 'no shop' }, { status: 404 }),
    })
    onTestFinished(() => api.close())
    const data = {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as it is written in a file
      client: { base_url: '${API}', auth: { token: 't0ken' } },
      resource_defaults: { endpoint: { params: { kind: 'some' }, paginator: 'single_page' } },
      resources: [
        {
          name: 'shops',
          selected: false,
          endpoint: { paginator: { type: 'offset', limit: 100 }, data_selector: 'items', params: null },
        },
        {
          name: 'orders',
          write_disposition: 'merge',
          include_from_parent: ['code'],
          columns: {
            _shops_code: { data_type: 'text', primary_key: true },
            order_id: { data_type: 'bigint', primary_key: true },
            total: { data_type: 'decimal', precision: 10, scale: 2, nullable: false },
            placed_at: { data_type: 'epoch_seconds', description: 'when it was paid' },
            customer__ref: { data_type: 'text' },
          },
          processing_steps: [
            { filter: { field: 'test', not_equals: true } },
            { mask: { email: 'redact' } },
            { rename: { 'customer.name': 'customer.fullName' } },
          ],
          endpoint: {
            path: 'shops/{shop}/orders',
            params: { shop: { type: 'resolve', resource: 'shops', field: 'code' }, kind: 'all' },
            response_actions: [{ status_code: 404, action: 'ignore' }],
          },
        },
      ],
    }
    const place = jsonlPlace()
    const connector = connectorFromData(data, { name: 'shop' })({ API: api.url })
    for (let run = 0; run < 2; run++) {
      const { resources } = await sync({ connector, destination: place.destination })
      expect(resources.orders?.error).toBeUndefined()
    }
    expect(await place.tables('shop')).toEqual(['orders'])
    expect(await place.rows('shop', 'orders')).toEqual([
      {
        _sync_id: 'a/b|1',
        _sync_load_id: expect.any(Number),
        _shops_code: 'a/b',
        order_id: 1,
        email: '[redacted]',
        total: '12.5',
        placed_at: '2026-01-02T03:04:05Z',
        customer__full_name: 'Ada',
        customer__ref: '7',
      },
    ])
  })
})
