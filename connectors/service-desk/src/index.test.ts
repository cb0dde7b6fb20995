import { describeResources, sync } from '@tributary/core'
import { connectorSuite, memoryDestination, startMockApi } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import { tickets, ticketsApi } from '../fixtures/tickets.ts'
import { serviceDesk } from './index.ts'

connectorSuite('service-desk keeps the rules of connectors', {
  create: (baseUrl) => serviceDesk({ baseUrl, apiKey: 'key-of-the-suite', updatedSinceParam: 'updated_since' }),
  records: { service_desk_tickets: tickets },
  api: ({ service_desk_tickets = [] }) => ticketsApi(service_desk_tickets),
})

describe('service-desk', () => {
  it('declares what it promises', () => {
    const [described, ...others] = describeResources(serviceDesk.connector)
    expect(others).toEqual([])
    expect(described).toMatchObject({
      name: 'service_desk_tickets',
      table: 'service_desk_tickets',
      primaryKey: ['id'],
      writeDisposition: 'merge',
      cursor: 'updated_at',
    })
    expect(serviceDesk.connector.optionInfos).toMatchObject([
      { name: 'baseUrl', variable: 'SERVICE_DESK_BASE_URL', required: true, secret: false },
      { name: 'apiKey', variable: 'SERVICE_DESK_API_KEY', required: true, secret: true },
      { name: 'updatedSinceParam', variable: 'SERVICE_DESK_UPDATED_SINCE_PARAM', required: false, secret: false },
    ])
  })

  it('asks for pages of a hundred, with the key in the query, and for all of them where the API does not filter', async () => {
    await using api = await startMockApi(ticketsApi(tickets))
    const options = {
      connector: serviceDesk({ baseUrl: api.url, apiKey: 'test-key' }),
      destination: memoryDestination(),
    }
    expect((await sync(options)).status).toBe('ok')
    expect((await sync(options)).status).toBe('ok')
    const whole = [0, 100, 200].map((offset) => ({ api_key: 'test-key', limit: '100', offset: String(offset) }))
    expect(api.requests.map(({ query }) => Object.fromEntries(query))).toEqual([...whole, ...whole])
  })
})
