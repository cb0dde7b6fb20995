import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { apiKeyAuth } from '../auth/api-key.ts'
import type { Auth } from '../auth/auth.ts'
import type { ClientConfig } from '../connector/resource.ts'
import { createClient, type SendOptions } from './client.ts'
import { createRedactor } from './redact.ts'
import type { PageRequest } from './request.ts'

interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const SECRET = 'a-long/secret value'
const KEY = apiKeyAuth({ name: 'X-Key', value: 'the-api-key' })
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

/** A server that keeps what it was asked. */
async function serve(answer: (response: ServerResponse) => void = (response) => response.end('[]')) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    received.push({ method, url, headers, body: await text(request) })
    answer(response)
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}

async function send(config: ClientConfig, request: Partial<PageRequest>, options: Partial<SendOptions> = {}) {
  const client = createClient(
    { retry: { limit: 0 }, ...config },
    { redactor: createRedactor([SECRET, 'k1']), credentialsHint: 'Check apiKey.' },
  )
  const full = { method: 'GET', url: `${config.baseUrl}/x`, params: {}, headers: {}, ...request } as const
  const signal = new AbortController().signal
  try {
    return await client.send(full, { observer: { onRequest: () => {}, onRetry: () => {} }, signal, ...options })
  } finally {
    await client.close()
  }
}

const redirectTo = (url: string) => (response: ServerResponse) => response.writeHead(302, { location: url }).end()

