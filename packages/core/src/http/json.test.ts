import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson, stringifyJson } from './json.ts'
import type { JsonValue } from './request.ts'

describe('parseJson', () => {
  it.each<[string, JsonValue]>([
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992', 9_007_199_254_740_992n],
    ['9007199254740993', 9_007_199_254_740_993n],
    ['-9007199254740993', -9_007_199_254_740_993n],
    ['1000000000000000', 1_000_000_000_000_000],
    ['{"id": 12345678901234567890 }', { id: 12_345_678_901_234_567_890n }],
    ['[1,12345678901234567890,2]', [1, 12_345_678_901_234_567_890n, 2]],
    ['[\n\t12345678901234567890\n]', [12_345_678_901_234_567_890n]],
    [`{"a":{"b":[${'9'.repeat(60)}]}}`, { a: { b: [BigInt('9'.repeat(60))] } }],
  ])('keeps every digit of %s', (text, expected) => {
    expect(parseJson(text)).toStrictEqual(expected)
  })

  it.each<[string, JsonValue]>([
    ['1e400', Number.POSITIVE_INFINITY],
    ['[1e-400, 12345678901234567890]', [0, 12_345_678_901_234_567_890n]],
    ['[1e16, 12345678901234567890]', [1e16, 12_345_678_901_234_567_890n]],
    ['[12345678901234567890e2, 12345678901234567890]', [Number('12345678901234567890e2'), 12_345_678_901_234_567_890n]],
    ['[12345678901234567890.5, 12345678901234567890]', [Number('12345678901234567890.5'), 12_345_678_901_234_567_890n]],
    ['[0.12345678901234567890, 12345678901234567890]', [Number('0.12345678901234567890'), 12_345_678_901_234_567_890n]],
    ['[1E+12345678901234567890, 12345678901234567890]', [Number.POSITIVE_INFINITY, 12_345_678_901_234_567_890n]],
  ])('leaves fractions and exponents alone: %s', (text, expected) => {
    expect(parseJson(text)).toStrictEqual(expected)
  })

  it.each([
    ['digits', '12345678901234567890'],
    ['digits behind what looks like a key', ': 12345678901234567890'],
    ['digits behind a quote', 'say "12345678901234567890", 12345678901234567890'],
    ['digits behind a backslash', 'C:\\ 12345678901234567890 \\'],
    ['digits behind two backslashes', '\\\\ 12345678901234567890 \\\\'],
    ['control characters', '\n\t\u0000 12345678901234567890'],
  ])('does not touch %s in a string or a key', (_what, text) => {
    const value = { id: 12_345_678_901_234_567_890n, [text]: text, list: [text, 98_765_432_109_876_543_210n] }
    expect(parseJson(stringifyJson(value))).toStrictEqual(value)
  })

  it.each([
    '',
    '{',
    '[1,]',
    'NaN',
    "{'a': 1}",
    '012345678901234567890',
    '[12345678901234567890',
    '"12345678901234567890',
    '1-12345678901234567890',
  ])('refuses %s', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError)
  })

  it('lets the last of duplicate keys count', () => {
    expect(parseJson('{"a": 1, "a": 12345678901234567890}')).toStrictEqual({ a: 12_345_678_901_234_567_890n })
  })

  it('gives __proto__ as a key, not as a prototype', () => {
    const value = parseJson('{"__proto__": {"x": 12345678901234567890}}') as { [key: string]: JsonValue }
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })

  it('reads long integers thousands of levels deep', () => {
    const depth = 5000
    let value = parseJson(`${'['.repeat(depth)}12345678901234567890${']'.repeat(depth)}`)
    for (let level = 0; level < depth; level++) value = (value as JsonValue[])[0]!
    expect(value).toBe(12_345_678_901_234_567_890n)
  })
})

describe('stringifyJson', () => {
  it('writes bigints as plain digits', () => {
    expect(stringifyJson({ a: 12_345_678_901_234_567_890n, b: [-1n, null, 'x"y'] })).toBe(
      '{"a":12345678901234567890,"b":[-1,null,"x\\"y"]}',
    )
  })

  it('leaves out what is undefined, with bigints and without', () => {
    expect(stringifyJson({ a: undefined as never, b: 1 })).toBe('{"b":1}')
    expect(stringifyJson({ a: undefined as never, b: 1n, c: undefined as never, d: 2 })).toBe('{"b":1,"d":2}')
  })

  it('has no limit of depth', () => {
    const depth = 20_000
    let value: JsonValue = 1n
    for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value }
    expect(stringifyJson(value)).toHaveLength(1 + (depth / 2) * '[]'.length + (depth / 2) * '{"a":}'.length)
  })
})

describe('there and back', () => {
  const { value: anyValue } = fc.letrec<{ value: JsonValue; scalar: JsonValue }>((tie) => ({
    scalar: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('"', '\\', ':', ' ', '1234567890123456', ',', '\uE000') }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
      fc.integer(),
      // Only integers that are no safe numbers come back as bigint; doubles of that size come back as bigint, too.
      fc.bigInt().filter((integer) => !Number.isSafeInteger(Number(integer))),
      fc.boolean(),
      fc.constant(null),
    ),
    value: fc.oneof(
      { depthSize: 'small' },
      tie('scalar'),
      fc.array(tie('value')),
      fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { noNullPrototype: true }),
    ),
  }))
  /** Integral doubles are written as digits below 10^21, and come back with all of them. */
  const readBack = (value: JsonValue): JsonValue => {
    if (typeof value === 'number')
      return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21 ? BigInt(String(value)) : value
    if (Array.isArray(value)) return value.map(readBack)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, readBack(member)]))
  }

  it('any value comes back as it was', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(parseJson(stringifyJson(value))).toStrictEqual(readBack(value))
      }),
      { numRuns: 500 },
    )
  })
})
