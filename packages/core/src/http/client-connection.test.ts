import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { ClientConfig } from '../connector/resource.ts'
import { createClient } from './client.ts'
import { createRedactor } from './redact.ts'

type Answer = (response: ServerResponse) => void

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

/** A server that gives its answers in turn, the last of them again and again. */
async function serve(...answers: Answer[]) {
  const asked = { url: '', requests: 0, inFlight: 0, most: 0 }
  const server = createServer((_request, response) => {
    asked.requests++
    asked.most = Math.max(asked.most, ++asked.inFlight)
    response.on('close', () => asked.inFlight--)
    answers[Math.min(asked.requests, answers.length) - 1]!(response)
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  asked.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return asked
}

function clientOf(baseUrl: string, config: Partial<ClientConfig> = {}) {
  const client = createClient(
    { baseUrl, retry: { initialDelay: 1, maximumDelay: 1 }, ...config },
    { redactor: createRedactor(['s3cret-value']), credentialsHint: '' },
  )
  const reasons: string[] = []
  const send = (signal: AbortSignal = new AbortController().signal, onRetry: () => void = () => {}) =>
    client.send(
      { method: 'GET', url: `${baseUrl}/x`, params: { q: 's3cret-value' }, headers: {} },
      {
        observer: {
          onRequest: () => {},
          onRetry: ({ reason }) => {
            reasons.push(reason)
            onRetry()
          },
        },
        signal,
      },
    )
  return { send, reasons }
}

const ok: Answer = (response) => response.end('[1]')
const hang: Answer = () => {}
const cutAtOnce: Answer = (response) => response.destroy()
const cutInBody: Answer = (response) => {
  response.writeHead(200, { 'Content-Length': '1000' })
  response.write('[1, ')
  setImmediate(() => response.destroy())
}
const hangInBody: Answer = (response) => {
  response.writeHead(200, { 'Content-Length': '1000' })
  response.write('[1, ')
}

describe('a connection that breaks', () => {
  it.each([
    ['before the answer', cutAtOnce],
    ['in the body', cutInBody],
  ])('%s is tried again [http.retry.network]', async (_where, broken) => {
    const api = await serve(broken, broken, ok)
    const { send, reasons } = clientOf(api.url)
    expect(await send()).toMatchObject({ status: 200, body: [1] })
    expect(api.requests).toBe(3)
    expect(reasons).toEqual([
      expect.stringContaining('the connection was cut'),
      expect.stringContaining('the connection was cut'),
    ])
  })

  it('for good is an error after 4 requests [http.retry.network]', async () => {
    const api = await serve(cutInBody)
    await expect(clientOf(api.url).send()).rejects.toMatchObject({
      code: 'NETWORK',
      recovery: 'retry',
      message: expect.stringMatching(/^GET http:.*\/x\?q=\[redacted\] failed 4 times: the connection was cut/),
    })
    expect(api.requests).toBe(4)
  })

  it('that nobody takes is an error that says so, without a secret [http.redact.errors]', async () => {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    const { send, reasons } = clientOf(`http://127.0.0.1:${port}`)
    const error = (await send().catch((thrown: unknown) => thrown)) as Error
    expect(error.message).toContain(`connect ECONNREFUSED 127.0.0.1:${port}`)
    expect([error.message, ...reasons].join()).not.toContain('s3cret-value')
    expect(reasons).toHaveLength(3)
  })
})

describe('a server that hangs', () => {
  it.each([
    ['before the answer', hang],
    ['in the body', hangInBody],
  ])('%s is given up on and tried again [http.timeout.retry]', async (_where, hanging) => {
    const api = await serve(hanging, ok)
    const { send, reasons } = clientOf(api.url, { timeout: 0.2 })
    expect(await send()).toMatchObject({ body: [1] })
    expect(reasons).toEqual(['no complete answer within 0.2 s'])
  })

  it('for good is an error of its own [http.timeout.retry]', async () => {
    const api = await serve(hang)
    await expect(clientOf(api.url, { timeout: 0.05, retry: { limit: 1, initialDelay: 1 } }).send()).rejects.toMatchObject({
      code: 'TIMEOUT',
      recovery: 'retry',
      message: expect.stringContaining('failed 2 times: no complete answer within 0.05 s'),
    })
    expect(api.requests).toBe(2)
  })

  it.each([
    ['before the answer', hang],
    ['in the body', hangInBody],
  ])('%s is left when the run is stopped [http.stop]', async (_where, hanging) => {
    const stop = new AbortController()
    const reason = new Error('stopped')
    const api = await serve((response) => {
      hanging(response)
      setImmediate(() => stop.abort(reason))
    })
    await expect(clientOf(api.url).send(stop.signal)).rejects.toBe(reason)
    expect(api.requests).toBe(1)
  })
})

describe('a run that is stopped', () => {
  it('does not wait for the next try [http.stop]', async () => {
    const api = await serve((response) => response.writeHead(503, { 'Retry-After': '3600' }).end())
    const stop = new AbortController()
    const { send } = clientOf(api.url, { retry: { maximumDelay: 3_600_000 } })
    await expect(send(stop.signal, () => setImmediate(() => stop.abort(new Error('stopped'))))).rejects.toThrow('stopped')
    expect(api.requests).toBe(1)
  })

  it('asks nothing [http.stop]', async () => {
    const api = await serve(ok)
    await expect(clientOf(api.url).send(AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped')
    expect(api.requests).toBe(0)
  })
})

describe('concurrency', () => {
  it.each([1, 3])('%i requests in flight at most [http.concurrency.limit]', async (concurrency) => {
    const api = await serve((response) => void setTimeout(() => response.end('[]'), 10))
    const { send } = clientOf(api.url, { concurrency })
    await Promise.all(Array.from({ length: 8 }, () => send()))
    expect([api.requests, api.most]).toEqual([8, concurrency])
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses %d [http.config.concurrency]', (concurrency) => {
    expect(() => clientOf('http://127.0.0.1:1', { concurrency })).toThrow(expect.objectContaining({ code: 'CLIENT_INVALID' }))
  })
})
