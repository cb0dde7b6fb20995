import { formatDate, formatInstant, formatTime } from '@tributary/core'
import { describe, expect, it } from 'vitest'
import { createDraw, type Draw } from '../testing/draw.ts'
import { createLineBuffer, type LineBuffer } from './line-buffer.ts'
import { putDouble } from './put-double.ts'
import { putDate, putInstant, putTime } from './put-instant.ts'
import { int64Source, putInt64 } from './put-integer.ts'

const DRAWN = 30_000
const DAY = 86_400_000_000n
const YEAR = 31_556_952_000_000n
const SECOND = 1_000_000n

/** What is put, value by value, that is not the text expected. */
function wrongOf<T>(values: readonly T[], put: (lines: LineBuffer, value: T, row: number) => void, textOf: (value: T) => string) {
  const lines = createLineBuffer(1)
  return values.filter((value, row) => {
    lines.at = 0
    put(lines, value, row)
    return lines.bytes.toString('latin1', 0, lines.at) !== textOf(value)
  })
}

const drawn = <T>(draw: (of: Draw) => T): T[] => {
  const of = createDraw(DRAWN)
  return Array.from({ length: DRAWN }, () => draw(of))
}
const around = (value: bigint): bigint[] => [-2n, -1n, 0n, 1n, 2n].map((off) => BigInt.asIntN(64, value + off))
const POWERS = Array.from({ length: 64 }, (_, power) => 2n ** BigInt(power))
const TENS = Array.from({ length: 19 }, (_, power) => 10n ** BigInt(power))
const EDGES = [0n, ...POWERS, ...TENS].flatMap((value) => [...around(value), ...around(-value)])

describe('values as bytes', () => {
  it('have the digits of every integer [jsonl.lines.numbers]', () => {
    const values = [...EDGES, ...drawn((of) => of.int64())]
    const source = int64Source(BigInt64Array.from(values))
    expect(wrongOf(values, (lines, _value, row) => putInt64(lines, source, row), String)).toEqual([])
  })

  it('are the shortest text of every double [jsonl.lines.numbers]', () => {
    const values = [
      ...EDGES.flatMap((value) => [Number(value), Number(value) / 100, Number(value) / 1000]),
      ...[-0, 0.1 + 0.2, 5e-324, 1.7976931348623157e308, 1e21, 123456789012345.67, 9007199254740.99, 1e-7, 1.005, -0.07, 0.29],
      ...drawn((of) => Number(of.int64()) / of.of([1, 10, 100, 1000, 3, 2 ** 40])),
      ...drawn((of) => of.below(2 ** 31) / 100),
      ...drawn((of) => (of.below(2 ** 31) - of.below(2 ** 31)) * 2 ** (of.below(2000) - 1000)),
    ]
    const textOf = (value: number): string => {
      if (!Number.isFinite(value)) return value > 0 ? '1e999' : '-1e999'
      return Object.is(value, -0) ? '-0' : String(value)
    }
    expect(wrongOf(values, putDouble, textOf)).toEqual([])
  })

  it('have every instant as it is formatted elsewhere [jsonl.timestamps]', () => {
    const values = [
      ...EDGES,
      ...Array.from({ length: 600 }, (_, year) => BigInt(year - 300) * YEAR).flatMap(around),
      ...Array.from({ length: 3000 }, (_, day) => BigInt(day - 1500) * DAY).flatMap(around),
      ...drawn((of) => of.int64()),
      ...drawn((of) => (of.int64() >> 12n) * of.of([1n, 10n, 1000n, SECOND])),
    ].map((value) => BigInt.asIntN(64, value))
    const source = int64Source(BigInt64Array.from(values))
    expect(wrongOf(values, (lines, _value, row) => putInstant(lines, source, row), formatInstant)).toEqual([])
  })

  it('have every date as it is formatted elsewhere', () => {
    const edges = [-719_528, 2_932_896, -2_147_483_648, 2_147_483_647, 11_016, -25_509]
    const values = [
      ...edges.flatMap((day) => [day - 1, day, day + 1]).map((day) => day | 0),
      ...drawn((of) => of.below(2 ** 31 - 1) - of.below(2 ** 31 - 1)),
      ...Array.from({ length: 40_000 }, (_, index) => index * 97 - 750_000),
    ]
    expect(wrongOf(values, putDate, formatDate)).toEqual([])
  })

  it('have every time of a day as it is formatted elsewhere', () => {
    const values = [
      ...[0n, 1n, 999_999n, SECOND, DAY - 1n, DAY, DAY + 1n, -1n, 2n ** 60n],
      ...drawn((of) => (BigInt.asUintN(62, of.int64()) % 86_400n) * SECOND + BigInt(of.below(1000) * of.of([0, 1, 10, 1000]))),
    ]
    const source = int64Source(BigInt64Array.from(values))
    expect(wrongOf(values, (lines, _value, row) => putTime(lines, source, row), formatTime)).toEqual([])
  })
})
