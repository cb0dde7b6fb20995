import { ticketing } from '@tributary/connector-ticketing'
import { type SyncOptions, type SyncResult, sync } from '@tributary/core'
import { delayed, type Handler, type MockApi, offsetPages, startMockApi } from '@tributary/testkit'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { otherKinds, REFERENCE } from '../matrix/kinds.ts'
import type { Place } from '../support/places.ts'
import { API_KEY, type Ticket, ticket, tickets } from '../support/tickets.ts'

type Result = SyncResult<'ticket_data'>

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()

const kinds = [REFERENCE, ...(await otherKinds())]

async function serve(handler: Handler): Promise<MockApi> {
  const api = await startMockApi({ '/v1/tickets': handler })
  onTestFinished(() => api.close())
  return api
}

async function load(
  api: MockApi,
  { destination }: Place,
  options: Partial<SyncOptions> = {},
  updatedSinceParam?: string,
): Promise<Result> {
  const connector = ticketing({
    baseUrl: api.url,
    apiKey: API_KEY,
    ...(updatedSinceParam !== undefined && { updatedSinceParam }),
  })
  const result = (await sync({ connector, destination, ...options } as SyncOptions)) as Result
  expect(result.resources.ticket_data.error).toBeUndefined()
  return result
}

const ids = async (place: Place): Promise<number[]> =>
  (await place.rows('ticketing', 'ticket_data')).map(({ id }) => Number(id)).sort((a, b) => a - b)

/** The last request's parameters, but for the key. */
function lastQuery({ requests }: MockApi): Record<string, string> {
  const { api_key: _, ...query } = Object.fromEntries(requests.at(-1)!.query)
  return query
}