describe('a request to another origin', () => {
  /** What the other origin gets of a next link, or of an endpoint with an absolute path. */
  const sentElsewhere = async (config: Partial<ClientConfig>, request: Partial<PageRequest>, path = '/y') => {
    const [api, other] = [await serve(), await serve()]
    await send({ baseUrl: api.url, ...config }, { ...request, url: `${other.url}${path}` })
    expect([api.received.length, other.received.length]).toEqual([0, 1])
    return other.received[0]!
  }

  it.each<[string, Partial<ClientConfig>, Partial<PageRequest>]>([
    ['auth in a header [auth.pinning.auth]', { auth: apiKeyAuth({ name: 'X-Any', value: 'leaked' }) }, {}],
    ['auth in the query [auth.pinning.auth]', { auth: apiKeyAuth({ name: 'any', value: 'leaked', in: 'query' }) }, {}],
    ["the client's headers [auth.pinning.headers]", { headers: { 'X-Own': 'leaked', Cookie: 'a=leaked' } }, {}],
    ["the request's headers [auth.pinning.headers]", {}, { headers: { 'X-Own': 'leaked', Authorization: 'leaked' } }],
    ['a parameter with a secret name [auth.pinning.names]', {}, { params: { access_token: 'leaked', apiKey: 'leaked' } }],
  ])('goes without %s', async (_what, config, request) => {
    expect(JSON.stringify(await sentElsewhere(config, request))).not.toContain('leaked')
  })

  it.each<[string, Partial<PageRequest>, string, string]>([
    ['a parameter', { params: { q: SECRET, page: 2 } }, '/y', '/y?page=2'],
    ['one of several values', { params: { q: ['a', SECRET], page: 2 } }, '/y', '/y?page=2'],
    ['a part of a parameter', { params: { q: `Bearer ${SECRET}` } }, '/y', '/y'],
    ['a short secret by itself', { params: { q: 'k1', r: 'k10' } }, '/y', '/y?r=k10'],
    ["the link's own query", {}, `/y?page=2&q=${encodeURIComponent(SECRET)}`, '/y?page=2'],
  ])('drops a known secret: %s [auth.pinning.values]', async (_where, request, path, url) => {
    expect((await sentElsewhere({}, request, path)).url).toBe(url)
  })

  it.each([
    ['a signature that the API put into its own link', {}, '/y?X-Amz-Signature=abc&sig=1', '/y?X-Amz-Signature=abc&sig=1'],
    ['a token of the paginator', { params: { page_token: 'p2', nextToken: 'n2' } }, '/y', '/y?page_token=p2&nextToken=n2'],
  ])('keeps %s [auth.pinning.keeps]', async (_what, request, path, url) => {
    expect((await sentElsewhere({}, request, path)).url).toBe(url)
  })

  it('keeps Accept and User-Agent, which hold no secret [auth.pinning.keeps]', async () => {
    const headers = { Accept: 'text/x', 'User-Agent': 'mine/1' }
    expect((await sentElsewhere({ headers }, {})).headers).toMatchObject({ accept: 'text/x', 'user-agent': 'mine/1' })
    const leaky = await sentElsewhere({ headers: { 'User-Agent': `mine/1 ${SECRET}` } }, {})
    expect(leaky.headers['user-agent']).not.toContain(SECRET)
  })

  it.each<[string, Partial<PageRequest>, string?]>([
    ['json', { method: 'POST', json: { a: [{ b: SECRET }] } }],
    ['a text as data', { method: 'POST', data: `q=${SECRET}` }],
    ['a form as data', { method: 'POST', data: { q: SECRET } }],
    ['a short one', { method: 'POST', json: { b: 'k1' } }],
    ['the path of its URL', {}, `/bot${encodeURIComponent(SECRET)}/y`],
  ])('is not made with a secret in %s [auth.pinning.body]', async (_where, request, path = '/y') => {
    const [api, other] = [await serve(), await serve()]
    const error = send({ baseUrl: api.url }, { ...request, url: `${other.url}${path}` })
    await expect(error).rejects.toMatchObject({
      code: 'CREDENTIALS_ELSEWHERE',
      recovery: 'fix-config',
      message: expect.stringContaining(
        `${other.url} is not the origin of baseUrl. If it may have the credentials, list it in auth.origins.`,
      ),
    })
    await expect(error).rejects.not.toMatchObject({ message: expect.stringMatching(/a-long|k1/) })
    expect(other.received).toEqual([])
  })

  it('is made with a body that holds none [auth.pinning.body]', async () => {
    expect(await sentElsewhere({}, { method: 'POST', json: { q: 1 } })).toMatchObject({ method: 'POST', body: '{"q":1}' })
  })

  it('is one over http on the same host and port, when baseUrl is https [auth.pinning.downgrade]', async () => {
    const other = await serve()
    await send({ baseUrl: other.url.replace('http:', 'https:'), auth: KEY }, { url: `${other.url}/y` })
    expect(other.received).toHaveLength(1)
    expect(other.received[0]!.headers).not.toHaveProperty('x-key')
  })

  it.each([401, 403])('that answers %i: the error says how to trust it [auth.pinning.advice]', async (status) => {
    const [api, other] = [await serve(), await serve((response) => response.writeHead(status).end())]
    let refreshes = 0
    const auth: Auth = { ...KEY, refresh: async () => ++refreshes > 0 }
    const message = expect.stringContaining(`None were sent, because ${other.url} is not the origin of baseUrl.`)
    await expect(send({ baseUrl: api.url, auth }, { url: `${other.url}/y` })).rejects.toMatchObject({ message })
    expect(refreshes).toBe(0)
  })
})

