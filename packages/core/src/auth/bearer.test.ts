import { describe, expect, it } from 'vitest'
import type { AuthContext } from './auth.ts'
import { bearerAuth } from './bearer.ts'

const context: AuthContext = { requestToken: () => Promise.reject(new Error('no network')), protect: () => {} }

describe('bearerAuth', () => {
  it('sends the token behind the word Bearer, whatever stood there [auth.bearer]', () => {
    const request = {
      method: 'GET',
      url: 'https://a.example/x',
      params: { page: 1 },
      headers: { authorization: 'old', 'X-Own': 'o' },
    } as const
    expect(bearerAuth({ token: 'a.b-c/d+e==' }).apply(request, context)).toEqual({
      ...request,
      headers: { 'X-Own': 'o', Authorization: 'Bearer a.b-c/d+e==' },
    })
  })

  it('has nothing to renew, and a secret [auth.secrets]', () => {
    const auth = bearerAuth({ token: 'T-1' })
    expect(auth.secrets).toEqual(['T-1'])
    expect(auth.refresh).toBeUndefined()
  })
})
