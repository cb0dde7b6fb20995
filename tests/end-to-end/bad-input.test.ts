import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ticketing } from '@tributary/connector-ticketing'
import { type Connector, type JsonValue, type ResourceResult, stringifyJson, sync } from '@tributary/core'
import { failing, type Handler, jsonResponse, offsetPages, startMockApi, text, withApiKey } from '@tributary/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { otherKinds } from '../matrix/kinds.ts'
import { duckdbPlace, type Place } from '../support/places.ts'
import { API_KEY, type Ticket, ticket, tickets } from '../support/tickets.ts'

const kinds = (await otherKinds()).filter(({ missing }) => missing === undefined)
const everywhere = (): Promise<Place[]> => Promise.all([duckdbPlace(), ...kinds.map(({ make }) => make())])

/** The ticketing connector as it is, but for the waiting between retries. */
function impatient(baseUrl: string, client: Partial<Connector['client']> = {}) {
  const connector = ticketing({ baseUrl, apiKey: API_KEY })
  return { ...connector, client: { ...connector.client, retry: { initialDelay: 0.001, maximumDelay: 0.01 }, ...client } }
}

async function serve(handler: Handler): Promise<string> {
  const api = await startMockApi({ '/v1/tickets': handler })
  onTestFinished(() => api.close())
  return api.url
}

interface Run {
  readonly result: ResourceResult
  readonly place: Place
}

async function run(handler: Handler, place: Place = duckdbPlace(), client: Partial<Connector['client']> = {}): Promise<Run> {
  const connector = impatient(await serve(handler), client)
  const { resources } = await sync({ connector, destination: place.destination })
  return { result: resources.ticket_data, place }
}

const good = offsetPages(tickets(250))
const body =
  (value: JsonValue): Handler =>
  () =>
    jsonResponse(value)

