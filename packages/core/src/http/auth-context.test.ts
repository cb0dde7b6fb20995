import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Auth, AuthContext } from '../auth/auth.ts'
import type { ClientConfig } from '../connector/resource.ts'
import { type ApiClient, createClient } from './client.ts'
import { createRedactor } from './redact.ts'

const SECRET = 'client-secret-1'
const servers: Server[] = []
const clients: ApiClient[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

type Answer = (response: ServerResponse, asked: { url: string; headers: IncomingHttpHeaders }) => void

/** An API at `/x` that wants the token, and an authorisation server at `/token`. */
async function serve(token: Answer, x?: Answer) {
  const paths: string[] = []
  const tokenHeaders: IncomingHttpHeaders[] = []
  const wantsToken: Answer = (response, { headers }) =>
    headers['x-token'] === undefined ? response.writeHead(401).end() : response.end(JSON.stringify([headers['x-token']]))
  const server = createServer((request, response) => {
    const { url = '', headers } = request
    paths.push(url)
    if (url === '/token') tokenHeaders.push(headers)
    const answer = url === '/token' ? token : (x ?? wantsToken)
    answer(response, { url, headers })
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, paths, tokenHeaders }
}

/** Asks for a token once, for all. */
function tokenAuth(url: string, protects = true): Auth {
  let token: Promise<string> | undefined
  const ask = async (context: AuthContext): Promise<string> => {
    const data = { client_secret: SECRET }
    const { body } = await context.requestToken({
      method: 'POST',
      url: `${url}/token`,
      params: {},
      headers: { 'X-Mine': 'm' },
      data,
    })
    const { access_token: value } = body as { access_token: string }
    if (protects) context.protect(value)
    return value
  }
  return {
    secrets: [SECRET],
    async apply(request, context) {
      token ??= ask(context)
      return { ...request, headers: { ...request.headers, 'X-Token': await token } }
    },
    async refresh(refused, context) {
      const stale = await token?.catch(() => undefined)
      if (stale === undefined || refused.headers['X-Token'] === stale) token = ask(context)
      await token
      return true
    },
  }
}

function clientOf(url: string, config: Partial<ClientConfig> = {}) {
  const retries: string[] = []
  const redactor = createRedactor([])
  const client = createClient(
    { baseUrl: url, retry: { initialDelay: 1, maximumDelay: 1 }, auth: tokenAuth(url), ...config },
    { redactor, credentialsHint: 'Check clientId and clientSecret.' },
  )
  clients.push(client)
  let requests = 0
  const observer = { onRequest: () => void requests++, onRetry: ({ reason }: { reason: string }) => void retries.push(reason) }
  const send = (signal = new AbortController().signal) =>
    client.send({ method: 'GET', url: `${url}/x`, params: {}, headers: {} }, { observer, signal })
  return { send, retries, redactor, client, requests: () => requests }
}

const grant: Answer = (response) => response.end('{"access_token":"token-value-1"}')
const status =
  (code: number, body = ''): Answer =>
  (response) =>
    response.writeHead(code).end(body)

describe('a request for a token', () => {
  it.each([1, 3])(
    'does not wait for a place that a request waiting for it has: concurrency %i [http.token.deadlock]',
    async (concurrency) => {
      const api = await serve(grant)
      const { send, requests } = clientOf(api.url, { concurrency })
      const answers = await Promise.all(Array.from({ length: 6 }, () => send()))
      expect(answers.map(({ body }) => body)).toEqual(Array(6).fill(['token-value-1']))
      expect(api.paths.filter((path) => path === '/token')).toHaveLength(1)
      expect(requests()).toBe(6)
    },
  )

  it("goes as it is, without the client's headers and authentication [http.token.plain]", async () => {
    const api = await serve(grant)
    await clientOf(api.url, { headers: { 'X-Own': 'o', 'User-Agent': 'mine/1' } }).send()
    expect(api.tokenHeaders).toMatchObject([
      { 'x-mine': 'm', 'user-agent': 'mine/1', 'content-type': 'application/x-www-form-urlencoded' },
    ])
    expect(api.tokenHeaders[0]).not.toHaveProperty('x-own')
    expect(api.tokenHeaders[0]).not.toHaveProperty('x-token')
  })

  it("is retried by the client's policy [http.token.retry]", async () => {
    let asked = 0
    const api = await serve((response) => (++asked < 3 ? response.writeHead(503).end() : response.end('{"access_token":"t"}')))
    const { send, retries } = clientOf(api.url)
    expect(await send()).toMatchObject({ body: ['t'] })
    expect(retries).toEqual(['503 Service Unavailable', '503 Service Unavailable'])
  })

  it.each<[string, Answer, string, RegExp]>([
    [
      'refused',
      status(400, `{"error":"invalid_client","got":"${SECRET}"}`),
      'HTTP_STATUS',
      /asked for a token. Check clientId and clientSecret. .*invalid_client","got":"\[redacted\]"/,
    ],
    ['refused with 401', status(401, SECRET), 'HTTP_STATUS', /answered 401 .*Check clientId/],
    ['answered with what is no JSON', status(200, 'access_token=token-value-1'), 'BODY_INVALID', /a body that is not JSON/],
    ['answered with nothing', status(204), 'BODY_INVALID', /no body, where a token was expected/],
    [
      'sent elsewhere',
      (response) => response.writeHead(307, { location: 'http://127.0.0.2:9/t' }).end(),
      'CREDENTIALS_ELSEWHERE',
      /goes to no other origin than its own/,
    ],
  ])('%s is an error without any secret [http.token.errors]', async (_what, token, code, message) => {
    const api = await serve(token)
    const error = clientOf(api.url).send()
    await expect(error).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    await expect(error).rejects.not.toMatchObject({ message: expect.stringMatching(/client-secret|token-value/) })
    expect(api.paths).toEqual(['/token'])
  })

  it('is left by a request that is stopped, and ended with the client [http.token.stop]', async () => {
    const stop = new AbortController()
    const api = await serve(() => setImmediate(() => stop.abort(new Error('stopped'))))
    const { send, client } = clientOf(api.url)
    const other = send()
    other.catch(() => {})
    await expect(send(stop.signal)).rejects.toThrow('stopped')
    await client.close()
    await expect(other).rejects.toMatchObject({ code: 'CLIENT_CLOSED' })
  })

  it('makes its token known, so that no error shows it [http.token.protect]', async () => {
    const api = await serve(grant, (response, { headers }) => response.writeHead(400).end(`got ${headers['x-token']}`))
    await expect(clientOf(api.url).send()).rejects.toMatchObject({ message: expect.stringMatching(/begins: got \[redacted\]$/) })
  })
})

describe('new credentials after a 401', () => {
  it('are asked for once, and the request is made again [http.refresh.once]', async () => {
    let token = 0
    const api = await serve(
      (response) => response.end(`{"access_token":"token-${++token}"}`),
      (response, { headers }) => (headers['x-token'] === 'token-2' ? response.end('[1]') : response.writeHead(401).end()),
    )
    const { send, retries } = clientOf(api.url, { concurrency: 2, retry: { limit: 0 } })
    expect(await Promise.all([send(), send(), send()])).toMatchObject([{ body: [1] }, { body: [1] }, { body: [1] }])
    expect([token, retries]).toEqual([2, []])
  })

  it('that are refused as well are an error [http.refresh.once]', async () => {
    let token = 0
    const api = await serve((response) => response.end(`{"access_token":"token-${++token}"}`), status(401))
    await expect(clientOf(api.url).send()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    expect(api.paths).toEqual(['/token', '/x', '/token', '/x'])
  })

  it('do not use up a retry [http.refresh.retries]', async () => {
    const answers = [503, 401, 503, 200]
    const api = await serve(grant, (response) => response.writeHead(answers.shift()!).end('[1]'))
    expect(await clientOf(api.url, { retry: { limit: 2, initialDelay: 1 } }).send()).toMatchObject({ body: [1] })
    expect(answers).toEqual([])
  })
})

describe('an auth that throws', () => {
  it.each<[string, Auth]>([
    ['while it is applied', { secrets: [SECRET], apply: () => Promise.reject(new Error(`no ${SECRET}`)) }],
    [
      'at once',
      {
        secrets: [SECRET],
        apply: () => {
          throw new Error(`no ${SECRET}`)
        },
      },
    ],
    [
      'while it renews',
      { secrets: [SECRET], apply: (request) => request, refresh: () => Promise.reject(new Error(`no ${SECRET}`)) },
    ],
  ])('%s fails the request without a retry, redacted [http.auth.throws]', async (_when, auth) => {
    const api = await serve(grant)
    const { send, retries } = clientOf(api.url, { auth })
    await expect(send()).rejects.toMatchObject({ code: 'AUTH_FAILED', message: expect.stringMatching(/: no \[redacted\]$/) })
    expect(retries).toEqual([])
  })
})
