import { describe, expect, it } from 'vitest'
import { type AuthFactory, authFactory, BUILT_IN_AUTHS, registerAuth } from './registry.ts'

const factory: AuthFactory = ({ code }) => ({
  apply: (request) => ({ ...request, headers: { ...request.headers, 'X-Code': String(code) } }),
})

describe('auth of an author, by name', () => {
  it('is what was registered, and made from what the file says [auth.custom]', () => {
    registerAuth('door_code', factory)
    const request = { method: 'GET', url: 'https://a.example', params: {}, headers: {} } as const
    const context = { requestToken: () => Promise.reject(new Error('no network')), protect: () => {} }
    expect(authFactory('door_code')({ code: 7 }).apply(request, context)).toEqual({ ...request, headers: { 'X-Code': '7' } })
  })

  it('may be registered anew [auth.custom]', () => {
    const later: AuthFactory = (options) => factory(options)
    registerAuth('knock_code', factory)
    registerAuth('knock_code', later)
    expect(authFactory('knock_code')).toBe(later)
  })

  it.each(BUILT_IN_AUTHS)('does not replace %s [auth.custom.built-in]', (name) => {
    expect(() => registerAuth(name, factory)).toThrow(
      expect.objectContaining({ code: 'AUTH_INVALID', message: expect.stringContaining(`${name} is built in`) }),
    )
  })

  it.each(['', 'two words', '7', 'a/b'])('is not called %j [auth.custom.name]', (name) => {
    expect(() => registerAuth(name, factory)).toThrow(
      expect.objectContaining({ code: 'AUTH_INVALID', message: expect.stringContaining('letters, digits') }),
    )
  })

  it('is made by a function [auth.custom.name]', () => {
    expect(() => registerAuth('no_function', {} as never)).toThrow(expect.objectContaining({ code: 'AUTH_INVALID' }))
  })
})

describe('a name that nobody registered', () => {
  it.each([
    ['bearr', 'bearer'],
    ['OAUTH2_JWT', 'oauth2_jwt'],
    ['window_cod', 'window_code'],
  ])('%s: did you mean %s? [auth.custom.unknown]', (name, near) => {
    registerAuth('window_code', factory)
    expect(() => authFactory(name)).toThrow(
      expect.objectContaining({
        code: 'AUTH_UNKNOWN',
        recovery: 'fix-config',
        message: expect.stringContaining(`${JSON.stringify(name)}; did you mean ${near}?`),
      }),
    )
  })

  it('and that is like none is told which there are [auth.custom.unknown]', () => {
    registerAuth('window_code', factory)
    expect(() => authFactory('constructor')).toThrow(/"constructor" There are bearer, api_key, .*window_code/)
  })
})