describe('an API that fails', () => {
  it.each([
    ['429, 500, 502', [429, 500, 502]],
    ['503, 504', [503, 504]],
    ['resets', ['reset', 'reset']],
    ['bodies that are cut off', ['cut', 'cut', 'cut']],
    ['a mixture, on several pages', [503, undefined, 'cut', 'reset', undefined, 500]],
    ['Retry-After', [{ status: 429, headers: { 'retry-after': '0' } }]],
  ] as const)('%s: is asked again, and everything is loaded', async (_what, plan) => {
    const { result, place } = await run(failing(good, plan))
    expect(result.error).toBeUndefined()
    expect(result).toMatchObject({
      status: 'ok',
      records: 250,
      pages: 3,
      retries: plan.filter((fault) => fault !== undefined).length,
    })
    expect(await place.rows('ticketing', 'ticket_data')).toHaveLength(250)
  })

  it.each([
    ['503 for ever', Array.from({ length: 9 }, () => 503 as const), /503[\s\S]*4 requests|4 (attempts|times|requests)[\s\S]*503/],
    ['connections that are reset for ever', Array.from({ length: 9 }, () => 'reset' as const), /4 (attempts|times|requests)/],
    ['bodies that are cut off for ever', Array.from({ length: 9 }, () => 'cut' as const), /4 (attempts|times|requests)/],
  ])('%s: gives up after exactly four requests, and says what was tried', async (_what, plan, message) => {
    const { result } = await run(failing(good, plan))
    expect(result.status).toBe('failed')
    expect(result.requests).toBe(4)
    expect(result.error!.message).toMatch(message)
    expect(result.error!.recovery).toBe('retry')
  })

  it('a server that is down, and a name that is none', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    for (const [url, message] of [
      [`http://127.0.0.1:${port}`, /ECONNREFUSED/],
      ['http://no-such-host.invalid', /ENOTFOUND|EAI_AGAIN/],
    ] as const) {
      const { resources } = await sync({ connector: impatient(url), destination: duckdbPlace().destination })
      expect(resources.ticket_data.error!.message).toMatch(message)
      expect(resources.ticket_data).toMatchObject({ status: 'failed', requests: 4, retries: 3 })
    }
  })

  it('one that never answers', async () => {
    const { result } = await run(failing(good, ['hang', 'hang', 'hang', 'hang']), duckdbPlace(), { timeout: 0.2 })
    expect(result).toMatchObject({ status: 'failed', requests: 4, error: { recovery: 'retry' } })
    expect(result.error!.message).toMatch(/0\.2 s/)
  })

  it.each([
    ['a wrong key', withApiKey(good, { value: 'another' }), /401[\s\S]*apiKey \(TICKETING_API_KEY\)/],
    ['403', failing(good, [403]), /403/],
    ['404', failing(good, [404]), /404/],
    ['HTML', failing(good, ['html']), /JSON[\s\S]*<!doctype html>/i],
    ['JSON that ends early', failing(good, ['truncated']), /JSON/],
    ['an empty body', text('', { contentType: 'application/json' }), /empty/],
    ['invalid UTF-8 in JSON', () => ({ headers: { 'content-type': 'application/json' }, body: '{"data": [NaN]}' }), /JSON/],
    ['no data', body({ items: [], total: 0 }), /data[\s\S]*items/],
    ['data that is no list', body({ data: 'none', total: 1 }), /data/],
    ['records that are no objects', body({ data: [1, 2], total: 2 }), /id/],
    ['a total that is no number', body({ data: tickets(1), total: { count: 1 } }), /total[\s\S]*an object/],
    ['a total that is text', body({ data: tickets(1), total: 'many' }), /total[\s\S]*many/],
    ['the same page again and again', body({ data: tickets(100) }), /repeats itself/],
  ] as [string, Handler, RegExp][])('%s: fails at once, says so, and loads nothing', async (_what, handler, message) => {
    const { result, place } = await run(handler)
    expect(result.error?.message).toMatch(message)
    expect(result.status).toBe('failed')
    expect(result.retries).toBe(0)
    expect(result.tables).toEqual({})
    await expect(place.rows('ticketing', 'ticket_data')).rejects.toThrow()
  })

  it('a failure half way leaves the table and the cursor as they were', async () => {
    const place = duckdbPlace()
    await run(good, place)
    const before = await place.rows('ticketing', 'ticket_data')
    const changed = offsetPages(tickets(1000).map((record) => ({ ...record, status: 'new' })))
    const { result } = await run(failing(changed, [undefined, undefined, undefined, 404]), place)
    expect(result.status).toBe('failed')
    expect(await place.rows('ticketing', 'ticket_data')).toEqual(before)
    expect(await place.loads('ticketing')).toEqual([1])
  })
})

