import { describe, expect, it } from 'vitest'
import { compareOrdered, orderedOf, orderedText, orderedValue } from './order.ts'

describe('the order of values', () => {
  it.each([
    ['integers by value', 'bigint', 9, 10],
    ['integers beyond 2^53 by all their digits', 'bigint', 9_007_199_254_740_993n, 9_007_199_254_740_994n],
    ['an integer beyond 2^53 and one within', 'bigint', 9_007_199_254_740_991, 9_007_199_254_740_993n],
    ['doubles', 'double', -1.5, 0.25],
    ['a large double, which reads as an integer, and a small one', 'double', 0.5, 12_345_678_901_234_567_000n],
    ['decimals of different lengths', 'decimal', '9.5', '10.25'],
    [
      'decimals that differ in the last of 38 digits',
      'decimal',
      '1.0000000000000000000000000000000000001',
      '1.0000000000000000000000000000000000002',
    ],
    ['decimals below zero', 'decimal', '-10', '-9.99'],
    ['false before true', 'bool', false, true],
    ['instants with and without a fraction', 'timestamp', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.5Z'],
    ['instants a microsecond apart', 'timestamp', '2026-01-01T00:00:00.000001Z', '2026-01-01T00:00:00.000002Z'],
    ['instants before the year 0', 'timestamp', '-000001-12-31T23:59:59Z', '0000-01-01T00:00:00Z'],
    ['instants beyond the year 9999', 'timestamp', '9999-12-31T23:59:59Z', '+010000-01-01T00:00:00Z'],
    ['dates beyond the year 9999', 'date', '9999-12-31', '+010000-01-01'],
    ['the last of February and the first of March', 'date', '2024-02-29', '2024-03-01'],
    ['times with and without a fraction', 'time', '10:00:00', '10:00:00.5'],
    ['text by code point, not by its halves', 'text', '\uffff', '\u{1f600}'],
    ['a text and a longer one', 'text', 'a', 'aa'],
    ['capitals before small letters', 'text', 'Z', 'a'],
  ] as const)('puts %s [jsonl.order.values]', (_, type, small, large) => {
    const [a, b] = [orderedValue(type, small)!, orderedValue(type, large)!]
    expect(compareOrdered(a, b)).toBeLessThan(0)
    expect(compareOrdered(b, a)).toBeGreaterThan(0)
    expect(compareOrdered(a, a)).toBe(0)
  })

  it('takes decimals of one value for equal, however they are written', () => {
    expect(compareOrdered(orderedValue('decimal', '1.50')!, orderedValue('decimal', '1.5')!)).toBe(0)
  })

  it('orders all text as its code points are', () => {
    const parts = ['', '\u0000', 'a', '\u007f', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{1f600}', '\u{10ffff}']
    const ordered = parts.flatMap((first) => (first === '' ? [''] : parts.map((second) => first + second)))
    for (const [x, a] of ordered.entries())
      for (const [y, b] of ordered.entries()) expect(Math.sign(compareOrdered(a, b))).toBe(Math.sign(x - y))
  })

  it.each([-4, 1600, 1896, 2096])('orders the days around the year %d as they follow each other', (year) => {
    const day = new Date(0)
    day.setUTCFullYear(year, 0, 1)
    let before = orderedValue('date', dateText(day))
    for (let days = 0; days < 5 * 366; days++) {
      day.setUTCDate(day.getUTCDate() + 1)
      const next = orderedValue('date', dateText(day))
      expect(Number(next) - Number(before)).toBe(1)
      before = next
    }
  })
})

const dateText = (day: Date): string => day.toISOString().split('T')[0]!

describe('a value as text', () => {
  it.each([
    undefined,
    0,
    -1.5,
    1e300,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0n,
    -9_007_199_254_740_993n,
    '',
    '5',
    '5n',
    '"',
    '\ud800',
  ])('is read as it was: %s', (value) => {
    const text = JSON.parse(JSON.stringify(orderedText(value))) as string | null
    expect(orderedOf(text)).toBe(value)
  })
})
