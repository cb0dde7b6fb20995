import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../http/request.ts'
import { sealUrl, sealValue, unsealUrl, unsealValue } from './seal.ts'

describe('a sealed value', () => {
  it('has the number of each secret in its place', () => {
    const secrets = ['first-secret', 'second-secret']
    const sealed = sealValue({ a: ['second-secret', 'x first-secret y'], b: 1 }, secrets)
    expect(JSON.stringify(sealed)).not.toContain('secret')
    expect(unsealValue(sealed, ['1st', '2nd'])).toEqual({ a: ['2nd', 'x 1st y'], b: 1 })
  })

  it.each<[string, string[], JsonValue]>([
    ['is the beginning of another', ['secret', 'secret-long'], ['secret', 'secret-long', 'secret-longer']],
    ['is a number of ours', ['1', '0'], ['0', '1', 'a 1 0']],
    ['holds what means something in a pattern', ['a.b*(c|d)+[e]^$'], ['a.b*(c|d)+[e]^$']],
    ['is empty', ['', 'secret'], ['secret', '']],
  ])('comes back where a secret %s', (_what, secrets, value) => {
    expect(unsealValue(sealValue(value, secrets), secrets)).toEqual(value)
  })

  it('takes a secret as a whole where another one is its beginning', () => {
    const sealed = sealValue(['secret', 'secret-long'], ['secret', 'secret-long'])
    expect(unsealValue(sealed, ['x', 'y'])).toEqual(['x', 'y'])
  })

  it('leaves short secrets alone inside of words, so that a new one does not change them', () => {
    expect(unsealUrl(sealUrl('https://demo.example/ademo?key=demo', ['ademo', 'a']), ['b', 'c'])).toBe(
      'https://demo.example/b?key=demo',
    )
    expect(unsealValue(sealValue('a banana', ['a']), ['b'])).toBe('b banana')
  })

  it('leaves the number of a secret that there is no more', () => {
    const sealed = sealValue('x first-secret', ['first-secret'])
    expect(unsealValue(sealed, [])).toBe(sealed)
  })

  it('comes back, whatever the text and the secrets', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '0', '1', '%', '/', '-', 'secret-') })
    fc.assert(
      fc.property(fc.uniqueArray(text, { maxLength: 4 }), text, (secrets, value) => {
        expect(unsealValue(sealValue(value, secrets), secrets)).toBe(value)
      }),
    )
  })

  it('of a URL holds no secret, however each of its characters is encoded', () => {
    const secretText = fc.string({ unit: 'binary', minLength: 8 })
    fc.assert(
      fc.property(secretText, fc.array(fc.boolean(), { minLength: 8 }), (secret, choices) => {
        const encoded = [...secret]
          .map((character, index) => (choices[index % choices.length] ? everyByte(character) : encodeURIComponent(character)))
          .join('')
        const sealed = sealUrl(`https://a.example/x?key=${encoded}&page=2`, [secret])
        expect(sealed).toMatch(/^https:\/\/a\.example\/x\?key=[^&]{3}&page=2$/)
        expect(new URL(unsealUrl(sealed, [secret])).searchParams.get('key')).toBe(secret)
      }),
    )
  })
})

const everyByte = (character: string): string =>
  [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
