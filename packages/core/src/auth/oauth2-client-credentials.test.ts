import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import type { JsonValue, PageRequest } from '../http/request.ts'
import type { AuthContext } from './auth.ts'
import { type OAuth2ClientCredentialsOptions, oauth2ClientCredentials } from './oauth2-client-credentials.ts'

interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly form: Record<string, string>
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

/** Sends forms as the client does. */
const context: AuthContext = {
  protect: () => {},
  async requestToken({ url, method, headers, data }: PageRequest) {
    const body = new URLSearchParams(data as Record<string, string>)
    const response = await fetch(url, { method, headers, body })
    return { status: response.status, body: (await response.json()) as JsonValue }
  },
}

/** The token request that these options lead to, as it arrives. */
async function asked(options: Partial<OAuth2ClientCredentialsOptions>): Promise<Asked> {
  const received: Asked[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    received.push({ method, url, headers, form: Object.fromEntries(new URLSearchParams(await text(request))) })
    response.end('{"access_token":"T"}')
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accessTokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/oauth/token?tenant=t`
  const auth = oauth2ClientCredentials({ accessTokenUrl, clientId: 'c', clientSecret: 's', ...options })
  await auth.apply({ method: 'GET', url: 'https://a.example/x', params: {}, headers: {} }, context)
  expect(received).toHaveLength(1)
  return received[0]!
}

describe('the token request', () => {
  it('is a form with the client in it [auth.oauth2.client-credentials]', async () => {
    const clientId = 'my client'
    const clientSecret = 'a&b=c:d+é'
    const { headers, ...rest } = await asked({ clientId, clientSecret })
    expect(rest).toEqual({
      method: 'POST',
      url: '/oauth/token?tenant=t',
      form: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
    })
    expect(headers).toMatchObject({
      accept: 'application/json',
      'content-type': expect.stringContaining('application/x-www-form-urlencoded'),
    })
    expect(headers).not.toHaveProperty('authorization')
  })

  it.each([
    ['c', 's', 'c:s'],
    ['my client', 'a:b', 'my+client:a%3Ab'],
    ['é', '%&+', '%C3%A9:%25%26%2B'],
  ])(
    'has client %s in the Authorization header, encoded first [auth.oauth2.client-authentication-basic]',
    async (clientId, clientSecret, expected) => {
      const { headers, form } = await asked({ clientId, clientSecret, clientAuthentication: 'basic' })
      expect(headers.authorization).toBe(`Basic ${Buffer.from(expected).toString('base64')}`)
      expect(form).toEqual({ grant_type: 'client_credentials' })
    },
  )

  it.each<[string, Partial<OAuth2ClientCredentialsOptions>, Record<string, string>]>([
    ['scopes as a list [auth.oauth2.scopes]', { scopes: ['read', 'write'] }, { scope: 'read write' }],
    ['scopes as text [auth.oauth2.scopes]', { scopes: 'read write' }, { scope: 'read write' }],
    [
      'fields of the author, which win [auth.oauth2.request-data]',
      { scopes: 'read', accessTokenRequestData: { audience: 'https://a.example/', scope: 'all', client_id: 'other' } },
      { audience: 'https://a.example/', scope: 'all', client_id: 'other' },
    ],
  ])('has %s', async (_what, options, expected) => {
    const { form } = await asked(options)
    expect(form).toEqual({ grant_type: 'client_credentials', client_id: 'c', client_secret: 's', ...expected })
  })
})

describe('what it says of itself', () => {
  const right = { accessTokenUrl: 'https://login.example/token', clientId: 'c', clientSecret: 's-1' }
  it.each<[string, Partial<OAuth2ClientCredentialsOptions>, string[]]>([
    ['the client secret', {}, ['s-1']],
    ['and what stands in the header', { clientAuthentication: 'basic' }, ['s-1', Buffer.from('c:s-1').toString('base64')]],
    [
      'and further fields by their names',
      { accessTokenRequestData: { password: 'p-1', refresh_token: 'r-1', username: 'u', audience: 'a', api_key: null } },
      ['s-1', 'p-1', 'r-1'],
    ],
  ])('its secrets are %s [auth.secrets]', (_what, options, expected) => {
    expect(oauth2ClientCredentials({ ...right, ...options }).secrets).toEqual(expected)
  })
})
