import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { jwtVerify } from 'jose'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { JsonValue, PageRequest } from '../http/request.ts'
import type { AuthContext } from './auth.ts'
import { type OAuth2JwtOptions, oauth2Jwt } from './oauth2-jwt.ts'

const START = Date.parse('2026-03-01T12:00:00Z')
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = (type: 'pkcs1' | 'pkcs8', key: KeyObject = rsa.privateKey): string => key.export({ type, format: 'pem' }) as string
const encrypted = (type: 'pkcs1' | 'pkcs8', passphrase: string): string =>
  rsa.privateKey.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase }) as string

const servers: Server[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

interface Asked {
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly form: Record<string, string>
}

/** A token endpoint, and what it was asked with these options. */
async function exchange(options: Partial<OAuth2JwtOptions>) {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    asked.push({
      url: authEndpoint,
      headers: request.headers,
      form: Object.fromEntries(new URLSearchParams(await text(request))),
    })
    response.end('{"access_token":"T","expires_in":600}')
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const authEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
  const known: string[] = []
  const knownWhenSent: string[][] = []
  const context: AuthContext = {
    protect: (secret) => void known.push(secret),
    async requestToken({ url, method, headers, data }: PageRequest) {
      knownWhenSent.push([...known])
      const response = await fetch(url, { method, headers, body: new URLSearchParams(data as Record<string, string>) })
      return { status: response.status, body: (await response.json()) as JsonValue }
    },
  }
  const auth = oauth2Jwt({
    clientId: 'robot@a.example',
    privateKey: pem('pkcs8'),
    authEndpoint,
    scopes: ['read', 'write'],
    ...options,
  })
  const apply = () => auth.apply({ method: 'GET', url: 'https://a.example/x', params: {}, headers: {} }, context)
  const sent = await apply()
  return { asked, authEndpoint, known, knownWhenSent, apply, sent }
}

const verified = ({ url, form }: Asked) =>
  jwtVerify(form.assertion!, rsa.publicKey, { algorithms: ['RS256'], issuer: 'robot@a.example', audience: url })

describe('the assertion', () => {
  it('is signed with RS256, and says who asks whom, for what and until when [auth.oauth2.jwt]', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: START })
    const { asked, authEndpoint, sent } = await exchange({})
    expect(Object.keys(asked[0]!.form)).toEqual(['grant_type', 'assertion'])
    expect(asked[0]!.form.grant_type).toBe(GRANT_TYPE)
    expect(asked[0]!.headers).toMatchObject({
      accept: 'application/json',
      'content-type': expect.stringContaining('application/x-www-form-urlencoded'),
    })
    const { payload, protectedHeader } = await verified(asked[0]!)
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT' })
    expect(payload).toEqual({
      iss: 'robot@a.example',
      sub: 'robot@a.example',
      aud: authEndpoint,
      scope: 'read write',
      iat: START / 1000,
      exp: START / 1000 + 300,
      jti: expect.stringMatching(/^[\da-f-]{36}$/),
    })
    expect(sent.headers).toEqual({ Authorization: 'Bearer T' })
  })

  it.each<[string, Partial<OAuth2JwtOptions>, string | undefined]>([
    ['text', { scopes: 'read write' }, 'read write'],
    ['a list', { scopes: ['read'] }, 'read'],
    ['an empty list', { scopes: [] }, undefined],
  ])('has the scopes as they come: %s [auth.oauth2.scopes]', async (_what, options, expected) => {
    const { asked } = await exchange(options)
    expect((await verified(asked[0]!)).payload.scope).toBe(expected)
  })

  it('is made anew for each token [auth.oauth2.jwt]', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: START })
    const { asked, apply } = await exchange({})
    vi.setSystemTime(START + 540_000)
    await apply()
    const claims = await Promise.all(
      asked.map((one) =>
        verified(one).then(
          ({ payload }) => payload,
          () => null,
        ),
      ),
    )
    // The first one is over by now, the second is not.
    expect(claims).toEqual([null, expect.objectContaining({ iat: START / 1000 + 540 })])
  })

  it('is known as a secret before it is sent [auth.oauth2.protected]', async () => {
    const { asked, known, knownWhenSent } = await exchange({})
    expect(knownWhenSent).toEqual([[asked[0]!.form.assertion]])
    expect(known).toContain('T')
  })

  it('goes with the headers of the author [auth.oauth2.jwt-headers]', async () => {
    const { asked } = await exchange({ headers: { 'X-Tenant': 't' } })
    expect(asked[0]!.headers).toMatchObject({ 'x-tenant': 't', accept: 'application/json' })
  })
})