describe('records that are not as they should be', () => {
  const load = async (records: readonly Ticket[], place?: Place): Promise<Run> => run(offsetPages(records), place)

  it.each([
    ['a text where a number is declared', { customer_id: 'nobody' }, ['customer_id', 'bigint', 'nobody']],
    ['a fraction where an integer is declared', { quantity: 1.5 }, ['quantity', 'bigint', '1.5']],
    ['an object where a text is declared', { event_name: { de: 'Fest' } }, ['event_name', 'text']],
    ['no time where one is declared', { updated_at: 'yesterday' }, ['updated_at', 'timestamp', 'yesterday']],
    ['null where it must not be', { event_name: null }, ['event_name', 'null']],
  ])('%s: an error with resource, column, expected, found and key', async (_what, changes, parts) => {
    const { result, place } = await load([...tickets(5), ticket(77, changes as Ticket)])
    expect(result.status).toBe('failed')
    expect(result.error!.recovery).toBe('fix-data')
    for (const part of ['ticket_data', '77', ...parts]) expect(result.error!.message).toContain(part)
    await expect(place.rows('ticketing', 'ticket_data')).rejects.toThrow()
  })

  it.each([
    ['missing', {}],
    ['null', { id: null }],
  ])('a key that is %s: an error with the position of the record', async (_what, changes) => {
    const { id: _, ...withoutKey } = ticket(3)
    const { result } = await load([...tickets(2), { ...withoutKey, ...changes } as Ticket])
    expect(result.status).toBe('failed')
    expect(result.error!.message).toMatch(/ticket_data[\s\S]*id/)
  })

  it('keeps every digit of integers, however large', async () => {
    const records = [
      ticket(1, { id: 9_007_199_254_740_993n, huge: 9_223_372_036_854_775_807n, larger: 1n }),
      ticket(2, {
        id: 9_007_199_254_740_992n,
        huge: -9_223_372_036_854_775_808n,
        larger: 123_456_789_012_345_678_901_234_567_890n,
      }),
    ]
    for (const place of await everywhere()) {
      const { result } = await load(records, place)
      expect(result.error).toBeUndefined()
      const rows = await place.rows('ticketing', 'ticket_data')
      expect(rows.map(({ id, huge, larger }) => [id, huge, String(larger)].map(String))).toEqual([
        ['9007199254740992', '-9223372036854775808', '123456789012345678901234567890'],
        ['9007199254740993', '9223372036854775807', '1'],
      ])
    }
  })

  it('turns the most awkward keys and values into correct rows, the same in every destination', async () => {
    const long = 'k'.repeat(300)
    const hostile: Ticket = {
      '': 'empty',
      ' ': 'space',
      'a\'b"c;--': 'quotes',
      'DROP TABLE tickets; --': 'semicolon',
      select: 'word',
      __proto__x: 'proto',
      constructor: 'built in',
      toString: 'built in too',
      _sync_id: 'not ours',
      _sync_load_id: 'nor this',
      été: 'accent',
      数量: 'script',
      '😀': 'emoji',
      'a.b': 'dot',
      A_B: 'case 1',
      aB: 'case 2',
      [long]: 'long',
      [`${long}2`]: 'long too',
      'line\nbreak': 'line\nbreak',
      'null\u0000byte': 'null\u0000byte',
      text: `'; DROP TABLE x; --\u0000\t"\\ \u{1f600} \u2028`,
      huge: 'x'.repeat(2_000_000),
      lists: [[1, [2, 3]], [], [null, { deep: [{ er: 1 }] }]],
      mixed: [1, 'two', { three: 3 }, null, [4]],
      empty: {},
      none: [],
    }
    Object.defineProperty(hostile, '__proto__', { value: 'own', enumerable: true })
    const all = await everywhere()
    const contents: unknown[] = []
    for (const place of all) {
      const { result } = await load([ticket(1, hostile), ticket(2, { text: 'plain' })], place)
      expect(result.error).toBeUndefined()
      const tables = await place.tables('ticketing')
      contents.push(await Promise.all(tables.map(async (table) => [table, await place.rows('ticketing', table)])))
    }
    // Names past the limit of PostgreSQL, and U+0000 there, are compared in tests/matrix.
    const same = contents.filter((_, index) => all[index]!.kind !== 'postgres')
    for (const each of same) expect(each).toEqual(contents[0])
    const [row] = await all[0]!.rows('ticketing', 'ticket_data')
    const values = Object.values(row!)
    for (const [key, value] of Object.entries(hostile)) if (typeof value === 'string') expect(values, key).toContain(value)
    expect(row).toMatchObject({ _sync_id: '1', _sync_load_id: 1 })
  })

  it.each([5000, 50_000])('neither crashes nor hangs on a body that is nested %i deep', async (depth) => {
    const deep = `${'{"down":['.repeat(depth / 2)}"bottom"${']}'.repeat(depth / 2)}`
    const handler = text(`{"data":[{"id":1,"event_name":"deep","deep":${deep}}],"total":1}`, { contentType: 'application/json' })
    for (const place of await everywhere()) {
      const { result } = await run(handler, place)
      expect(result.error).toBeUndefined()
      const rows = await Promise.all((await place.tables('ticketing')).map((table) => place.rows('ticketing', table)))
      expect(stringifyJson(rows as unknown as JsonValue)).toContain('bottom')
    }
  })
})
