import { type JsonValue, offset, type Page, type Paginator } from '@tributary/core'
import { describe, expect, it } from 'vitest'
import { type Item, KEY, optionsOf, orders, RECORDS, type ShopOptions, shopApi, subjectOf } from '../../fixtures/shop.ts'
import type { Handler } from '../mock-api/handler.ts'
import { jsonResponse } from '../mock-api/handlers.ts'
import type { ConnectorCase } from './case.ts'
import { connectorCases } from './cases.ts'
import type { RecordsByResource, Routes } from './options.ts'
import { connectorSuite } from './suite.ts'

interface Fault extends ShopOptions {
  /** The case, without its rules. */
  readonly noticedBy: string
  /** Part of what the case says. */
  readonly says: string
}

const withOrders = (change: (item: Item, index: number) => JsonValue): RecordsByResource => ({
  ...RECORDS,
  orders: orders.map(change),
})

const replacing =
  (route: string, make: (handler: Handler) => Handler) =>
  (records: RecordsByResource): Routes => {
    const routes = shopApi(records)
    return { ...routes, [route]: make(routes[route]!) }
  }

/** Goes by offset, and where `next` says so. */
const going = (next: (page: Page, offset: number) => number | undefined): Paginator => ({
  first: (request) => ({ ...request, params: { ...request.params, limit: 10, offset: 0 }, position: 0 }),
  next: (page) => {
    const to = next(page, page.request.position as number)
    return to === undefined ? [] : [{ ...page.request, params: { ...page.request.params, offset: to }, position: to }]
  },
})

let counter = 0

