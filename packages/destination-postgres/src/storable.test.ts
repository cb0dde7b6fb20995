import { describe, expect, it } from 'vitest'
import { storableJson, storableText, type Unstorable } from './storable.ts'

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

describe('texts', () => {
  it.each<[string, string, Unstorable[]]>([
    ['plain', 'plain', []],
    ['𝄞 and 👩‍👩‍👧', '𝄞 and 👩‍👩‍👧', []],
    ['a\0b\0', 'a␀b␀', ['nul']],
  ])('%j', (text, storable, expected) => {
    const noted: Unstorable[] = []
    expect(storableText(text, (what) => noted.push(what))).toBe(storable)
    expect(noted).toEqual(expected)
  })
})

describe('JSON', () => {
  it.each<[string, string, Unstorable[]]>([
    ['{"a":[1,2.5e10]}', '{"a":[1,2.5e10]}', []],
    ['{"a":"\\u0001\\uD834\\uDD1E"}', '{"a":"\\u0001\\uD834\\uDD1E"}', []],
    ['{"a\\u0000":"\\u0000"}', '{"a␀":"␀"}', ['nul']],
    // A backslash, and then five characters.
    ['["\\\\u0000"]', '["\\\\u0000"]', []],
    ['["\\\\\\u0000"]', '["\\\\␀"]', ['nul']],
    ['["\\ud834", "\\udd1e\\ud834\\udd1e"]', '["\ufffd", "\ufffd\\ud834\\udd1e"]', ['surrogate']],
    ['["\\ud834\\ud834\\udd1e"]', '["\ufffd\\ud834\\udd1e"]', ['surrogate']],
    ['[1e999]', '[1e999]', []],
    ['["1e999999"]', '["1e999999"]', []],
    ['[1e999999]', '"[1e999999]"', ['json']],
    ['{"a": -1.5E+999999 }', JSON.stringify('{"a": -1.5E+999999 }'), ['json']],
    ['{"a":0,"b":[0,1e999999]}', JSON.stringify('{"a":0,"b":[0,1e999999]}'), ['json']],
    ['1e999999', '"1e999999"', ['json']],
    ['\n-1e999999', JSON.stringify('\n-1e999999'), ['json']],
    ['[1e-20000]', '"[1e-20000]"', ['json']],
    [`[${'9'.repeat(140_000)}]`, `"[${'9'.repeat(140_000)}]"`, ['json']],
    [nested(6000), nested(6000), []],
    [nested(7000), JSON.stringify(nested(7000)), ['json']],
    [JSON.stringify('['.repeat(20_000)), JSON.stringify('['.repeat(20_000)), []],
  ])('%.60j', (text, storable, expected) => {
    const noted: Unstorable[] = []
    expect(storableJson(text, (what) => noted.push(what))).toBe(storable)
    expect(noted).toEqual(expected)
  })
})
