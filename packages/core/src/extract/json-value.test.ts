import { describe, expect, it } from 'vitest'
import { toJsonValue } from './json-value.ts'

describe('toJsonValue', () => {
  it('answers the value itself where it is JSON', () => {
    const value = { id: 1n, list: [1, 'a', null, { b: true }], __proto: {} }
    expect(toJsonValue(value)).toBe(value)
  })

  it.each<[string, unknown, unknown]>([
    ['an undefined member is left out', { id: 1, inner: { a: undefined } }, { id: 1, inner: {} }],
    ['a date is its ISO text', { at: [new Date(0)] }, { at: ['1970-01-01T00:00:00.000Z'] }],
    ['a key may be __proto__', JSON.parse('{"__proto__":{"a":1},"b":1}'), JSON.parse('{"__proto__":{"a":1},"b":1}')],
    ['an object may have no prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ])('%s [step.json]', (_what, value, expected) => {
    expect(JSON.stringify(toJsonValue(value))).toBe(JSON.stringify(expected))
  })

  const cycle: { self?: unknown } = {}
  cycle.self = { list: [cycle] }
  it.each<[unknown, RegExp]>([
    [Number.NaN, /made NaN/],
    [{ a: Number.POSITIVE_INFINITY }, /made Infinity/],
    [new Date('x'), /made NaN/],
    [{ f: () => 1 }, /made a function/],
    [[undefined], /made undefined/],
    [{ m: new Map([[1, 2]]) }, /made a Map/],
    [new Uint8Array(1), /made a Uint8Array/],
    [cycle, /contains itself, or is nested more than 1000/],
  ])('refuses what JSON has no word for: %s [step.json]', (value, message) => {
    expect(() => toJsonValue(value)).toThrow(message)
  })
})
