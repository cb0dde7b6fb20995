import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor } from './redact.ts'

const SECRET = 's3cr3t/+ key"é'
const redactor = createRedactor([SECRET, '', 'k1'])

/** As JSON may have any character. */
const unicodeEscaped = (text: string): string =>
  [...text].map((character) => String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')

describe('text', () => {
  it.each([
    ['as it is', SECRET],
    ['percent-encoded', encodeURIComponent(SECRET)],
    ['encoded as in a query', new URLSearchParams({ s: SECRET }).toString().slice(2)],
    ['in a JSON string', JSON.stringify(SECRET).slice(1, -1)],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in base64 for URLs', Buffer.from(SECRET).toString('base64url')],
    ['percent-encoded in lower case', encodeURIComponent(SECRET).replaceAll(/%../g, (byte) => byte.toLowerCase())],
    ['in JSON as PHP writes it', String.raw`s3cr3t\/+ key\"\u00e9`],
    ['in JSON with every character escaped', unicodeEscaped(SECRET)],
  ])('takes out the secret %s [http.redact.forms]', (_how, form) => {
    expect(redactor.text(`before ${form}, ${form} after`)).toBe('before [redacted], [redacted] after')
  })

  it.each([
    ['key k1 refused', 'key [redacted] refused'],
    ['?key=k1&x=1', '?key=[redacted]&x=1'],
    ['bank10 k10 xk1 k1-a', 'bank10 k10 xk1 k1-a'],
  ])('a short secret only where it stands by itself: %s', (text, expected) => {
    expect(redactor.text(text)).toBe(expected)
  })

  it('takes out the longer of two secrets that begin alike', () => {
    expect(createRedactor(['secret', 'secret-long']).text('secret-long secret')).toBe('[redacted] [redacted]')
  })

  it('takes out a secret that came later, in every form [http.redact.add]', () => {
    const later = createRedactor(['first-secret'])
    expect(later.text('new/token')).toBe('new/token')
    later.add('new/token')
    later.add('')
    expect(later.text('first-secret new/token new%2Ftoken')).toBe('[redacted] [redacted] [redacted]')
    expect([later.holds('x new/token'), later.holds('other')]).toEqual([true, false])
  })

  it('takes out a secret of any length', () => {
    const key = 'a/b+'.repeat(20_000)
    const long = createRedactor([key])
    expect(long.text(`key ${key} and ${encodeURIComponent(key)}`)).toBe('key [redacted] and [redacted]')
    expect(long.holds(`%2f ${key}`)).toBe(true)
  })

  it('leaves everything where there is no secret', () => {
    expect(createRedactor(['']).text('a text')).toBe('a text')
  })

  it('takes out any secret, whatever it consists of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 6 }), fc.string({ maxLength: 5 }), (secret, around) => {
        expect(createRedactor([secret]).text(around + secret)).not.toContain(secret)
      }),
    )
  })
})

describe('message', () => {
  it.each([
    ['https://a.example/x?api_key=abc&page=2: no', 'https://a.example/x?api_key=[redacted]&page=2: no'],
    ['at https://a.example/x?page=2&token=abc.d. Check it.', 'at https://a.example/x?page=2&token=[redacted]. Check it.'],
    ['{"next":"https://a.example/x?sig=abc"}', '{"next":"https://a.example/x?sig=[redacted]"}'],
    ['GET https://user:pass@a.example/x', 'GET https://[redacted]@a.example/x'],
    ['GET https://a.example/x?mail=a@b.example', 'GET https://a.example/x?mail=a@b.example'],
    ['v1/x?access_token=abc', 'v1/x?access_token=[redacted]'],
    [`what of ${SECRET}? token=5 = x`, 'what of [redacted]? token=5 = x'],
  ])('%s [http.redact.message]', (text, expected) => {
    expect(redactor.message(text)).toBe(expected)
  })
})

describe('url', () => {
  it.each([
    ['https://a.example/x?api_key=abc&page=2', 'https://a.example/x?api_key=[redacted]&page=2'],
    ['https://a.example/x?page=2', 'https://a.example/x?page=2'],
    ['https://a.example/x', 'https://a.example/x'],
    [
      'https://a.example/x?apikey=1&ACCESS-TOKEN=2&auth=3',
      'https://a.example/x?apikey=[redacted]&ACCESS-TOKEN=[redacted]&auth=[redacted]',
    ],
    [
      'https://a.example/x?client_secret=1&password=2&sig=3',
      'https://a.example/x?client_secret=[redacted]&password=[redacted]&sig=[redacted]',
    ],
    ['https://a.example/x?api%5Fkey=abc', 'https://a.example/x?api%5Fkey=[redacted]'],
    ['https://a.example/x?keyboard=abc&monkey=b&author=c', 'https://a.example/x?keyboard=abc&monkey=b&author=c'],
    ['https://a.example/x?token=a#part', 'https://a.example/x?token=[redacted]#part'],
    ['https://user:pass@a.example/x', 'https://redacted:redacted@a.example/x'],
    ['https://a.example/x?page=%ZZ&token=1', 'https://a.example/x?page=%ZZ&token=[redacted]'],
    [
      `https://a.example/${encodeURIComponent(SECRET)}?q=${encodeURIComponent(SECRET)}`,
      'https://a.example/[redacted]?q=[redacted]',
    ],
    [`not a url with ${SECRET}`, 'not a url with [redacted]'],
  ])('%s [http.redact.url]', (url, expected) => {
    expect(redactor.url(url)).toBe(expected)
  })
})

describe('holds', () => {
  it.each([
    ['the secret', `x${SECRET}x`, true],
    ['an encoded form', encodeURIComponent(SECRET), true],
    ['a form with escapes that need not be', unicodeEscaped(SECRET), true],
    ['a short secret, which may be there by chance', 'k1', false],
    ['something else', 'another text', false],
  ])('%s', (_what, text, expected) => {
    expect([redactor.holds(text), redactor.holdsIn(Buffer.from(text))]).toEqual([expected, expected])
  })
})
