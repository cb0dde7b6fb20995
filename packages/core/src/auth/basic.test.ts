import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PageRequest } from '../http/request.ts'
import type { AuthContext } from './auth.ts'
import { basicAuth } from './basic.ts'

const context: AuthContext = { requestToken: () => Promise.reject(new Error('no network')), protect: () => {} }
const request: PageRequest = { method: 'GET', url: 'https://a.example/x', params: {}, headers: { authorization: 'old' } }

const sent = (username: string, password: string) =>
  (basicAuth({ username, password }).apply(request, context) as PageRequest).headers

describe('basicAuth', () => {
  // The first two are the examples of RFC 7617 §2 and §2.1.
  it.each([
    ['Aladdin', 'open sesame', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    ['test', '123£', 'Basic dGVzdDoxMjPCow=='],
    ['key', '', 'Basic a2V5Og=='],
    ['u', 'p:q', 'Basic dTpwOnE='],
  ])('%s and %j are %s [auth.basic]', (username, password, expected) => {
    expect(sent(username, password)).toEqual({ Authorization: expected })
  })

  it('keeps any user name and password apart [auth.basic]', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => value.trim() !== '' && !/\p{Cc}/u.test(value))
    fc.assert(
      fc.property(
        text.filter((value) => !value.includes(':')),
        text,
        (username, password) => {
          const decoded = Buffer.from(sent(username, password).Authorization!.slice('Basic '.length), 'base64').toString('utf8')
          expect([decoded.slice(0, decoded.indexOf(':')), decoded.slice(decoded.indexOf(':') + 1)]).toEqual([username, password])
        },
      ),
    )
  })

  it.each([
    ['the password', 'someone', 'p-1', 'p-1'],
    ['the user name where there is no password', 'api-key', '', 'api-key'],
    ['the user name where the password is but a letter', 'api-key', 'X', 'api-key'],
  ])('has two secrets: what is sent, and %s [auth.secrets]', (_what, username, password, secret) => {
    const credentials = sent(username, password).Authorization!.slice('Basic '.length)
    expect(basicAuth({ username, password }).secrets).toEqual([credentials, secret])
  })
})
