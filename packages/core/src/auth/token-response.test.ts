import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../http/request.ts'
import { parseTokenResponse } from './token-response.ts'

const parse = (body: JsonValue) => parseTokenResponse(body, 3600, 'The token endpoint')

describe('how long a token lasts', () => {
  it.each<[string, JsonValue, number]>([
    ['a number', 120, 120],
    ['a fraction', 0.5, 0.5],
    ['text', '120', 120],
    ['text with blanks', ' 120 ', 120],
    ['more than a number holds', 12_345_678_901_234_567_890n, Number(12_345_678_901_234_567_890n)],
    ['null', null, 3600],
    ['no number', 'soon', 3600],
    ['empty text', '', 3600],
    ['never', 0, 3600],
    ['never, otherwise', -1, 3600],
    ['an object', { seconds: 5 }, 3600],
    ['a boolean', true, 3600],
  ])('given as %s [auth.oauth2.expires-in]', (_what, expiresIn, expected) => {
    expect(parse({ access_token: 'T', expires_in: expiresIn })).toEqual({ token: 'T', lifetime: expected })
  })

  it('is the default where nothing is said [auth.oauth2.expires-in]', () => {
    expect(parse({ access_token: 'T' })).toEqual({ token: 'T', lifetime: 3600 })
  })
})

describe('the type of a token', () => {
  it.each<JsonValue>(['Bearer', 'bearer', 'BEARER', 'BearerToken', 'JWT', '', null, 7])(
    '%j is sent as Bearer [auth.oauth2.token-type]',
    (kind) => {
      expect(parse({ access_token: 'T', token_type: kind })).toMatchObject({ token: 'T' })
    },
  )

  it.each(['mac', 'MAC', 'DPoP', 'pop'])('%s is refused [auth.oauth2.token-type]', (kind) => {
    expect(() => parse({ access_token: 'hidden', token_type: kind })).toThrow(
      expect.objectContaining({ code: 'TOKEN_INVALID', message: expect.stringContaining(`of the type ${kind.toLowerCase()}`) }),
    )
  })
})

describe('an answer without a token', () => {
  it.each<[string, JsonValue, RegExp]>([
    [
      'other keys',
      { error: 'hidden', error_description: 'hidden' },
      /no access_token; it has the keys error, error_description\./,
    ],
    ['no keys', {}, /it has no keys/],
    ['an empty token', { access_token: '', scope: 'hidden' }, /it has the keys access_token, scope/],
    ['a token of null', { access_token: null }, /no access_token/],
    ['a token that is none', { access_token: { value: 'hidden' } }, /access_token should be text, but is of type object/],
    ['a token with a line break', { access_token: 'hidden\n' }, /access_token has a blank or another character/],
    ['a token with a blank', { access_token: 'hid den' }, /access_token has a blank/],
    ['a token beyond Latin-1', { access_token: 'hidden…' }, /access_token has a blank or another character/],
    ['keys that may be anything', { 'hidden value': 1, ok: 2 }, /the keys …, ok\./],
    ['very many keys', Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`k${index}`, 'hidden'])), /k18, k19, …\./],
    ['a list', ['hidden'], /is a list/],
    ['null', null, /is null/],
    ['text', 'hidden', /is string/],
  ])('%s: an error that shows no value [auth.oauth2.no-token]', (_what, body, message) => {
    const expected = { code: 'TOKEN_INVALID', recovery: 'fix-config', message: expect.stringMatching(message) }
    expect(() => parse(body)).toThrow(expect.objectContaining(expected))
    expect(() => parse(body)).not.toThrow(/hid/)
  })
})
