import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { TributaryError } from '../errors.ts'
import type { JsonValue, PageRequest } from '../http/request.ts'
import type { Auth, AuthContext } from './auth.ts'
import { oauth2ClientCredentials } from './oauth2-client-credentials.ts'

const START = Date.parse('2026-03-01T12:00:00Z')

const servers: Server[] = []
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START }))
afterEach(() => {
  vi.useRealTimers()
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

type Answer = JsonValue | { readonly fails: number } | 'held'

/** A token endpoint that gives its answers in turn, the last of them again and again; `{n}` becomes the number of the request. */
async function tokenEndpoint(...answers: Answer[]) {
  const held: (() => void)[] = []
  const endpoint = { url: '', requests: 0, release: () => held.splice(0).forEach((go) => void go()) }
  const origin = await listen((_request, response) => {
    const number = ++endpoint.requests
    const answer = answers[Math.min(number, answers.length) - 1] as Answer
    const failure = typeof answer === 'object' && answer !== null && 'fails' in answer ? Number(answer.fails) : undefined
    const body = answer === 'held' ? { access_token: `T${number}` } : answer
    const go = () =>
      failure === undefined
        ? response.end(JSON.stringify(body).replaceAll('{n}', String(number)))
        : response.writeHead(failure).end('no')
    if (answer === 'held') held.push(go)
    else go()
  })
  endpoint.url = `${origin}/token?key=hidden-in-query`
  return endpoint
}

/** What the client gives to auth, with one run's signal. */
function run(signal?: AbortSignal) {
  const known = new Set<string>()
  const context: AuthContext = {
    protect: (secret) => void known.add(secret),
    async requestToken({ url, method, headers }) {
      const response = await fetch(url, { method, headers, ...(signal !== undefined && { signal }) }).catch((error: unknown) => {
        signal?.throwIfAborted()
        throw new TributaryError({ code: 'NETWORK', recovery: 'retry', message: 'POST failed 4 times: cut.', cause: error })
      })
      if (response.ok) return { status: response.status, body: (await response.json()) as JsonValue }
      const recovery = response.status >= 500 ? 'retry' : 'fix-config'
      throw new TributaryError({ code: 'HTTP_ERROR', recovery, message: `POST answered ${response.status}.` })
    },
  }
  return { context, known }
}

const authOf = (accessTokenUrl: string, defaultTokenExpiration = 3600): Auth =>
  oauth2ClientCredentials({ accessTokenUrl, clientId: 'c', clientSecret: 'hidden-secret', defaultTokenExpiration })

const request: PageRequest = { method: 'GET', url: 'https://a.example/x', params: { page: 1 }, headers: { 'X-Own': 'o' } }
const sent = async (auth: Auth, context: AuthContext): Promise<string> =>
  (await auth.apply(request, context)).headers.Authorization!
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await settled()
}

describe('one token for all', () => {
  it('is asked for once by many that need it at the same time [auth.oauth2.shared]', async () => {
    const endpoint = await tokenEndpoint({ access_token: 'T{n}', expires_in: 60 })
    const { context } = run()
    const auth = authOf(endpoint.url)
    expect(endpoint.requests).toBe(0)
    expect(new Set(await Promise.all(times(20, () => sent(auth, context))))).toEqual(new Set(['Bearer T1']))
    expect(await sent(auth, context)).toBe('Bearer T1')
    expect(endpoint.requests).toBe(1)
  })

  it('stands in the Authorization header, and all else is as it was [auth.oauth2.sent]', async () => {
    const endpoint = await tokenEndpoint({ access_token: 'T{n}', token_type: 'bearer' })
    expect(
      await authOf(endpoint.url).apply({ ...request, headers: { 'X-Own': 'o', authorization: 'old' } }, run().context),
    ).toEqual({
      ...request,
      headers: { 'X-Own': 'o', Authorization: 'Bearer T1' },
    })
  })

  it('is known as a secret before it is sent, in each run that sends it [auth.oauth2.protected]', async () => {
    const endpoint = await tokenEndpoint({ access_token: 'T{n}' })
    const [first, second] = [run(), run()]
    const auth = authOf(endpoint.url)
    for (const { context, known } of [first, second]) {
      expect(known).toEqual(new Set())
      await sent(auth, context)
      expect(known).toEqual(new Set(['T1']))
    }
    expect(endpoint.requests).toBe(1)
  })

  it('is known as a secret as soon as it is renewed [auth.oauth2.protected]', async () => {
    const endpoint = await tokenEndpoint({ access_token: 'T{n}' })
    const { context, known } = run()
    const auth = authOf(endpoint.url)
    await auth.refresh!(await auth.apply(request, context), context)
    expect(known).toEqual(new Set(['T1', 'T2']))
  })

  it.each<[string, Answer, string]>([
    ['a refusal', { fails: 401 }, 'TOKEN_REQUEST_FAILED'],
    ['an answer without a token', {}, 'TOKEN_INVALID'],
  ])('fails for all who wait, and is then asked for anew: %s [auth.oauth2.failure-not-kept]', async (_what, answer, code) => {
    const endpoint = await tokenEndpoint(answer, { access_token: 'T{n}' })
    const { context } = run()
    const auth = authOf(endpoint.url)
    const results = await Promise.allSettled(times(5, () => sent(auth, context)))
    expect(results).toEqual(times(5, () => ({ status: 'rejected', reason: expect.objectContaining({ code }) })))
    expect(endpoint.requests).toBe(1)
    expect(await sent(auth, context)).toBe('Bearer T2')
  })

  it.each([
    ['by its signal', new Error('stopped')],
    [
      'as its client is closed',
      new TributaryError({ code: 'CLIENT_CLOSED', recovery: 'report', message: 'The client is closed.' }),
    ],
  ])('is asked for anew by the others when the run that asked is stopped %s [auth.oauth2.stopped]', async (_how, reason) => {
    const endpoint = await tokenEndpoint('held', { access_token: 'T{n}' })
    const stop = new AbortController()
    const auth = authOf(endpoint.url)
    const stopped = sent(auth, run(stop.signal).context)
    const others = times(3, () => sent(auth, run().context))
    await until(() => endpoint.requests === 1)
    stop.abort(reason)
    await expect(stopped).rejects.toBe(reason)
    expect(await Promise.all(others)).toEqual(times(3, () => 'Bearer T2'))
    expect(endpoint.requests).toBe(2)
  })
})

describe('before a token expires', () => {
  it.each<[string, JsonValue, number]>([
    ['a minute before its hour is over', { expires_in: 3600 }, 3540],
    ['a minute before its hour is over, given as text', { expires_in: '3600' }, 3540],
    ['a tenth of a short life before its end', { expires_in: 10 }, 9],
    ['as the default says where the answer does not', {}, 1800 - 60],
  ])('it is renewed: %s [auth.oauth2.renewed-before-expiry]', async (_when, answer, seconds) => {
    const endpoint = await tokenEndpoint({ access_token: 'T{n}', ...(answer as object) })
    const { context, known } = run()
    const auth = authOf(endpoint.url, 1800)
    expect(await sent(auth, context)).toBe('Bearer T1')
    vi.setSystemTime(START + seconds * 1000 - 1)
    expect(await sent(auth, context)).toBe('Bearer T1')
    vi.setSystemTime(START + seconds * 1000)
    expect(await Promise.all(times(5, () => sent(auth, context)))).toEqual(times(5, () => 'Bearer T2'))
    expect(endpoint.requests).toBe(2)
    expect(known).toEqual(new Set(['T1', 'T2']))
  })

  it('its life counts from the request, not from the answer [auth.oauth2.renewed-before-expiry]', async () => {
    const endpoint = await tokenEndpoint('held', { access_token: 'T{n}' })
    const { context } = run()
    const auth = authOf(endpoint.url, 100)
    const first = sent(auth, context)
    await until(() => endpoint.requests === 1)
    vi.setSystemTime(START + 60_000)
    endpoint.release()
    expect(await first).toBe('Bearer T1')
    vi.setSystemTime(START + 90_000)
    expect(await sent(auth, context)).toBe('Bearer T2')
  })
})

describe('after a 401', () => {
  it.each([
    ['a new token each time', 'T{n}', 'Bearer T2'],
    ['the same token again', 'T', 'Bearer T'],
  ])(
    'of many refused with the same token only the first renews it: %s [auth.oauth2.refresh-once]',
    async (_what, token, expected) => {
      const endpoint = await tokenEndpoint({ access_token: token })
      const { context } = run()
      const auth = authOf(endpoint.url)
      const refused = await Promise.all(times(6, () => auth.apply(request, context)))
      const [late, ...early] = refused
      expect(await Promise.all(early.map((one) => auth.refresh!(one, context)))).toEqual(times(5, () => true))
      expect(await auth.refresh!(late!, context)).toBe(true)
      expect(endpoint.requests).toBe(2)
      expect(await sent(auth, context)).toBe(expected)
      expect(endpoint.requests).toBe(2)
    },
  )

  it.each([
    ['the current token', 'Bearer T1', 2],
    ['an older one', 'Bearer T0', 1],
  ])('a copy of the refused request tells as well: %s [auth.oauth2.refresh-once]', async (_what, authorization, requests) => {
    const endpoint = await tokenEndpoint({ access_token: 'T{n}' })
    const { context } = run()
    const auth = authOf(endpoint.url)
    await sent(auth, context)
    expect(await auth.refresh!({ ...request, headers: { authorization } }, context)).toBe(true)
    expect(endpoint.requests).toBe(requests)
  })

  it('who comes meanwhile waits for the new token [auth.oauth2.refresh-once]', async () => {
    const endpoint = await tokenEndpoint({ access_token: 'T{n}' }, 'held')
    const { context } = run()
    const auth = authOf(endpoint.url)
    const refreshed = auth.refresh!(await auth.apply(request, context), context)
    await until(() => endpoint.requests === 2)
    const waiting = sent(auth, context)
    await settled()
    endpoint.release()
    expect([await refreshed, await waiting]).toEqual([true, 'Bearer T2'])
    expect(endpoint.requests).toBe(2)
  })

  it('a renewal that fails is an error for all, and not kept [auth.oauth2.failure-not-kept]', async () => {
    const endpoint = await tokenEndpoint({ access_token: 'T{n}' }, { fails: 503 }, { access_token: 'T{n}' })
    const { context } = run()
    const auth = authOf(endpoint.url)
    const refused = await Promise.all(times(2, () => auth.apply(request, context)))
    const results = await Promise.allSettled(refused.map((one) => auth.refresh!(one, context)))
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await auth.refresh!(refused[0]!, context)).toBe(true)
    expect(endpoint.requests).toBe(2)
    expect(await sent(auth, context)).toBe('Bearer T3')
  })

  it('an API that forgets its tokens is read to the end, with one token for each time [auth.oauth2.refresh-once]', async () => {
    const endpoint = await tokenEndpoint({ access_token: 'T{n}' })
    // It knows the newest token only, and forgets that after every tenth answer.
    let answered = 0
    let forgotten = 0
    const api = await listen(({ headers }, response) => {
      const number = Number(/^Bearer T(\d+)$/.exec(headers.authorization ?? '')?.[1])
      if (number <= forgotten) return void response.writeHead(401).end()
      if (++answered % 10 === 0) forgotten = number
      response.end('ok')
    })
    const { context } = run()
    const auth = authOf(endpoint.url)
    const read = async (): Promise<void> => {
      for (;;) {
        const authenticated = await auth.apply(request, context)
        const { status } = await fetch(api, { headers: authenticated.headers })
        if (status !== 401) return
        await auth.refresh!(authenticated, context)
      }
    }
    await Promise.all(
      times(4, async () => {
        for (let page = 0; page < 25; page++) await read()
      }),
    )
    expect(answered).toBe(100)
    expect(endpoint.requests).toBe(10)
  })
})

describe('an error of the token endpoint', () => {
  it.each<[string, Answer, string, RegExp]>([
    [
      'a refusal',
      { fails: 401 },
      'fix-config',
      /gave no token\. Check clientId, clientSecret and accessTokenUrl\. POST answered 401\.$/,
    ],
    ['a failure', { fails: 503 }, 'retry', /gave no token\. Check accessTokenUrl\. POST answered 503\.$/],
    ['no token', { error: 'hidden' }, 'fix-config', /answered, but without a token .* the keys error\. Check that/],
  ])('says that it is of that, and what to check: %s [auth.oauth2.error]', async (_what, answer, recovery, message) => {
    const endpoint = await tokenEndpoint(answer)
    const error = (await sent(authOf(endpoint.url), run().context).catch((thrown: unknown) => thrown)) as Error
    expect(error).toMatchObject({ recovery, message: expect.stringMatching(message) })
    expect(error.message).toContain(`OAuth 2 client credentials: the token endpoint ${endpoint.url.split('?', 1)[0]} `)
    expect(error.message).not.toMatch(/hidden|\?/)
  })
})
