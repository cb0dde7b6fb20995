import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { apiKeyAuth } from '../auth/api-key.ts'
import type { ClientConfig } from '../connector/resource.ts'
import { createClient } from './client.ts'
import { createRedactor } from './redact.ts'
import type { JsonValue, PageRequest } from './request.ts'

interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

/** A server that keeps what it was asked; each path that is named answers in its own way. */
async function serve(routes: Record<string, (response: ServerResponse) => void> = {}) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    received.push({ method, url, headers, body: await text(request) })
    const answer = routes[url.split('?', 1)[0]!] ?? ((any: ServerResponse) => any.end('[]'))
    answer(response)
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}

const redirect = (code: number, location: string) => (response: ServerResponse) => response.writeHead(code, { location }).end()

function send(config: ClientConfig, request: Partial<PageRequest>) {
  const client = createClient(
    { retry: { initialDelay: 1, maximumDelay: 1 }, ...config },
    { redactor: createRedactor([]), credentialsHint: '' },
  )
  const full = { method: 'GET', url: `${config.baseUrl}/x`, params: {}, headers: {}, ...request } as const
  return client.send(full, { observer: { onRequest: () => {}, onRetry: () => {} }, signal: new AbortController().signal })
}

describe('what is sent', () => {
  it('URL, parameters, headers and credentials', async () => {
    const api = await serve()
    const auth = apiKeyAuth({ name: 'key', value: 'v', in: 'query' })
    const request = { url: `${api.url}/x?sort=id`, params: { page: 2 }, headers: { 'X-Own': 'o' } }
    await send({ baseUrl: api.url, auth, headers: { 'X-Client': 'c' } }, request)
    expect(api.received).toMatchObject([
      { method: 'GET', url: '/x?sort=id&page=2&key=v', headers: { accept: 'application/json', 'x-own': 'o', 'x-client': 'c' } },
    ])
  })

  it.each<[string, JsonValue, string]>([
    ['an object', { a: [1, 'é'] }, '{"a":[1,"é"]}'],
    ['a list', [1, 2], '[1,2]'],
  ])('%s as the body [http.request.json]', async (_what, json, body) => {
    const api = await serve()
    await send({ baseUrl: api.url }, { method: 'POST', json })
    expect(api.received).toMatchObject([{ method: 'POST', body, headers: { 'content-type': 'application/json' } }])
  })

  it('every digit of a bigint in the body', async () => {
    const api = await serve()
    await send({ baseUrl: api.url }, { method: 'POST', json: { id: 12_345_678_901_234_567_890n } })
    expect(api.received).toMatchObject([{ body: '{"id":12345678901234567890}' }])
  })

  it.each(['post', 'PUT', 'patch'] as unknown as 'POST'[])('%s, a method in any case [http.request.method]', async (method) => {
    const api = await serve()
    await send({ baseUrl: api.url }, { method, json: {} })
    expect(api.received).toMatchObject([{ method: method.toUpperCase() }])
  })

  it.each<[string, NonNullable<PageRequest['data']>, string, string]>([
    ['a text as it stands', 'a=1&b=%20{', 'a=1&b=%20{', 'text/plain;charset=UTF-8'],
    [
      'an object as a form',
      { a: 'x y&', b: [1, 2], c: null, d: true },
      'a=x+y%26&b=1&b=2&d=true',
      'application/x-www-form-urlencoded',
    ],
  ])('data: %s [http.request.data]', async (_what, data, body, type) => {
    const api = await serve()
    await send({ baseUrl: api.url }, { method: 'POST', data })
    await send({ baseUrl: api.url }, { method: 'POST', data, headers: { 'Content-Type': 'text/x' } })
    expect(api.received).toMatchObject([
      { body, headers: { 'content-type': type } },
      { body, headers: { 'content-type': 'text/x' } },
    ])
  })

  it('data again where a redirect keeps the body [http.redirect.method]', async () => {
    const api = await serve({ '/x': redirect(307, '/y') })
    await send({ baseUrl: api.url }, { method: 'POST', data: 'a' })
    expect(api.received[1]).toMatchObject({ method: 'POST', body: 'a', url: '/y' })
  })

  it.each<[string, Partial<PageRequest>, RegExp]>([
    ['a GET with a body', { json: {} }, /a GET has none. Set the method to POST, or use params/],
    ['a header with a line break', { headers: { 'X-Own': 'secret-line\n2' } }, /the header "X-Own" has a character/],
    ['a header beyond Latin-1', { headers: { 'X-Own': 'secret-line €' } }, /the header "X-Own" has a character/],
    ['a header without a name', { headers: { '': 'secret-line' } }, /the header "" has a character/],
    ['a header of the connection', { headers: { 'Keep-Alive': 'timeout=5' } }, /the header Keep-Alive belongs to the connection/],
    ['a length of its own', { headers: { 'content-length': '5' } }, /content-length belongs to the connection/],
    ['a URL that is none', { url: '/x' }, /an absolute http or https URL, but is "\/x"/],
    ['a URL of another kind', { url: 'file:///x' }, /an absolute http or https URL/],
  ])('not %s: an error at once [http.request.invalid]', async (_what, request, message) => {
    const api = await serve()
    const error = send({ baseUrl: api.url }, request)
    await expect(error).rejects.toMatchObject({ code: 'REQUEST_INVALID', message: expect.stringMatching(message) })
    await expect(error).rejects.not.toMatchObject({ message: expect.stringContaining('secret-line') })
    expect(api.received).toEqual([])
  })

  it('a header without the line break at its end, as a file may have it [http.request.headers]', async () => {
    const api = await serve()
    await send({ baseUrl: api.url, headers: { Authorization: 'Bearer t\n' } }, {})
    expect(api.received[0]!.headers).toMatchObject({ authorization: 'Bearer t' })
  })

  it.each<[string, Record<string, string>, Record<string, string>, Record<string, string>]>([
    ['the client over the default', { Accept: 'text/csv' }, {}, { accept: 'text/csv' }],
    ['the endpoint over the client', { 'X-Version': '1' }, { 'x-version': '2' }, { 'x-version': '2' }],
  ])('one header of a name, whatever its case: %s [http.request.headers]', async (_what, ofClient, ofRequest, expected) => {
    const api = await serve()
    await send({ baseUrl: api.url, headers: ofClient }, { headers: ofRequest })
    expect(api.received[0]!.headers).toMatchObject(expected)
  })
})

