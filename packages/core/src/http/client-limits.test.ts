import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { ClientConfig } from '../connector/resource.ts'
import { type ApiClient, createClient } from './client.ts'
import { createRedactor } from './redact.ts'

const servers: Server[] = []
const clients: ApiClient[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

async function serve(answer: (response: ServerResponse, request: number) => void) {
  const api = { url: '', requests: 0 }
  const server = createServer((_request, response) => answer(response, ++api.requests))
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return api
}

function clientOf(baseUrl: string, config: Partial<ClientConfig> = {}) {
  const client = createClient({ baseUrl, ...config }, { redactor: createRedactor([]), credentialsHint: '' })
  clients.push(client)
  const delays: number[] = []
  const stop = new AbortController()
  const observer = { onRequest: () => {}, onRetry: ({ delay }: { delay: number }) => void delays.push(delay) }
  const request = { method: 'GET', url: `${baseUrl}/x`, params: {}, headers: {} } as const
  return { send: () => client.send(request, { observer, signal: stop.signal }), stop, delays }
}

/** Time enough for a request to be there, if one were made: another client is answered meanwhile, again and again. */
async function meanwhile(): Promise<void> {
  const other = await serve((response) => response.end('[]'))
  const { send } = clientOf(other.url)
  for (let index = 0; index < 10; index++) await send()
}

const HELD = { retry: { limit: 1, initialDelay: 1, maximumDelay: 3_600_000 } }

describe('limits are kept by all requests of a client', () => {
  it.each<[string, number, Record<string, string>]>([
    ['a 429 with Retry-After [http.rate-limit.hold]', 429, { 'Retry-After': '3600' }],
    ['no request left [http.rate-limit.quota]', 200, { 'RateLimit-Remaining': '0', 'RateLimit-Reset': '3600' }],
    ['no request left, in one header [http.rate-limit.quota]', 200, { RateLimit: 'limit=9, remaining=0, reset=3600' }],
    ['no request left, as X- [http.rate-limit.quota]', 200, { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '4000000000' }],
  ])('%s', async (_what, status, headers) => {
    const api = await serve((response) => response.writeHead(status, headers).end('[]'))
    const { send, stop } = clientOf(api.url, HELD)
    const first = send().catch((error: unknown) => error)
    while (api.requests === 0) await meanwhile()
    if (status === 200) await first
    const others = [send(), send()].map((sent) => sent.catch((error: Error) => error.message))
    await meanwhile()
    expect(api.requests).toBe(1)
    stop.abort(new Error('stopped'))
    expect(await Promise.all(others)).toEqual(['stopped', 'stopped'])
    await first
  })

  it("the author's own [http.rate-limit.own]", async () => {
    const api = await serve((response) => response.end('[]'))
    const { send, stop } = clientOf(api.url, { rateLimit: { requests: 3, per: 'hour' }, concurrency: 8 })
    const sent = Array.from({ length: 5 }, () => send().catch((error: Error) => error.message))
    await Promise.all(sent.slice(0, 3))
    await meanwhile()
    expect(api.requests).toBe(3)
    stop.abort(new Error('stopped'))
    expect(await Promise.all(sent.slice(3))).toEqual(['stopped', 'stopped'])
  })

  it('until the reset, which no delay may exceed [http.rate-limit.quota]', async () => {
    const headers = { 'RateLimit-Remaining': '0', 'RateLimit-Reset': '3600' }
    const api = await serve((response) => response.writeHead(200, headers).end('[]'))
    const { send } = clientOf(api.url, { retry: { maximumDelay: 1 } })
    for (let index = 0; index < 3; index++) expect(await send()).toMatchObject({ status: 200 })
  })

  it('a retry waits for the reset as well, and says so [http.rate-limit.quota]', async () => {
    const headers = { 'RateLimit-Remaining': '0', 'RateLimit-Reset': '3600' }
    const api = await serve((response) => response.writeHead(429, headers).end('[]'))
    const { send, delays, stop } = clientOf(api.url, HELD)
    const sent = send().catch((error: Error) => error.message)
    while (delays.length === 0) await meanwhile()
    stop.abort(new Error('stopped'))
    expect(await sent).toBe('stopped')
    // An hour, less what has passed of it.
    expect(delays[0]).toBeGreaterThan(3_000_000)
  })
})

describe('requests in flight', () => {
  /** Answers when as many requests are here as the next wave is to have; a moment later, so that more would show. */
  async function waves(...sizes: readonly number[]) {
    const seen: number[] = []
    const pending: ServerResponse[] = []
    const rest = [...sizes]
    const api = await serve((response) => {
      pending.push(response)
      if (pending.length !== rest[0]) return
      setTimeout(() => {
        seen.push(pending.length)
        rest.shift()
        const headers = { 'Retry-After': '0' }
        for (const each of pending.splice(0)) each.writeHead(seen.length === 1 ? 429 : 200, headers).end('[]')
      }, 20)
    })
    return { ...api, seen }
  }

  it('fall to half after a 429, and recover as it goes well [http.concurrency.adaptive]', async () => {
    const sizes = [4, 2, 2, 2, 2, 3, 3, 3, 4, 4]
    const api = await waves(...sizes)
    const { send } = clientOf(api.url, { concurrency: 4 })
    await Promise.all(Array.from({ length: 25 }, send))
    expect(api.seen).toEqual(sizes)
  })
})
