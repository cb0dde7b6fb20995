import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { ClientConfig } from '../connector/resource.ts'
import { createClient, type SendOptions } from './client.ts'
import { createRedactor } from './redact.ts'
import type { PageRequest } from './request.ts'
import { isSecretName } from './secret-names.ts'

const SECRET = 'a-long/secret value'
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

/** All that is told of a request that fails: its error, and the reasons of its retries. */
async function told(
  answer: (response: ServerResponse) => void,
  request: Partial<PageRequest> = {},
  config: Partial<ClientConfig> = {},
  options: Partial<SendOptions> = {},
): Promise<string> {
  const server = createServer((_request, response) => answer(response))
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = createClient(
    { baseUrl, retry: { limit: 1, initialDelay: 1 }, ...config },
    { redactor: createRedactor([SECRET]), credentialsHint: '' },
  )
  const texts: string[] = []
  const observer = { onRequest: () => {}, onRetry: ({ reason }: { reason: string }) => void texts.push(reason) }
  const full = { method: 'GET', url: `${baseUrl}/x`, params: {}, headers: {}, ...request } as const
  const error = await client
    .send(full, { observer, signal: new AbortController().signal, ...options })
    .catch((thrown: unknown) => thrown)
  await client.close()
  texts.push((error as Error).message, String((error as Error).cause), (error as Error).stack ?? '')
  return texts.join('\n')
}

const encoded = encodeURIComponent(SECRET)
const status =
  (code: number, body = '', headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    response.writeHead(code, headers).end(body)

describe('no error and no event holds a secret', () => {
  it.each<[string, (response: ServerResponse) => void, Partial<PageRequest>?]>([
    ['in a parameter', status(404), { params: { q: SECRET } }],
    ['in a path', status(404), { url: `http://127.0.0.1:9/${encoded}` }],
    ['in a header', status(400), { headers: { 'X-Own': SECRET } }],
    ['that a body has', status(400, `bad ${SECRET} and ${encoded}`)],
    ['that a body has where JSON was expected', status(200, `bad ${SECRET}`)],
    ['that a retried body has', status(503, `bad ${SECRET}`)],
    ['that the reason phrase has', (response) => response.writeHead(503, `Bad ${SECRET}`).end()],
    ['that the content type has', status(200, '<', { 'Content-Type': `text/html; a="${SECRET}"` })],
    ['that a redirect in a circle has', status(302, '', { location: `/x?q=${encoded}` })],
    ['that a redirect to no address has', status(302, '', { location: `ftp://a/${encoded}` })],
    ['that the network has', (response) => response.destroy(), { params: { q: SECRET } }],
  ])('%s [http.redact.errors]', async (_where, answer, request) => {
    const text = await told(answer, request)
    expect(text).toMatch(/(?:GET|POST) http:/)
    expect(text).not.toContain(SECRET)
    expect(text).not.toContain(encoded)
  })

  it.each<[string, Partial<PageRequest>, Partial<ClientConfig>, Partial<SendOptions>]>([
    ["a header of the client's", {}, { headers: { Authorization: 'Bearer literal-value' } }, {}],
    ["a header of the request's", { headers: { 'X-Api-Key': 'literal-value' } }, {}, {}],
    ["the client's auth", {}, { auth: { apply: (request) => request, secrets: ['literal-value'] } }, {}],
    ["the endpoint's auth", {}, {}, { auth: { apply: (request) => request, secrets: ['literal-value'] } }],
  ])('that %s brought, where a body echoes it [http.redact.known]', async (_what, request, config, options) => {
    expect(await told(status(400, 'got literal-value'), request, config, options)).toContain('begins: got [redacted]')
  })
})

describe('isSecretName', () => {
  it.each([
    'api_key',
    'apiKey',
    'X-Api-Key',
    'access_token',
    'accessToken',
    'x-auth-token',
    'authToken',
    'Authorization',
    'client_secret',
    'clientSecret',
    'Cookie',
    'sig',
  ])('%s is one [http.redact.names]', (name) => {
    expect(isSecretName(name)).toBe(true)
  })

  it.each([
    'page',
    'author',
    'keyboard',
    'page_token',
    'pageToken',
    'nextToken',
    'next_page_token',
    'continuation-token',
    'sync_token',
  ])('%s is none [http.redact.names]', (name) => {
    expect(isSecretName(name)).toBe(false)
  })
})