describe('redirects', () => {
  it.each([301, 302, 303, 307, 308])('%i on the same origin goes on with credentials [http.redirect.follow]', async (code) => {
    const api = await serve({ '/x': redirect(code, '/y?z=1') })
    const auth = apiKeyAuth({ name: 'X-Key', value: 'v' })
    await send({ baseUrl: api.url, auth }, { params: { page: 1 } })
    expect(api.received).toMatchObject([
      { url: '/x?page=1', headers: { 'x-key': 'v' } },
      { method: 'GET', url: '/y?z=1', headers: { 'x-key': 'v' } },
    ])
  })

  it.each([
    [301, 'GET', ''],
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', '{"q":1}'],
    [308, 'POST', '{"q":1}'],
  ])('%i after a POST is a %s [http.redirect.method]', async (code, method, body) => {
    const api = await serve({ '/x': redirect(code, '/y') })
    await send({ baseUrl: api.url }, { method: 'POST', json: { q: 1 } })
    expect(api.received[1]).toMatchObject({ method, body, url: '/y' })
  })

  const elsewhere = async (config: Partial<ClientConfig>) => {
    const other = await serve()
    const api = await serve({ '/x': redirect(302, `${other.url}/y?z=1`) })
    await send({ baseUrl: api.url, ...config }, { params: { page: 1 }, headers: { 'X-Own': 'o' } })
    return other.received
  }

  it.each(['header', 'query'] as const)(
    'elsewhere go without credentials and headers: %s [auth.pinning.redirect]',
    async (place) => {
      const auth = apiKeyAuth({ name: 'my_key', value: 'secret-value', in: place })
      const received = await elsewhere({ auth, headers: { Cookie: 'c=1', 'X-Client': 'c' } })
      expect(received.map(({ url }) => url)).toEqual(['/y?z=1'])
      expect(JSON.stringify(received)).not.toMatch(/secret-value|my_key|cookie|x-client|x-own/i)
    },
  )

  it('to an origin that the author trusts get them [auth.pinning.origins]', async () => {
    const other = await serve()
    const api = await serve({ '/x': redirect(302, `${other.url}/y`) })
    const auth = { ...apiKeyAuth({ name: 'X-Key', value: 'v' }), origins: [other.url] }
    await send({ baseUrl: api.url, auth }, {})
    expect(other.received).toMatchObject([{ headers: { 'x-key': 'v' } }])
  })

  it('a request elsewhere has no credentials either [auth.pinning.auth]', async () => {
    const [api, other] = [await serve(), await serve()]
    await send({ baseUrl: api.url, auth: apiKeyAuth({ name: 'X-Key', value: 'v' }) }, { url: `${other.url}/y` })
    expect(other.received[0]!.headers).not.toHaveProperty('x-key')
  })

  // All the client's own headers but these two stay at home.
  it('elsewhere keep the User-Agent and Accept of the client [auth.pinning.keeps]', async () => {
    const [received] = await elsewhere({ headers: { 'user-agent': 'mine/1', accept: 'application/vnd.x+json' } })
    expect(received!.headers).toMatchObject({ 'user-agent': 'mine/1', accept: 'application/vnd.x+json' })
  })

  it('in a circle are an error [http.redirect.limit]', async () => {
    const api = await serve({ '/x': redirect(302, '/x') })
    await expect(send({ baseUrl: api.url }, {})).rejects.toThrow(/redirects more than 10 times/)
    expect(api.received).toHaveLength(11)
  })

  it('without a target are an error', async () => {
    const api = await serve({ '/x': (response) => response.writeHead(304).end() })
    await expect(send({ baseUrl: api.url }, {})).rejects.toThrow(/answered 304/)
  })
})
