import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isTributaryError } from '../errors.ts'
import { apiKeyAuth } from './api-key.ts'
import type { Auth } from './auth.ts'
import { basicAuth } from './basic.ts'
import { bearerAuth } from './bearer.ts'
import { oauth2ClientCredentials } from './oauth2-client-credentials.ts'
import { oauth2Jwt } from './oauth2-jwt.ts'

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})

/** Each kind with options that are right, one of which is then made wrong. */
const KINDS = {
  bearer: { make: bearerAuth, right: { token: 'T' } },
  'api key': { make: apiKeyAuth, right: { value: 'K' } },
  'key in a query': { make: apiKeyAuth, right: { value: 'K', name: 'key', in: 'query' } },
  'key in a cookie': { make: apiKeyAuth, right: { value: 'K', name: 'key', in: 'cookie' } },
  basic: { make: basicAuth, right: { username: 'u', password: 'p' } },
  'client credentials': {
    make: oauth2ClientCredentials,
    right: { accessTokenUrl: 'https://login.example/token', clientId: 'c', clientSecret: 's' },
  },
  jwt: { make: oauth2Jwt, right: { authEndpoint: 'https://login.example/token', clientId: 'c', privateKey, scopes: 'read' } },
}
type Kind = keyof typeof KINDS

const made = (kind: Kind, wrong: object): Auth => {
  const { make, right } = KINDS[kind] as { make: (options: never) => Auth; right: object }
  return make({ ...right, ...wrong } as never)
}

function refusal(kind: Kind, wrong: object): string {
  try {
    made(kind, wrong)
  } catch (error) {
    if (isTributaryError(error)) return `${error.code} ${error.recovery} ${error.message}`
  }
  return 'not refused'
}

describe('what is refused when it is made', () => {
  it.each<[Kind, object, RegExp]>([
    ['bearer', { token: '' }, /Bearer auth: token is empty/],
    ['bearer', { token: ' \n' }, /token is empty/],
    ['bearer', { token: undefined }, /token is missing/],
    ['bearer', { token: 7 }, /token is text, but is of type number/],
    ['api key', { value: '' }, /API key auth: value is empty/],
    ['api key', { name: '' }, /name is empty/],
    ['key in a query', { value: '' }, /value is empty/],
    ['basic', { username: '' }, /HTTP basic auth: username is empty/],
    ['basic', { password: undefined }, /password is missing/],
    ['client credentials', { clientId: '' }, /OAuth 2 client credentials: clientId is empty/],
    ['client credentials', { clientSecret: '' }, /clientSecret is empty/],
    ['jwt', { clientId: '' }, /OAuth 2 JWT: clientId is empty/],
    ['jwt', { privateKey: '' }, /privateKey is missing or empty/],
  ])('%s %j: nothing where a value should be [auth.invalid.empty]', (kind, wrong, message) => {
    expect(refusal(kind, wrong)).toMatch(/^AUTH_INVALID fix-config /)
    expect(refusal(kind, wrong)).toMatch(message)
  })

  it.each<[Kind, object, RegExp]>([
    ['bearer', { token: 'hidden\n' }, /token ends with a line break/],
    ['bearer', { token: 'hidden\r\n ' }, /token ends with a line break/],
    ['bearer', { token: 'hid\nden' }, /control character .* at position 4/],
    ['bearer', { token: ' hidden' }, /begins or ends with a blank/],
    ['bearer', { token: 'hidden…' }, /position 7 that a header cannot carry/],
    ['bearer', { token: '\uFEFFhidden' }, /begins or ends with a blank/],
    ['bearer', { token: 'Bearer hidden' }, /begins with the word Bearer/],
    ['api key', { value: 'hidden\n' }, /value ends with a line break/],
    ['key in a query', { value: 'hidden\n' }, /value ends with a line break/],
    ['key in a cookie', { value: 'hid\0den' }, /control character .* at position 4/],
    ['key in a cookie', { value: 'hidden\ud800' }, /at position 7/],
    ['basic', { password: 'hidden\n' }, /password ends with a line break/],
    ['basic', { username: 'hidden:secret' }, /username has a colon/],
    ['client credentials', { clientSecret: 'hidden\n' }, /clientSecret ends with a line break/],
    ['jwt', { headers: { 'X-Key': 'hidden\n' } }, /headers\.X-Key ends with a line break/],
  ])('%s %j: what cannot be sent, without showing it [auth.invalid.characters]', (kind, wrong, message) => {
    expect(refusal(kind, wrong)).toMatch(/^AUTH_INVALID fix-config /)
    expect(refusal(kind, wrong)).toMatch(message)
    expect(refusal(kind, wrong)).not.toMatch(/hid/)
  })

  it.each<[Kind, object, RegExp]>([
    ['api key', { name: 'X Key' }, /name has characters that the name of a header or cookie cannot have/],
    ['key in a cookie', { name: 'a=b' }, /name has characters/],
    ['api key', { in: 'body' }, /in is one of header, query, cookie, but is "body"/],
    ['client credentials', { clientAuthentication: 'header' }, /clientAuthentication is one of body, basic, but is "header"/],
    ['client credentials', { defaultTokenExpiration: 0 }, /defaultTokenExpiration is a number of seconds, more than 0, but is 0/],
    ['jwt', { defaultTokenExpiration: '60' }, /seconds, more than 0, but is string/],
    ['jwt', { headers: { 'X Key': 'v' } }, /headers has characters/],
  ])('%s %j: what is not one of the choices [auth.invalid.choice]', (kind, wrong, message) => {
    expect(refusal(kind, wrong)).toMatch(/^AUTH_INVALID fix-config /)
    expect(refusal(kind, wrong)).toMatch(message)
  })

  it.each(['/token', 'login.example/token', 'ftp://login.example/token', 'https://u:hidden@login.example/token'])(
    'the token endpoint %s [auth.invalid.url]',
    (url) => {
      const refusals = [refusal('client credentials', { accessTokenUrl: url }), refusal('jwt', { authEndpoint: url })]
      expect(refusals[0]).toMatch(/^AUTH_INVALID fix-config .*accessTokenUrl should be an absolute http or https URL/)
      expect(refusals[1]).toMatch(/^AUTH_INVALID fix-config .*authEndpoint should be an absolute http or https URL/)
      expect(refusals.join()).not.toContain('hidden')
    },
  )
})

describe('origins that are trusted too', () => {
  it.each(Object.keys(KINDS) as Kind[])('%s takes them, and has none by itself [auth.origins]', (kind) => {
    const origins = ['https://files.example', 'http://localhost:8080/']
    expect(made(kind, { origins }).origins).toEqual(['https://files.example', 'http://localhost:8080'])
    expect(made(kind, {})).not.toHaveProperty('origins')
  })

  it.each(['files.example', '*', 'https://files.example/tenant', 'https://files.example?a=1', 'https://files.example/#a'])(
    'are not %s [auth.origins.invalid]',
    (origin) => {
      for (const kind of Object.keys(KINDS) as Kind[]) {
        expect(refusal(kind, { origins: ['https://ok.example', origin] })).toMatch(/^AUTH_INVALID fix-config .*origins\[1\]/)
      }
    },
  )
})
