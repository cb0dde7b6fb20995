import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { ClientConfig } from '../connector/resource.ts'
import { createClient, type SendOptions } from './client.ts'
import { createRedactor } from './redact.ts'
import { resolveTimeout, type Timeout } from './timeout.ts'

const sockets = new Set<Socket>()
const servers: TcpServer[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  for (const socket of sockets) socket.destroy()
  sockets.clear()
})

async function listen(server: Server | TcpServer): Promise<string> {
  servers.push(server)
  server.on('connection', (socket: Socket) => void sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function clientOf(baseUrl: string, config: Partial<ClientConfig> = {}) {
  const client = createClient({ baseUrl, retry: { limit: 0 }, ...config }, { redactor: createRedactor([]), credentialsHint: '' })
  const send = (options: Partial<SendOptions> = {}) =>
    client.send(
      { method: 'GET', url: `${baseUrl}/x`, params: {}, headers: {} },
      { observer: { onRequest: () => {}, onRetry: () => {} }, signal: new AbortController().signal, ...options },
    )
  return { client, send }
}

const hang = (): void => {}
const hangInBody = (response: ServerResponse): void => void response.writeHead(200, { 'Content-Length': '9' }).write('[')

describe('the time to connect', () => {
  /** Takes connections, and says nothing of TLS on them. */
  const silent = async () => `https://${await listen(createTcpServer(hang))}`

  it('is over before there is a connection [http.timeout.connect]', async () => {
    const { client, send } = await clientOf(await silent(), { timeout: { connect: 0.05 } })
    await expect(send()).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining('no connection within 0.05 s'),
    })
    await client.close()
  })

  it('is not that of the answer [http.timeout.connect]', async () => {
    const slow = createServer((_request, response) => void setTimeout(() => response.end('[1]'), 1300))
    const { client, send } = await clientOf(`http://${await listen(slow)}`, { timeout: { connect: 1 } })
    expect(await send()).toMatchObject({ body: [1] })
    await client.close()
  })
})

describe('the time for the answer', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['before it begins', hang],
    ['in the body', hangInBody],
  ])('is over %s [http.timeout.body]', async (_where, answer) => {
    const server = createServer((_request, response) => answer(response))
    const { client, send } = await clientOf(`http://${await listen(server)}`, { timeout: { connect: 20, body: 0.05 } })
    await expect(send()).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining('no complete answer within 0.05 s'),
    })
    await client.close()
  })

  it("of the endpoint counts instead of the client's [http.timeout.endpoint]", async () => {
    const { client, send } = await clientOf(`http://${await listen(createServer(hang))}`)
    await expect(send({ timeout: 0.05 })).rejects.toMatchObject({ message: expect.stringContaining('within 0.05 s') })
    await expect(send({ timeout: 0 })).rejects.toMatchObject({
      code: 'CLIENT_INVALID',
      message: expect.stringContaining('The endpoint: timeout'),
    })
    await client.close()
  })

  it("and retries of the endpoint count instead of the client's [http.retry.configurable]", async () => {
    let requests = 0
    const server = createServer((_request, response) => {
      requests++
      response.writeHead(503).end()
    })
    const { client, send } = await clientOf(`http://${await listen(server)}`)
    await expect(send({ retry: { limit: 2, initialDelay: 0 } })).rejects.toMatchObject({
      message: expect.stringContaining('after 3 requests'),
    })
    await expect(send({ retry: { limit: -1 } })).rejects.toMatchObject({
      code: 'CLIENT_INVALID',
      message: expect.stringContaining('The endpoint: retry.limit'),
    })
    expect(requests).toBe(3)
    await client.close()
  })
})

describe('resolveTimeout', () => {
  it.each<[Timeout | undefined, object]>([
    [undefined, { whole: 60 }],
    [5, { whole: 5 }],
    [{ connect: 5 }, { connect: 5, body: 60 }],
    [{ body: 0.5 }, { connect: 60, body: 0.5 }],
  ])('%j [http.timeout.default]', (timeout, expected) => {
    expect(resolveTimeout(timeout, 'The client')).toEqual(expected)
  })

  it.each<[unknown, string]>([
    [0, 'timeout is a number of seconds, more than 0 and at most 2147483, but is 0.'],
    [Number.NaN, 'timeout is a number of seconds, more than 0 and at most 2147483, but is NaN.'],
    [1e9, 'timeout is a number of seconds, more than 0 and at most 2147483, but is 1000000000.'],
    ['60', 'timeout is a number of seconds, more than 0 and at most 2147483, but is "60".'],
    [{ connect: -1 }, 'timeout.connect is a number of seconds, more than 0 and at most 2147483, but is -1.'],
    [{ body: '1' }, 'timeout.body is a number of seconds, more than 0 and at most 2147483, but is "1".'],
    [{ read: 1 }, 'timeout has no "read"; there are connect and body.'],
  ])('refuses %j [http.config.timeout]', (timeout, message) => {
    expect(() => resolveTimeout(timeout as Timeout, 'The client')).toThrow(
      expect.objectContaining({ code: 'CLIENT_INVALID', message: `The client: ${message}` }),
    )
  })
})

describe('connections', () => {
  it('are kept for the next request, no more than are in flight, and closed at the end [http.connections]', async () => {
    let opened = 0
    const server = createServer((_request, response) => response.writeHead(404).end('{"a":1}'))
    const address = await listen(server)
    const closed: Promise<unknown>[] = []
    server.on('connection', (socket: Socket) => {
      opened++
      closed.push(once(socket, 'close'))
    })
    const { client, send } = await clientOf(`http://${address}`, { concurrency: 2 })
    for (let round = 0; round < 5; round++) await Promise.allSettled([send(), send(), send()])
    expect(opened).toBe(2)
    await client.close()
    await Promise.all(closed)
    await expect(send()).rejects.toMatchObject({ code: 'CLIENT_CLOSED' })
    expect(opened).toBe(2)
  })
})