describe('the key', () => {
  it.each<[string, Partial<OAuth2JwtOptions>]>([
    ['PKCS#8', { privateKey: pem('pkcs8') }],
    ['PKCS#1', { privateKey: pem('pkcs1') }],
    ['PKCS#8 with line breaks as in JSON', { privateKey: pem('pkcs8').replaceAll('\n', '\\n') }],
    ['PKCS#1 with line breaks as in JSON', { privateKey: pem('pkcs1').replaceAll('\n', '\\n') }],
    ['PKCS#8 with line breaks of Windows and blanks around', { privateKey: `\r\n  ${pem('pkcs8').replaceAll('\n', '\r\n')}  ` }],
    ['PKCS#8, encrypted', { privateKey: encrypted('pkcs8', 'open sesame'), privateKeyPassphrase: 'open sesame' }],
    ['PKCS#1, encrypted', { privateKey: encrypted('pkcs1', 'open sesame'), privateKeyPassphrase: 'open sesame' }],
  ])('is taken as %s [auth.oauth2.jwt-key]', async (_what, options) => {
    const { asked } = await exchange(options)
    expect((await verified(asked[0]!)).protectedHeader.alg).toBe('RS256')
  })

  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const cut = pem('pkcs8').split('\n').toSpliced(3, 5).join('\n')
  it.each<[string, Partial<OAuth2JwtOptions>, RegExp]>([
    ['no PEM', { privateKey: 'hidden' }, /is not a private key in PEM, which begins with -----BEGIN PRIVATE KEY-----/],
    ['a public key', { privateKey: rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string }, /is not a private key/],
    ['one that lacks lines', { privateKey: cut }, /cannot be read\. Check that all its lines are there/],
    ['an elliptic curve', { privateKey: pem('pkcs8', ec.privateKey) }, /should be an RSA key, for RS256, but is of type ec/],
    ['a short one', { privateKey: pem('pkcs8', short.privateKey) }, /has 1024 bits; RS256 needs 2048 or more/],
    ['PKCS#8 without its passphrase', { privateKey: encrypted('pkcs8', 'hidden') }, /is encrypted\. Give privateKeyPassphrase/],
    ['PKCS#1 without its passphrase', { privateKey: encrypted('pkcs1', 'hidden') }, /is encrypted\. Give privateKeyPassphrase/],
    [
      'one with a wrong passphrase',
      { privateKey: encrypted('pkcs8', 'hidden'), privateKeyPassphrase: 'hidden too' },
      /cannot be read with this privateKeyPassphrase/,
    ],
  ])('is refused when it is %s [auth.oauth2.jwt-key-invalid]', (_what, options, message) => {
    const make = () =>
      oauth2Jwt({ clientId: 'c', authEndpoint: 'https://login.example/token', privateKey: '', scopes: '', ...options })
    expect(make).toThrow(
      expect.objectContaining({ code: 'AUTH_INVALID', recovery: 'fix-config', message: expect.stringMatching(message) }),
    )
    expect(make).not.toThrow(/hidden|MII/)
  })

  it('and its passphrase are secrets, as they were given and as they are read [auth.secrets]', () => {
    const privateKey = encrypted('pkcs8', 'open sesame')
    const { secrets } = oauth2Jwt({
      clientId: 'c',
      authEndpoint: 'https://login.example/token',
      privateKey: privateKey.replaceAll('\n', '\\n'),
      privateKeyPassphrase: 'open sesame',
      scopes: 'read',
      headers: { 'X-Api-Key': 'k-1', 'X-Tenant': 't' },
    })
    expect(secrets).toEqual([privateKey.replaceAll('\n', '\\n'), privateKey.trim(), 'open sesame', 'k-1'])
  })
})