describe('a redirect to another origin', () => {
  it('goes without credentials, also those that the API writes into it [auth.pinning.redirect]', async () => {
    const other = await serve()
    const api = await serve(redirectTo(`${other.url}/y?z=1&key=${encodeURIComponent(SECRET)}`))
    await send({ baseUrl: api.url, auth: KEY, headers: { 'X-Own': 'o' } }, { params: { q: SECRET } })
    expect(other.received).toMatchObject([{ url: '/y?z=1' }])
    expect(other.received[0]!.headers).not.toHaveProperty('x-key')
    expect(other.received[0]!.headers).not.toHaveProperty('x-own')
  })

  it('that leads back sends none to the path that the other origin chose [auth.pinning.redirect]', async () => {
    const places: string[] = []
    const other = await serve((response) => redirectTo(places[0]!)(response))
    let requests = 0
    const api = await serve((response) => (requests++ === 0 ? redirectTo(`${other.url}/y`)(response) : response.end('[]')))
    places.push(`${api.url}/delete-all`)
    await send({ baseUrl: api.url, auth: KEY, headers: { 'X-Own': 'o' } }, {})
    expect(api.received.map(({ url, headers }) => [url, headers['x-key'] !== undefined, headers['x-own']])).toEqual([
      ['/x', true, 'o'],
      ['/delete-all', false, undefined],
    ])
  })

  it('that keeps the body is not followed with a secret in it [auth.pinning.redirect]', async () => {
    const other = await serve()
    const api = await serve((response) => response.writeHead(307, { location: `${other.url}/y` }).end())
    const error = send({ baseUrl: api.url }, { method: 'POST', json: { q: SECRET } })
    await expect(error).rejects.toMatchObject({ code: 'CREDENTIALS_ELSEWHERE' })
    expect([api.received.length, other.received.length]).toEqual([1, 0])
  })

  it.each(['ftp://a.example/x', 'file:///etc/passwd', 'http://', `data:,${SECRET}`])(
    '%s is an error at once [http.redirect.target]',
    async (location) => {
      const api = await serve(redirectTo(location))
      const error = send({ baseUrl: api.url, retry: { limit: 2, initialDelay: 1 } }, {})
      await expect(error).rejects.toMatchObject({ message: expect.stringContaining('which is no address for HTTP') })
      await expect(error).rejects.not.toMatchObject({ message: expect.stringContaining(SECRET) })
      expect(api.received).toHaveLength(1)
    },
  )
})

describe('trusted origins', () => {
  it('are those that auth.origins lists [auth.pinning.origins]', async () => {
    const [api, other] = [await serve(), await serve()]
    const config = { baseUrl: api.url, headers: { 'X-Own': 'o' }, auth: { ...KEY, origins: [`${other.url}/any/path`] } }
    await send(config, { url: `${other.url}/y`, params: { q: SECRET } })
    expect(other.received).toMatchObject([
      {
        url: `/y?q=${new URLSearchParams({ s: SECRET }).toString().slice(2)}`,
        headers: { 'x-key': 'the-api-key', 'x-own': 'o' },
      },
    ])
  })

  it("are also those of the endpoint's own auth [auth.pinning.endpoint]", async () => {
    const [api, other] = [await serve(), await serve()]
    const auth = { ...apiKeyAuth({ name: 'X-Other', value: 'own' }), origins: [other.url] }
    await send({ baseUrl: api.url, auth: KEY }, { url: `${other.url}/y` }, { auth })
    expect(other.received[0]!.headers).toMatchObject({ 'x-other': 'own' })
    expect(other.received[0]!.headers).not.toHaveProperty('x-key')
  })

  it('get no credentials where the auth of the endpoint is null [auth.pinning.none]', async () => {
    const api = await serve()
    await send({ baseUrl: api.url, auth: KEY, headers: { 'X-Own': 'o' } }, {}, { auth: null })
    expect(api.received[0]!.headers).toMatchObject({ 'x-own': 'o' })
    expect(api.received[0]!.headers).not.toHaveProperty('x-key')
  })

  it.each([
    [{ baseUrl: 'not a url' }, /baseUrl is an absolute http or https URL/],
    [{ baseUrl: 'ftp://a.example' }, /baseUrl is an absolute http or https URL/],
    [{ baseUrl: 'https://user:pw-in-url@a.example' }, /baseUrl holds a user name or a password/],
    [{ baseUrl: 'https://a.example', auth: { ...KEY, origins: ['a.example'] } }, /auth.origins are such as https/],
  ])('are URLs without credentials: %j [http.config.origins]', (config, message) => {
    const create = () => createClient(config, { redactor: createRedactor([]), credentialsHint: '' })
    expect(create).toThrow(expect.objectContaining({ code: 'CLIENT_INVALID', message: expect.stringMatching(message) }))
    expect(create).not.toThrow(/pw-in-url/)
  })
})
