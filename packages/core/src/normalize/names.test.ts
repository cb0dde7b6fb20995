import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalizeName, uniqueName } from './names.ts'

const shortenName = (name: string, path: readonly string[], limit: number): string => uniqueName(name, path, limit, () => false)

describe('normalizeName', () => {
  it.each([
    ['userName', 'user_name'],
    ['HTTPServer', 'http_server'],
    ['ID', 'id'],
    ['1st', '_1st'],
    ['a-b', 'a_b'],
    ['$ref', '_ref'],
    ['été', 'ete'],
    ['', '_empty'],
    ['a__b', 'a__b'],
    ['user_name', 'user_name'],
    ['UserName', 'user_name'],
    ['userID', 'user_id'],
    ['a1B', 'a1_b'],
    ['a b', 'a_b'],
    ['a.b', 'a_b'],
    ['a - b', 'a_b'],
    ['a"; drop table x; --', 'a_drop_table_x_'],
    ["a'b`c", 'a_b_c'],
    ['a\0b\nc', 'a_b_c'],
    ['😀', '_'],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['_id', '_id'],
    ['²', '_2'],
  ])('%j → %j [names.snake]', (name, expected) => {
    expect(normalizeName(name)).toBe(expected)
  })

  it.each([
    ['été', 'ete'],
    ['Größe', 'große'],
    ['Ärger', 'arger'],
    ['ﬁle', 'file'],
    ['Ｆｕｌｌ', 'full'],
    ['名前', '名前'],
    ['имяПользователя', 'имя_пользователя'],
    ['й', 'й'],
    ['हिन्दी', 'हिन्दी'],
  ])('keeps letters, without the accents of Latin ones: %j → %j [names.letters]', (name, expected) => {
    expect(normalizeName(name)).toBe(expected)
  })

  it('gives a name that stays when it is normalised again, with nothing in it that could break out [names.harmless]', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (name) => {
        const normalized = normalizeName(name)
        expect(normalized).toMatch(/^[\p{L}\p{M}_][\p{L}\p{M}\p{N}_]*$/u)
        expect(normalizeName(normalized)).toBe(normalized)
      }),
      { numRuns: 500 },
    )
  })
})

describe('names past the limit', () => {
  it('leaves what is short enough', () => {
    expect(shortenName('abc', ['abc'], 3)).toBe('abc')
  })

  it.each([
    ['letters', 'a'.repeat(300)],
    ['letters of several bytes', '名'.repeat(300)],
    ['letters beyond 16 bits', '𐐀'.repeat(300)],
  ])('cuts %s to whole characters and a hash [names.limit]', (_what, name) => {
    const short = shortenName(name, [name], 63)
    expect(Buffer.byteLength(short)).toBeLessThanOrEqual(63)
    expect(Buffer.byteLength(short)).toBeGreaterThan(59)
    expect(short).toMatch(/_[\da-f]{10}$/)
    expect(short).not.toMatch(/\p{Surrogate}/u)
    expect(name.startsWith(short.slice(0, -11))).toBe(true)
  })

  it('tells names apart that begin alike, and stays the same [names.limit]', () => {
    const [one, two] = ['a'.repeat(100), `${'a'.repeat(99)}b`]
    expect(shortenName(one, [one], 63)).not.toBe(shortenName(two, [two], 63))
    expect(shortenName(one, [one], 63)).toBe(shortenName(one, [one], 63))
  })
})

describe('uniqueName', () => {
  it('adds a suffix that depends on nothing but the path', () => {
    const taken = new Set(['user_name'])
    const name = uniqueName('user_name', ['userName'], 63, (candidate) => taken.has(candidate))
    expect(name).toMatch(/^user_name_[\da-f]{6}$/)
    expect(uniqueName('user_name', ['userName'], 63, (candidate) => candidate === 'user_name')).toBe(name)
    expect(uniqueName('user_name', ['UserName'], 63, (candidate) => taken.has(candidate))).not.toBe(name)
  })

  it('has another one where that is taken as well', () => {
    const taken = new Set<string>()
    const next = (): string => {
      const name = uniqueName('a', ['A'], 63, (candidate) => taken.has(candidate))
      taken.add(name)
      return name
    }
    expect(new Set([next(), next(), next()]).size).toBe(3)
  })

  it('keeps the limit with its suffix', () => {
    const base = 'b'.repeat(63)
    const name = uniqueName(base, ['B'], 63, (candidate) => candidate === base)
    expect(name).not.toBe(base)
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63)
  })
})
