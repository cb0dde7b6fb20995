import { describeResources, sync } from '@tributary/core'
import { connectorSuite, memoryDestination, startMockApi } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import { tickets, ticketsApi } from '../fixtures/tickets.ts'
import { ticketing } from './index.ts'

connectorSuite('ticketing keeps the rules of connectors', {
  create: (baseUrl) => ticketing({ baseUrl, apiKey: 'key-of-the-suite', updatedSinceParam: 'updated_since' }),
  records: { ticket_data: tickets },
  api: ({ ticket_data = [] }) => ticketsApi(ticket_data),
})

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

  it('asks for pages of a hundred, with the key in the query, and for all of them where the API does not filter', async () => {
    await using api = await startMockApi(ticketsApi(tickets))
    const options = {
      connector: ticketing({ baseUrl: api.url, apiKey: 'test-key' }),
      destination: memoryDestination(),
    }
    expect((await sync(options)).status).toBe('ok')
    expect((await sync(options)).status).toBe('ok')
    const whole = [0, 100, 200].map((offset) => ({ api_key: 'test-key', limit: '100', offset: String(offset) }))
    expect(api.requests.map(({ query }) => Object.fromEntries(query))).toEqual([...whole, ...whole])
  })
})