const FAULTS: Readonly<Record<string, Fault>> = {
  'declares another type than comes': {
    noticedBy: 'orders: what comes fits the types and nullability that its schema declares',
    says: 'the column orders.title is bigint',
    orders: { columns: { title: { type: 'bigint' } } },
  },
  'declares that a column has no nulls, and they come': {
    noticedBy: 'orders: no null comes where its schema allows none',
    says: 'its value is null or missing, in the record with id 4',
    orders: { columns: { note: { type: 'text', nullable: false } } },
  },
  'leaves a column out of its schema': {
    noticedBy: 'orders: its schema names every column that comes',
    says: "'orders.extra'",
    records: withOrders((item) => ({ ...item, extra: 1 })),
  },
  'declares a column that never comes': {
    noticedBy: 'orders: every column that its schema names comes in some record',
    says: "'orders.note'",
    records: withOrders(({ note: _note, ...item }) => item),
  },
  'has a key that repeats': {
    noticedBy: 'orders: every record has its primary key, and no other record has it',
    says: 'id comes twice: 1',
    records: withOrders((item, index) => (index === 7 ? { ...item, id: 1 } : item)),
  },
  'has a key that is missing': {
    noticedBy: 'orders: every record has its primary key, and no other record has it',
    says: 'the primary key id is null',
    records: withOrders((item, index) => (index === 7 ? { ...item, id: null } : item)),
    orders: { columns: {} },
  },
  'has keys that are others in each run': {
    noticedBy: 'tags: a second run over the same records leaves the tables as they are',
    says: '"tag 1"',
    tags: {
      processingSteps: [{ map: (item: Item) => ({ ...item, id: ++counter }) }],
    },
  },
  'has a cursor that never moves': {
    noticedBy: 'orders: its cursor moves with what was loaded',
    says: 'the cursor stayed where it was',
    orders: { processingSteps: [{ map: (item: Item) => ({ ...item, updated_at: '2026-01-01T00:00:00Z' }) }] },
  },
  'has a cursor that is the same in every record': {
    noticedBy: 'orders: its cursor moves with what was loaded',
    says: 'all records of orders have the same cursor',
    records: withOrders((item) => ({ ...item, updated_at: '2026-01-01T00:00:00Z' })),
  },
  'does not ask from its cursor': {
    noticedBy: 'orders: a second run asks from the cursor',
    says: 'asked for nothing but what the first one did',
    ordersEndpoint: { incremental: {} },
  },
  'passes over what is at the cursor': {
    noticedBy: 'orders: a record that comes later with the same cursor is not lost',
    says: '24 !== 25',
    ordersEndpoint: { incremental: { startParam: 'since', rangeStart: 'open' } },
  },
  'has a paginator that never ends': {
    noticedBy: 'orders: its pages end, and there is something in them',
    says: 'had to be stopped after 301 requests',
    ordersEndpoint: { paginator: going((_page, at) => at + 10) },
  },
  'finds nothing': {
    noticedBy: 'tags: its pages end, and there is something in them',
    says: 'not one record of tags came',
    records: { ...RECORDS, tags: [] },
  },
  'stops after the first page': {
    noticedBy: 'orders: all its records come, each once',
    says: '10 !== 25',
    ordersEndpoint: { paginator: going(() => undefined) },
  },
  'asks for a size that the API does not look at': {
    noticedBy: 'orders: a page holds no more records than were asked for',
    says: 'pages of more than 10 records',
    api: replacing('GET /orders', (handler) => (request) => {
      const offset = request.query.get('offset') ?? '0'
      return handler({ ...request, query: new URLSearchParams({ offset }) })
    }),
  },
  'asks on behind the end': {
    noticedBy: 'orders: it asks for no page twice, and for no more pages than there are',
    says: '7 pages were asked for, and 4 are enough',
    ordersEndpoint: { paginator: going((_page, at) => (at < 60 ? at + 10 : undefined)) },
  },
  'asks for each page twice': {
    noticedBy: 'orders: it asks for no page twice, and for no more pages than there are',
    says: 'requests that were made twice',
    ordersEndpoint: {
      paginator: {
        ...offset({ limit: 10 }),
        next: (page: Page) =>
          [...offset({ limit: 10 }).next(page)].flatMap((request) => [request, { ...request, rereads: true }]),
      },
    },
  },
  'takes an API that has no list where it is empty for one that has': {
    noticedBy: 'orders: an empty listing is no error, and leaves an empty table',
    says: 'SELECTOR_NO_MATCH',
    api: (records) =>
      records.orders!.length > 0 ? shopApi(records) : { ...shopApi(records), 'GET /orders': () => jsonResponse({ total: 0 }) },
  },
  'trips over a single record': {
    noticedBy: 'orders: a single record is loaded',
    says: 'Cannot read properties of undefined',
    ordersEndpoint: {
      paginator: going((page, at) =>
        (page.records[1] as Item).id === undefined || page.records.length < 10 ? undefined : at + 10,
      ),
    },
  },
  'takes a full page for a sign of another one': {
    noticedBy: 'orders: records that fill a page exactly are loaded',
    says: '404',
    ordersEndpoint: { paginator: going((page, at) => (page.records.length < 10 ? undefined : at + 10)) },
    api: (records) =>
      replacing(
        'GET /orders',
        (handler) => (request) =>
          Number(request.query.get('offset')) < records.orders!.length
            ? handler(request)
            : jsonResponse({ error: 'no such page' }, { status: 404 }),
      )(records),
  },
  'does not wait for a slow page': {
    noticedBy: 'orders: a slow page comes between the others, where it belongs',
    says: 'TIMEOUT',
    client: { timeout: 0.15, retry: { limit: 0 } },
  },
  'has a paginator with a memory of its own': {
    noticedBy: 'orders: a run that was interrupted goes on from its last checkpoint, to the same rows',
    says: 'PAGES_REPEAT',
    change: () => {
      let asked = 0
      const further = (page: Page): number | undefined => {
        asked += 10
        return page.records.length < 10 ? undefined : asked
      }
      return { ordersEndpoint: { paginator: going(further) } }
    },
  },
  'reads a dependent only where another resource was read': {
    noticedBy: 'lines: asked for by itself, it gets its parents and has the same rows',
    says: 'nothing was loaded',
    change: () => {
      let haveTags = false
      const seen = {
        filter: () => {
          haveTags = true
          return true
        },
      }
      return {
        tags: { processingSteps: [seen] },
        lines: { processingSteps: [{ filter: () => haveTags }] },
      }
    },
  },
  'ignores a 401': {
    noticedBy: 'a 401 fails at once, and the error says which credential to check',
    says: 'orders ends as if all was well, with 0 of 25 records',
    ordersEndpoint: { responseActions: [{ statusCode: 401, action: 'ignore' }] },
  },
  'tries a 401 again and again': {
    noticedBy: 'a 401 fails at once, and the error says which credential to check',
    says: 'the same request was made 4 times',
    ordersEndpoint: { responseActions: [{ statusCode: 401, action: 'retry' }] },
  },
  'gives up after a 429': {
    noticedBy: 'after a 429 it waits as Retry-After asks, and everything comes once',
    says: '429 Too Many Requests',
    client: { retry: { statuses: [500] } },
  },
  'asks again before it may': {
    noticedBy: 'after a 429 it waits as Retry-After asks, and everything comes once',
    says: 'it asked again after 10 of 1000 milliseconds',
    client: { retry: { maximumDelay: 10 } },
  },
  'gives up after a 500': {
    noticedBy: 'after a 500 it asks again, and everything comes once',
    says: '500 Internal Server Error',
    client: { retry: { statuses: [429] } },
  },
  'gives up where a body is cut off': {
    noticedBy: 'after a body that was cut off it asks again, and everything comes once',
    says: 'the connection was cut',
    client: { retry: { limit: 0 } },
  },
  'ignores a 500': {
    noticedBy: 'where a 500 stays, it fails by name and loads nothing of the listing',
    says: 'orders ends as if all was well, with',
    ordersEndpoint: { responseActions: [{ statusCode: '5xx', action: 'ignore' }] },
  },
  'takes a page for people for an empty one': {
    noticedBy: 'a page for people in the place of data fails by name, and loads nothing',
    says: 'orders ends as if all was well, with 0 of 25 records',
    ordersEndpoint: { responseActions: [{ content: 'sign in', action: 'ignore' }] },
  },
  'does not mark its key': {
    noticedBy: 'its credentials are marked as secret(), and long enough to be looked for',
    says: "'apiKey'",
    isSecret: false,
  },
  'leaves its key out of some requests': {
    noticedBy: 'every request has its credentials',
    says: "'GET /orders'",
    ordersEndpoint: { auth: null },
  },
  'has its key in the path': {
    noticedBy: 'no secret stands in the path of a URL, where servers and proxies write it down',
    says: '3 !== 0',
    ordersEndpoint: { path: `/${KEY}/orders` },
    api: (records) => ({ ...shopApi(records), 'GET /:key/orders': shopApi(records)['GET /orders']! }),
  },
  'gives a key that is not marked to everybody, after a redirect': {
    noticedBy: 'credentials do not follow a redirect to another origin',
    says: "'/orders'",
    isSecret: false,
    client: { auth: undefined, headers: { 'user-agent': `shop ${KEY}` } },
  },
  'gives a key that is not marked to everybody, along a link': {
    noticedBy: 'credentials do not follow a link to another origin',
    says: "'/tags'",
    isSecret: false,
    client: { auth: undefined, headers: { 'user-agent': `shop ${KEY}` } },
  },
  'has a key in its errors': {
    noticedBy: 'no secret is in what a run says or keeps, whatever befalls it',
    says: "'its result'",
    isSecret: false,
    client: { auth: undefined },
    ordersEndpoint: { params: { code: KEY } },
  },
  'keeps a key that comes back': {
    noticedBy: 'a secret that the API sends back is redacted',
    says: "'the table orders'",
    isSecret: false,
    client: { auth: undefined },
  },
}

