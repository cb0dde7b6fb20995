import { describe, expect, it } from 'vitest'
import { type ColumnVector, isValid } from '../../load/batch.ts'
import type { ColumnType } from '../../load/schema.ts'
import { valuesOf } from '../testing/values-of.ts'
import { type ColumnTraits, createColumnBuilder } from './column-builder.ts'
import { exceedsDouble } from './int64-builder.ts'

const CAPACITY = 4

/** A value of each type, how it is kept, its text, and one that does not fit. */
const types: [ColumnTraits, ColumnVector['kind'], value: unknown, kept: unknown, text: string, misfit: unknown][] = [
  [{ type: 'bigint' }, 'int64', -5, -5n, '-5', 'x'],
  [{ type: 'bigint' }, 'int64', 2n ** 63n - 1n, 2n ** 63n - 1n, '9223372036854775807', 2n ** 63n],
  [{ type: 'bigint' }, 'int64', -(2n ** 63n), -(2n ** 63n), '-9223372036854775808', -(2n ** 63n) - 1n],
  [{ type: 'timestamp' }, 'int64', '1969-12-31T23:59:59.999999Z', -1n, '-1', 'soon'],
  [{ type: 'timestamp', epoch: 'seconds' }, 'int64', 2, 2_000_000n, '2000000', 'soon'],
  [{ type: 'time' }, 'int64', '00:00:01', 1_000_000n, '1000000', '25:00'],
  [{ type: 'double' }, 'float64', 1.5, 1.5, '1.5', 'x'],
  [{ type: 'date' }, 'int32', '1969-12-31', -1, '-1', '1969'],
  [{ type: 'bool' }, 'bool', 'yes', 1, '1', 'perhaps'],
  [{ type: 'text' }, 'text', 5, '5', '5', {}],
  [{ type: 'json' }, 'text', { a: [1n] }, '{"a":[1]}', '{"a":[1]}', undefined],
  [{ type: 'uuid' }, 'text', 'A'.repeat(32), 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa', 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa', 'x'],
  [{ type: 'decimal', precision: 5, scale: 2 }, 'text', '1.50', '1.5', '1.5', '1.555'],
  [{ type: 'decimal' }, 'text', 10n ** 37n, String(10n ** 37n), String(10n ** 37n), 1.5],
  [{ type: 'binary' }, 'bytes', 'aGk=', Uint8Array.of(104, 105), '104,105', '!'],
]

describe.each(types)('a column of %j', (traits, kind, value, kept, text, misfit) => {
  it('keeps values at their rows, and nothing elsewhere', () => {
    const builder = createColumnBuilder(traits, CAPACITY)
    expect(builder.set(1, value)).toBe(true)
    expect(builder.set(3, value)).toBe(true)
    builder.clear(3)
    expect([0, 1, 2, 3].map((row) => builder.has(row))).toEqual([false, true, false, false])
    expect(builder.textAt(1)).toBe(text)
    const vector = builder.take(CAPACITY, CAPACITY)
    expect([vector.kind, valuesOf(vector, CAPACITY)]).toEqual([kind, [null, kept, null, null]])
  })

  it('refuses what does not fit, and writes nothing', () => {
    const builder = createColumnBuilder(traits, CAPACITY)
    expect(builder.set(0, misfit)).toBe(false)
    expect(builder.has(0)).toBe(false)
  })

  it('grows past a word of validity, and starts afresh after it was taken', () => {
    const builder = createColumnBuilder(traits, CAPACITY)
    builder.set(0, value)
    builder.grow(100)
    builder.set(99, value)
    const first = builder.take(100, 100)
    expect(builder.has(0)).toBe(false)
    builder.set(5, value)
    expect(valuesOf(first, 100).filter((each) => each !== null)).toEqual([kept, kept])
    expect(valuesOf(builder.take(100, 100), 10)).toEqual([null, null, null, null, null, kept, null, null, null, null])
    expect([isValid(first.valid, 0), isValid(first.valid, 5), isValid(first.valid, 99)]).toEqual([true, false, true])
  })
})

describe('whole numbers', () => {
  it.each([0, 1, -1, 4_294_967_295, 4_294_967_296, -4_294_967_296, -4_294_967_297, 2 ** 53 - 1, -(2 ** 53 - 1)])(
    '%d is exact',
    (number) => {
      const builder = createColumnBuilder({ type: 'bigint' }, CAPACITY)
      builder.set(0, number)
      expect(valuesOf(builder.take(CAPACITY, CAPACITY), 1)).toEqual([BigInt(number)])
    },
  )

  it.each<[unknown, ColumnType, boolean]>([
    [2 ** 53 - 1, 'bigint', false],
    [2n ** 53n + 1n, 'bigint', true],
    ['9007199254740993', 'bigint', true],
    [2n ** 64n, 'bigint', false],
    [5, 'double', false],
  ])('%s in a column of %s exceeds a double: %s', (value, type, expected) => {
    const builder = createColumnBuilder({ type }, CAPACITY)
    builder.set(0, value)
    expect(exceedsDouble(builder)).toBe(expected)
  })
})
