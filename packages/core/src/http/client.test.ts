import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { ClientConfig } from '../connector/resource.ts'
import { isTributaryError, type TributaryError } from '../errors.ts'
import { createClient, type RequestObserver } from './client.ts'
import { createRedactor } from './redact.ts'
import type { PageRequest } from './request.ts'

type Answer = (response: ServerResponse, request: IncomingMessage) => void

const SECRET = 'a-long-secret-value'
const RETRY = { initialDelay: 1, maximumDelay: 2 }
const ok: Answer = (response) => response.end('{"ok":true}')
const status =
  (code: number, body = '', headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end(body)

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

/** A server that gives its answers in turn, the last of them again and again. */
async function serve(...answers: Answer[]) {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    answers[Math.min(requests.length, answers.length) - 1]!(response, request)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

async function send(url: string, config: Partial<ClientConfig> = {}, request: Partial<PageRequest> = {}) {
  const context = { redactor: createRedactor([SECRET]), credentialsHint: 'Check apiKey (CRM_API_KEY).' }
  const client = createClient({ baseUrl: url, retry: RETRY, ...config }, context)
  const retries: Parameters<RequestObserver['onRetry']>[0][] = []
  const observer = { onRequest: () => {}, onRetry: (retry: (typeof retries)[number]) => void retries.push(retry) }
  const full = { method: 'GET', url: `${url}/x`, params: {}, headers: {}, ...request } as const
  try {
    return { ...(await client.send(full, { observer, signal: new AbortController().signal })), retries }
  } catch (error) {
    if (isTributaryError(error)) return { error: error as TributaryError, retries }
    throw error
  }
}

describe('retries', () => {
  it.each([429, 500, 502, 503, 504])('%i: 4 requests by a limit of 3, then an error [http.retry.limit]', async (code) => {
    const api = await serve(status(code, `oops ${SECRET}`))
    const { error, retries } = await send(api.url, {}, { params: { token: 't', page: 1 } })
    expect(api.requests).toHaveLength(4)
    expect(retries.map(({ attempt, limit, reason }) => [attempt, limit, reason.slice(0, 3)])).toEqual(
      [1, 2, 3].map((attempt) => [attempt, 3, String(code)]),
    )
    expect(error).toMatchObject({ code: 'HTTP_STATUS', recovery: 'retry' })
    expect(error!.message).toContain(`GET ${api.url}/x?token=[redacted]&page=1 still answered ${code}`)
    expect(error!.message).toMatch(/after 4 requests\. The body begins: oops \[redacted\]$/)
  })

  it('ends with the first answer that is one [http.retry.statuses]', async () => {
    const api = await serve(status(503), status(429), ok)
    const response = await send(api.url)
    expect(response).toMatchObject({ status: 200, body: { ok: true } })
    expect([api.requests.length, response.retries.length]).toEqual([3, 2])
  })

  it.each([
    ['0', 0],
    ['30', 5],
    ['Fri, 01 Jan 2100 00:00:00 GMT', 5],
    ['Fri, 01 Jan 1999 00:00:00 GMT', 0],
  ])('Retry-After %s waits %i ms with a cap of 5 [http.retry.after]', async (value, delay) => {
    const api = await serve(status(429, '', { 'Retry-After': value }), ok)
    const { retries } = await send(api.url, { retry: { initialDelay: 3, maximumDelay: 5 } })
    expect(retries).toMatchObject([{ attempt: 1, delay }])
  })

  it('of no kind where the limit is 0, and for other statuses where they are named [http.retry.configurable]', async () => {
    const never = await serve(status(500))
    expect((await send(never.url, { retry: { ...RETRY, limit: 0 } })).error!.message).toContain('after 1 request.')
    expect(never.requests).toHaveLength(1)
    const teapot = await serve(status(418), ok)
    expect(await send(teapot.url, { retry: { ...RETRY, statuses: [418] } })).toMatchObject({ status: 200 })
  })

  it.each([400, 403, 404, 409, 410, 422, 501, 505])('%i fails at once [http.status.fails]', async (code) => {
    const api = await serve(status(code, '{"error":"no"}'))
    const { error } = await send(api.url)
    expect(api.requests).toHaveLength(1)
    expect(error).toMatchObject({ code: 'HTTP_STATUS', recovery: 'fix-config' })
    expect(error!.message).toMatch(new RegExp(`answered ${code} .*The body begins: {"error":"no"}`))
  })

  it.each([
    [403, 'may not read this. Check apiKey (CRM_API_KEY).'],
    [404, 'Check baseUrl and the path'],
    [422, 'Check the parameters'],
  ])('%i says what to check [http.status.advice]', async (code, advice) => {
    expect((await send((await serve(status(code))).url)).error!.message).toContain(advice)
  })
})

describe('401', () => {
  it('is not retried, and says what to check [http.status.advice]', async () => {
    const api = await serve(status(401, `bad ${SECRET}`))
    const { error, retries } = await send(api.url)
    expect([api.requests.length, retries.length]).toEqual([1, 0])
    expect(error).toMatchObject({ code: 'UNAUTHORIZED', recovery: 'fix-config' })
    expect(error!.message).toContain('answered 401: the API refuses the credentials. Check apiKey (CRM_API_KEY).')
    expect(error!.message).not.toContain(SECRET)
  })

  it.each([
    ['renewed: the request is made again', true, [status(401), ok], 2, undefined],
    ['renewed once only', true, [status(401)], 2, 'UNAUTHORIZED'],
    ['not to be renewed', false, [status(401), ok], 1, 'UNAUTHORIZED'],
  ])('%s [http.refresh.once]', async (_what, renewed, answers, requests, code) => {
    const api = await serve(...answers)
    let refreshes = 0
    const auth = { apply: (request: PageRequest) => request, refresh: async () => ++refreshes > 0 && renewed }
    const { error } = await send(api.url, { auth })
    expect([api.requests.length, refreshes, error?.code]).toEqual([requests, 1, code])
  })
})

describe('bodies', () => {
  it.each<[string, Answer, unknown]>([
    ['JSON, whatever its type says', status(200, '[1]', { 'Content-Type': 'text/html' }), [1]],
    ['long integers [http.body.integers]', status(200, '{"id":12345678901234567890}'), { id: 12_345_678_901_234_567_890n }],
    ['text beyond ASCII', status(200, '["é€😀"]'), ['é€😀']],
    ['a byte order mark', status(200, '\uFEFF[1]'), [1]],
    ['null [http.body.null]', status(200, 'null'), null],
    ['204 [http.body.no-content]', status(204), undefined],
    ['the last of equal keys [http.body.duplicate-keys]', status(200, '{"a":1,"a":2}'), { a: 2 }],
    ['gzip', (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('[2]')), [2]],
  ])('reads %s', async (_what, answer, body) => {
    expect(await send((await serve(answer)).url)).toMatchObject({ body })
  })

  it.each<[string, Answer, RegExp]>([
    [
      'HTML',
      status(200, `<html>\n<p>Log in, ${SECRET}`, { 'Content-Type': 'text/html' }),
      /200 with a body that is not JSON \(content type text\/html\)\..*It begins: <html> <p>Log in, \[redacted\]$/,
    ],
    ['an empty body', status(200), /an empty body, where JSON was expected/],
    ['NaN', status(200, '{"a":NaN}'), /not JSON \(without a content type\)/],
    ['half a body', status(200, '{"a":'), /not JSON/],
    ['invalid UTF-8', (response) => response.end(Buffer.from([0x22, 0xff, 0x22])), /not valid UTF-8/],
  ])('refuses %s [http.body.invalid]', async (_what, answer, message) => {
    const api = await serve(answer)
    const { error } = await send(api.url)
    expect(api.requests).toHaveLength(1)
    expect(error).toMatchObject({ code: 'BODY_INVALID', recovery: 'fix-config', message: expect.stringMatching(message) })
  })

  it.each<[string, Answer]>([
    ['as sent', status(200, `["${'x'.repeat(2000)}"]`)],
    [
      'decompressed',
      (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(`["${'x'.repeat(2000)}"]`)),
    ],
  ])('refuses a body that is too large: %s [http.body.limit]', async (_what, answer) => {
    const api = await serve(answer)
    const { error } = await send(api.url, { maximumBodyBytes: 1000 })
    expect(error!.message).toContain('sent more than 1000 bytes. Ask for smaller pages, or raise maximumBodyBytes.')
    expect(api.requests).toHaveLength(1)
  })

  it('notices its own secret in a body [http.redact.echo]', async () => {
    const api = await serve(status(200, `["${SECRET}"]`), status(200, '["other"]'))
    expect(await send(api.url)).toMatchObject({ echoesSecret: true })
    expect(await send(api.url)).toMatchObject({ echoesSecret: false })
  })
})
