import { describeResources, type SyncResult, sync } from '@tributary/core'
import { failing, type MockApi, memoryDestination, offsetPages, startMockApi, withApiKey } from '@tributary/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ticketing } from './index.ts'

const records = Array.from({ length: 230 }, (_, index) => ({
  id: index + 1,
  event_name: 'Summer festival',
  status: 'open',
  updated_at: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString(),
  extra: { nested: true },
}))

async function serve(plan: Parameters<typeof failing>[1] = []): Promise<MockApi> {
  const api = await startMockApi({ 'GET /v1/tickets': failing(withApiKey(offsetPages(records), { value: 'test-key' }), plan) })
  onTestFinished(() => api.close())
  return api
}

function load({ url }: MockApi, options = {}, destination = memoryDestination()): Promise<SyncResult<'ticket_data'>> {
  return sync({ connector: ticketing({ baseUrl: url, apiKey: 'test-key', ...options }), destination })
}

describe('ticketing', () => {
  it('declares what it promises', () => {
    const [described, ...others] = describeResources(ticketing.connector)
    expect(others).toEqual([])
    expect(described).toMatchObject({
      name: 'ticket_data',
      table: 'ticket_data',
      primaryKey: ['id'],
      writeDisposition: 'merge',
      cursor: 'updated_at',
    })
    expect(ticketing.connector.optionInfos).toMatchObject([
      { name: 'baseUrl', variable: 'TICKETING_BASE_URL', required: true, secret: false },
      { name: 'apiKey', variable: 'TICKETING_API_KEY', required: true, secret: true },
      { name: 'updatedSinceParam', variable: 'TICKETING_UPDATED_SINCE_PARAM', required: false, secret: false },
    ])
  })

  it('asks for pages of a hundred, with the key in the query', async () => {
    const api = await serve()
    const { status, resources } = await load(api)
    expect(status).toBe('ok')
    expect(resources.ticket_data.records).toBe(230)
    expect(api.requests.map(({ query }) => Object.fromEntries(query))).toEqual(
      [0, 100, 200].map((offset) => ({ api_key: 'test-key', limit: '100', offset: String(offset) })),
    )
  })

  it('asks for what changed where the API can, and not where it cannot', async () => {
    const api = await serve()
    const destination = memoryDestination()
    await load(api, { updatedSinceParam: 'since' }, destination)
    await load(api, { updatedSinceParam: 'since' }, destination)
    expect(api.requests.at(-1)!.query.get('since')).toBe(records.at(-1)!.updated_at)
    await load(api, {}, destination)
    expect(api.requests.at(-1)!.query.has('since')).toBe(false)
  })

  it('says which variable to set when the key is wrong', async () => {
    const { status, resources } = await load(await serve(), { apiKey: 'wrong-key' })
    expect(status).toBe('failed')
    expect(resources.ticket_data.error?.message).toContain('TICKETING_API_KEY')
  })

  it.each([429, 500, 502, 503, 504])('tries again after %i', async (status) => {
    const api = await serve([{ status, headers: { 'retry-after': '0' } }])
    const { resources } = await load(api)
    expect(resources.ticket_data).toMatchObject({ status: 'ok', records: 230, retries: 1 })
  })
})
