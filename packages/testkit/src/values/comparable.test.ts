import { expect, it } from 'vitest'
import { schemaOf } from '../build/schema-of.ts'
import { comparableRow } from './comparable.ts'

const table = schemaOf('t', {
  n: 'bigint',
  d: 'double',
  p: 'decimal',
  at: 'timestamp',
  j: 'json',
  b: 'binary',
  s: 'text',
})
const same = (a: Record<string, unknown>, b: Record<string, unknown>): void => {
  expect(comparableRow(table, a)).toEqual(comparableRow(table, b))
}

it('takes different forms of one value for the same', () => {
  same({ n: 12 }, { n: 12n })
  same({ d: 1e20 }, { d: 100_000_000_000_000_000_000n })
  same({ p: '012.50' }, { p: '12.5' })
  same({ p: '-0.00' }, { p: '0' })
  same({ at: '2026-01-02T03:04:05Z' }, { at: '2026-01-02 03:04:05.000+00' })
  same({ j: '{"a":1,"b":[2]}' }, { j: { b: [2], a: 1 } })
  same({ b: 'AP8=' }, { b: Uint8Array.of(0, 255) })
  same({ s: null }, {})
})

it('tells different values apart', () => {
  const differ = (a: Record<string, unknown>, b: Record<string, unknown>): void =>
    expect(comparableRow(table, a)).not.toEqual(comparableRow(table, b))
  differ({ n: 9_007_199_254_740_993n }, { n: 9_007_199_254_740_992n })
  differ({ d: -0 }, { d: 0 })
  differ({ at: '2026-01-02T03:04:05.000001Z' }, { at: '2026-01-02T03:04:05Z' })
  differ({ j: '{"a":9007199254740993}' }, { j: '{"a":9007199254740992}' })
  differ({ s: '' }, {})
  differ({ other: 1 }, {})
})

it('refuses values of the wrong kind', () => {
  for (const row of [{ n: '12' }, { n: 1.5 }, { s: 5 }, { at: 5 }, { p: 1.5 }, { p: '1e5' }, { b: 7 }])
    expect(() => comparableRow(table, row)).toThrow()
})