describe.each(kinds)('into $name', ({ missing, make: makePlace }) => {
  beforeEach(({ skip }) => skip(missing !== undefined, missing))

  it('asks only for what changed, where the API can filter, and loads a changed row of the last moment', async () => {
    let records = tickets(120)
    const filtered: Handler = (request) => {
      const since = request.query.get('since')
      return offsetPages(records.filter(({ updated_at: time }) => since === null || String(time) >= since))(request)
    }
    const [api, place] = [await serve(filtered), await makePlace()]
    await load(api, place, {}, 'since')
    expect(lastQuery(api)).not.toHaveProperty('since')
    records = [...records.map((record) => (record.id === 120 ? { ...record, status: 'changed at once' } : record)), ticket(121)]
    const { resources } = await load(api, place, {}, 'since')
    expect(lastQuery(api).since).toBe(at(120))
    expect(resources.ticket_data.records).toBe(2)
    expect(resources.ticket_data.tables.ticket_data).toMatchObject({ inserted: 1, updated: 1 })
    expect(await ids(place)).toEqual(records.map(({ id }) => id))
    expect((await place.rows('ticketing', 'ticket_data')).find(({ id }) => id === 120)).toMatchObject({
      status: 'changed at once',
    })
  })

  it('leaves out what is old when the API ignores the filter, and counts it', async () => {
    const [api, place] = [await serve(offsetPages(tickets(50))), await makePlace()]
    await load(api, place, {}, 'since')
    const { resources, loadIds } = await load(api, place, {}, 'since')
    expect(resources.ticket_data).toMatchObject({ records: 50, filtered: 49 })
    expect(loadIds.length).toBeLessThanOrEqual(1)
    expect(await ids(place)).toHaveLength(50)
  })

  it('appends nothing twice at the boundary of a cursor', async () => {
    let records = tickets(30)
    const [api, place] = [await serve(offsetPages(() => records)), await makePlace()]
    await load(api, place, { writeDisposition: 'append' }, 'since')
    records = [...records, ticket(31, { updated_at: at(30) }), ticket(32)]
    const { resources } = await load(api, place, { writeDisposition: 'append' }, 'since')
    expect(resources.ticket_data.tables.ticket_data).toMatchObject({ inserted: 2 })
    expect(await ids(place)).toEqual(records.map(({ id }) => id))
  })

  it('backfills a window and leaves the cursor where it is', async () => {
    let records = tickets(60)
    const [api, place] = [await serve(offsetPages(() => records)), await makePlace()]
    await load(api, place, {}, 'since')
    records = records.map((record) => ({ ...record, status: 'later' }))
    const { resources } = await load(api, place, { window: { from: at(10), to: at(20) } }, 'since')
    expect(resources.ticket_data.tables.ticket_data).toMatchObject({ inserted: 0, updated: 10 })
    const rows = await place.rows('ticketing', 'ticket_data')
    expect(
      rows
        .filter(({ status }) => status === 'later')
        .map(({ id }) => Number(id))
        .sort(),
    ).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
    await load(api, place, {}, 'since')
    expect(lastQuery(api).since).toBe(at(60))
  })

  it('takes a sample of pages', async () => {
    const [api, place] = [await serve(offsetPages(tickets(1000))), await makePlace()]
    const { resources } = await load(api, place, { limit: 2 })
    expect(resources.ticket_data).toMatchObject({ pages: 2, records: 200, status: 'ok' })
    await load(api, place)
    expect(await ids(place)).toHaveLength(1000)
  })

  it('refreshes in full: columns and rows that are gone at the API are gone in the table', async () => {
    let records: Ticket[] = tickets(40).map((record) => ({ ...record, old_column: 'x' }))
    const [api, place] = [await serve(offsetPages(() => records)), await makePlace()]
    await load(api, place)
    records = tickets(10)
    await load(api, place, { fullRefresh: true })
    const rows = await place.rows('ticketing', 'ticket_data')
    expect(rows).toHaveLength(10)
    expect(rows.some((row) => 'old_column' in row)).toBe(false)
    expect(new Set(rows.map((row) => row._sync_load_id))).toEqual(new Set([2]))
  })

  it('leaves an empty table of an API that has nothing', async () => {
    const [api, place] = [await serve(offsetPages([])), await makePlace()]
    const { resources } = await load(api, place)
    expect(resources.ticket_data).toMatchObject({ status: 'ok', records: 0 })
    expect(await ids(place)).toEqual([])
  })

  it('stops on a signal: what is committed stays, what is staged goes, and the next run takes the rest', async () => {
    const [api, place] = [await serve(delayed(offsetPages(tickets(1000)), 5)), await makePlace()]
    const controller = new AbortController()
    let pages = 0
    const onEvent: SyncOptions['onEvent'] = ({ type }) => {
      if (type === 'page' && ++pages === 6) controller.abort()
    }
    const { status } = await load(api, place, { signal: controller.signal, checkpoint: { rows: 300 }, onEvent })
    expect(status).toBe('interrupted')
    expect((await ids(place)).length % 300).toBe(0)
    const rest = await load(api, place)
    expect(rest.status).toBe('ok')
    expect(rest.resources.ticket_data.records).toBeLessThan(1000)
    expect(await ids(place)).toEqual(tickets(1000).map(({ id }) => id))
  })

  it.each([
    ['shrinks', (moved: boolean) => (moved ? [] : tickets(20, 5001)), () => []],
    ['grows', () => [], (moved: boolean) => (moved ? tickets(130, 601) : [])],
  ] as const)('loses no record of a listing that %s while it is read, and doubles none', async (_what, before, after) => {
    const stays = tickets(600)
    for (const writeDisposition of ['merge', 'append'] as const) {
      let asked = 0
      const moving: Handler = (request) => {
        const moved = ++asked > 3
        return offsetPages([...before(moved), ...stays, ...after(moved)])(request)
      }
      const [api, place] = [await serve(moving), await makePlace()]
      await load(api, place, { writeDisposition })
      const found = await ids(place)
      expect(new Set(found).size).toBe(found.length)
      expect(found).toEqual(expect.arrayContaining([...stays, ...after(true)].map(({ id }) => id)))
    }
  })

  it('follows an API that caps the size of its pages', async () => {
    const [api, place] = [await serve(offsetPages(tickets(333), { maximumLimit: 37 })), await makePlace()]
    await load(api, place)
    expect(await ids(place)).toEqual(tickets(333).map(({ id }) => id))
  })

  it('reads without a total, one page after the other', async () => {
    const [api, place] = [await serve(offsetPages(tickets(333), { totalKey: null })), await makePlace()]
    await load(api, place)
    expect(await ids(place)).toEqual(tickets(333).map(({ id }) => id))
    expect(api.maximumInFlight).toBe(1)
  })
})

it('fetches several pages at once when the total is known, but no more than it may', async () => {
  const [api, place] = [await serve(delayed(offsetPages(tickets(2000)), 20)), await REFERENCE.make()]
  await load(api, place)
  expect(api.maximumInFlight).toBe(4)
  expect(api.requests).toHaveLength(20)
})