const CASES = connectorCases(Object.keys(RECORDS))
const withoutRule = (name: string): string => name.replace(/ \[[^\]]*\]$/, '')
const caseNamed = (name: string): ConnectorCase | undefined => CASES.find((each) => withoutRule(each.name) === name)

connectorSuite('a connector that keeps every rule', optionsOf({}))

describe('the suite of connectors', () => {
  it('has a name of its own and a rule for every case', () => {
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length)
    expect(CASES.filter(({ name }) => !/ \[suite\.connector(\.[a-z0-9-]+)+\]$/.test(name))).toEqual([])
  })
})

describe('the suite notices a connector that', () => {
  it.each(Object.entries(FAULTS))('%s', async (_name, { noticedBy, says, ...fault }) => {
    const found = caseNamed(noticedBy)
    expect(found, `no case is called ${noticedBy}`).toBeDefined()
    const subject = await subjectOf(fault)
    expect(found!.applies?.(subject)).toBeUndefined()
    await expect(found!.run(subject)).rejects.toThrow(says)
  })

  it.each([...new Set(CASES.map(({ name }) => withoutRule(name).replace(/^(?:orders|lines|tags): /, '')))])(
    'breaks the rule: %s',
    (rule) => {
      expect(Object.values(FAULTS).some(({ noticedBy }) => noticedBy.endsWith(rule))).toBe(true)
    },
  )
})
