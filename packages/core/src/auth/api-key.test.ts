import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PageRequest } from '../http/request.ts'
import { requestUrl } from '../http/url.ts'
import { type ApiKeyOptions, apiKeyAuth } from './api-key.ts'
import type { AuthContext } from './auth.ts'

const context: AuthContext = { requestToken: () => Promise.reject(new Error('no network')), protect: () => {} }
const base: PageRequest = { method: 'GET', url: 'https://a.example/x', params: {}, headers: {} }

const applied = (options: ApiKeyOptions, request: Partial<PageRequest> = {}) =>
  apiKeyAuth(options).apply({ ...base, ...request }, context) as PageRequest

const cookieOf = (value: string, headers: Record<string, string> = {}) =>
  applied({ name: 'key', value, in: 'cookie' }, { headers }).headers

describe('where the key goes', () => {
  it.each<[string, ApiKeyOptions, Partial<PageRequest>, Partial<PageRequest>]>([
    ['the Authorization header [auth.api-key.default]', { value: 'Token k' }, {}, { headers: { Authorization: 'Token k' } }],
    [
      'a header of another name [auth.api-key.header]',
      { name: 'X-Key', value: 'k' },
      { headers: { 'X-Own': 'o' } },
      { headers: { 'X-Own': 'o', 'X-Key': 'k' } },
    ],
    [
      'a header instead of one that the author wrote in another case [auth.api-key.header]',
      { name: 'X-Key', value: 'k' },
      { headers: { 'x-key': 'old', 'X-KEY': 'older' } },
      { headers: { 'X-Key': 'k' } },
    ],
    [
      'the query, over a parameter of its name [auth.api-key.query]',
      { name: 'key', value: 'k&', in: 'query' },
      { params: { page: 2, key: 'old' } },
      { params: { page: 2, key: 'k&' } },
    ],
    ['a cookie [auth.api-key.cookie]', { name: 'key', value: 'k', in: 'cookie' }, {}, { headers: { Cookie: 'key=k' } }],
  ])('%s', (_what, options, request, expected) => {
    expect(applied(options, request)).toEqual({ ...base, ...request, ...expected })
  })

  it('is the query of a next link that lacks it, and of one that has it, once [auth.api-key.every-page]', () => {
    const urls = ['https://a.example/x?page=2', 'https://a.example/x?key=stale&page=3']
    const sent = urls.map((url) => requestUrl(applied({ name: 'key', value: 'k', in: 'query' }, { url })).search)
    expect(sent).toEqual(['?page=2&key=k', '?page=3&key=k'])
  })
})

describe('a cookie', () => {
  it.each<[string, Record<string, string>, string]>([
    ['beside the others', { Cookie: 'a=1; b=2' }, 'a=1; b=2; key=k'],
    ['whatever the case of the header', { cookie: 'a=1', COOKIE: 'b=2' }, 'a=1; b=2; key=k'],
    ['instead of one of its name', { Cookie: 'a=1; key=old; KEY=other' }, 'a=1; KEY=other; key=k'],
    ['without what is empty', { Cookie: ' a=1;; ' }, 'a=1; key=k'],
  ])('stands %s [auth.api-key.cookie-merge]', (_how, headers, expected) => {
    expect(cookieOf('k', headers)).toEqual({ Cookie: expected })
  })

  it.each([
    ['abc-123._~', 'abc-123._~'],
    ['YWJj+/8=', 'YWJj+/8='],
    ['a%20b', 'a%20b'],
    ['a;b', 'a%3Bb'],
    ['a, "b" \\', 'a%2C%20%22b%22%20%5C'],
    ['clé', 'cl%C3%A9'],
  ])('with the value %j is sent as %s [auth.api-key.cookie-encoding]', (value, expected) => {
    expect(cookieOf(value)).toEqual({ Cookie: `key=${expected}` })
  })

  it('holds any value, in the characters of RFC 6265, and leaves the others alone [auth.api-key.cookie-encoding]', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => value.trim() !== '' && !/\p{Cc}/u.test(value))
    fc.assert(
      fc.property(text, (value) => {
        const [other, own] = cookieOf(value, { Cookie: 'a=1' }).Cookie!.split('; ')
        const sent = own!.slice('key='.length)
        expect(other).toBe('a=1')
        expect(sent).toMatch(/^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/)
        expect(sent === value ? sent : decodeURIComponent(sent)).toBe(value)
      }),
    )
  })

  it('arrives [auth.api-key.cookie]', async () => {
    const server = createServer((_request, response) => response.end())
    server.listen(0, '127.0.0.1')
    const arrived = once(server, 'request') as Promise<[IncomingMessage]>
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await fetch(url, { headers: cookieOf('a;b', { cookie: 'c=1' }) })
    expect((await arrived)[0].headers.cookie).toBe('c=1; key=a%3Bb')
    server.close().closeAllConnections()
  })
})

describe('what it says of itself', () => {
  it('the key is a secret [auth.secrets]', () => {
    expect(apiKeyAuth({ value: 'Token k-1' }).secrets).toEqual(['Token k-1'])
  })
})
