import { describe, expect, it } from 'vitest'
import { resolveShape } from '../connector/resolve.ts'
import { resource } from '../connector/resource.ts'
import type { JsonValue } from '../http/request.ts'
import type { Batch } from '../load/batch.ts'
import type { TableSchema } from '../load/schema.ts'
import { createNormalizer } from './normalizer.ts'
import { valuesOf } from './testing/values-of.ts'

const INT64_MAX = 2n ** 63n - 1n
const BIG = 2n ** 63n
const HUGE = 10n ** 38n

const normalizerOf = (stored: readonly TableSchema[] = []) =>
  createNormalizer({
    shape: resolveShape('api', 'things', resource({ endpoint: { path: '' } }), {}),
    stored,
    tableOwners: new Map(),
    identifierLimit: 63,
    warn: () => {},
  })

/** Each column as `type: values`. */
function columnsOf({ table, columns, rowCount }: Batch): Record<string, unknown[]> {
  return Object.fromEntries(
    table.columns.map((column, index) => {
      const list = valuesOf(columns[index]!, rowCount)
      const type = column.type === 'decimal' ? `decimal(${column.precision},${column.scale})` : column.type
      return [`${column.name} ${type}`, list]
    }),
  )
}

/** What becomes of the values of one key: those of one load, or of a batch for each. */
function columnsFor(values: readonly JsonValue[]): Record<string, unknown[]> {
  const normalizer = normalizerOf()
  normalizer.write(
    values.map((a) => ({ a })),
    0,
    false,
  )
  return columnsOf(normalizer.take()[0]!)
}

describe('types that are seen', () => {
  it.each<[string, string, JsonValue, string, unknown]>([
    ['integer', 'types.bigint', 12, 'a bigint', 12n],
    ['64-bit integer', 'types.bigint', INT64_MAX, 'a bigint', INT64_MAX],
    ['larger integer', 'types.decimal', BIG, 'a decimal(38,0)', String(BIG)],
    ['even larger integer', 'types.decimal', HUGE, 'a text', String(HUGE)],
    ['fraction', 'types.double', 1.5, 'a double', 1.5],
    ['exponent', 'types.double', 1e300, 'a double', 1e300],
    ['boolean', 'types.plain', true, 'a bool', 1],
    ['text', 'types.plain', 'x', 'a text', 'x'],
    ['empty text', 'types.plain', '', 'a text', ''],
    ['date-time with a zone', 'types.timestamp', '1970-01-01T01:00:01+01:00', 'a timestamp', 1_000_000n],
    ['date-time without a zone', 'types.timestamp', '1970-01-01T00:00:01', 'a timestamp', 1_000_000n],
    ['date', 'types.as-they-are', '2026-01-02', 'a text', '2026-01-02'],
    ['time', 'types.as-they-are', '03:04:05', 'a text', '03:04:05'],
    ['numeric text', 'types.as-they-are', '12', 'a text', '12'],
    ['epoch', 'types.as-they-are', 1_700_000_000, 'a bigint', 1_700_000_000n],
  ])('%s [%s]', (_what, _id, value, column, expected) => {
    expect(columnsFor([value])).toEqual({ [column]: [expected] })
  })
})

describe('values that meet another type', () => {
  it.each<[string, string, JsonValue[], Record<string, unknown[]>]>([
    ['bigint takes text and 2.0', 'types.bigint.takes', [1, '12', 2.0], { 'a bigint': [1n, 12n, 2n] }],
    ['bigint widens to double', 'types.widen.double', [1, 1.5, 2], { 'a double': [1, 1.5, 2] }],
    ['bigint widens to double for a large double', 'types.widen.double', [1, 1e20], { 'a double': [1, 1e20] }],
    [
      'bigint past 2^53 does not',
      'types.widen.double',
      [INT64_MAX, 1.5],
      { 'a bigint': [INT64_MAX, null], 'a__v_double double': [null, 1.5] },
    ],
    ['bigint widens to decimal', 'types.widen.decimal', [1, BIG, -2], { 'a decimal(38,0)': ['1', String(BIG), '-2'] }],
    ['bigint widens to text', 'types.widen.decimal', [1, HUGE], { 'a text': ['1', String(HUGE)] }],
    ['decimal widens to text', 'types.widen.decimal', [BIG, HUGE, 1], { 'a text': [String(BIG), String(HUGE), '1'] }],
    [
      'decimal and a fraction',
      'types.variant',
      [BIG, 1.5],
      { 'a decimal(38,0)': [String(BIG), null], 'a__v_double double': [null, 1.5] },
    ],
    [
      'bigint and text',
      'types.variant',
      [1, 'x', 'y', 2],
      { 'a bigint': [1n, null, null, 2n], 'a__v_text text': [null, 'x', 'y', null] },
    ],
    ['bigint and boolean', 'types.variant', [1, true], { 'a bigint': [1n, null], 'a__v_bool bool': [null, 1] }],
    [
      'bigint and an instant',
      'types.variant',
      [1, '1970-01-01T00:00:01Z'],
      { 'a bigint': [1n, null], 'a__v_timestamp timestamp': [null, 1_000_000n] },
    ],
    ['double takes integers and numeric text', 'types.double.takes', [1.5, 2, '3.5'], { 'a double': [1.5, 2, 3.5] }],
    [
      'double and an integer whose digits it cannot hold',
      'types.variant',
      [1.5, 9_007_199_254_740_993n],
      { 'a double': [1.5, null], 'a__v_bigint bigint': [null, 9_007_199_254_740_993n] },
    ],
    [
      'double and a larger integer',
      'types.variant',
      [1.5, BIG + 1n],
      { 'a double': [1.5, null], 'a__v_text text': [null, String(BIG + 1n)] },
    ],
    ['bool takes 0, 1 and yes or no', 'types.bool.takes', [true, 0, 'yes', 'No'], { 'a bool': [1, 0, 1, 0] }],
    ['bool and other numbers', 'types.variant', [true, 2], { 'a bool': [1, null], 'a__v_bigint bigint': [null, 2n] }],
    ['text takes everything', 'types.text.takes', ['x', 1, 1.5, true, BIG], { 'a text': ['x', '1', '1.5', 'true', String(BIG)] }],
    [
      'text takes instants as they are written',
      'types.text.takes',
      ['x', '1970-01-01T01:00:01+01:00'],
      { 'a text': ['x', '1970-01-01T01:00:01+01:00'] },
    ],
    [
      'timestamp takes epoch and date text',
      'types.timestamp.takes',
      ['1970-01-01T00:00:01Z', 1_700_000_000, '1970-01-02'],
      { 'a timestamp': [1_000_000n, 1_700_000_000_000_000n, 86_400_000_000n] },
    ],
    [
      'timestamp and text',
      'types.variant',
      ['1970-01-01T00:00:00Z', 'x'],
      { 'a timestamp': [0n, null], 'a__v_text text': [null, 'x'] },
    ],
    [
      'several at once',
      'types.variant',
      [1, 'x', true, 1.5],
      { 'a double': [1, null, null, 1.5], 'a__v_text text': [null, 'x', null, null], 'a__v_bool bool': [null, null, 1, null] },
    ],
  ])('%s [%s]', (_what, _id, values, expected) => {
    expect(columnsFor(values)).toEqual(expected)
  })

  it('keeps every digit where a variant has to widen itself [types.digits]', () => {
    const columns = columnsFor([true, INT64_MAX, BIG])
    const texts = Object.values(columns).map((values) => values.map((value) => (value === null ? null : String(value))))
    expect(texts.map((values) => values[1]).filter((value) => value !== null)).toEqual([String(INT64_MAX)])
    expect(texts.map((values) => values[2]).filter((value) => value !== null)).toEqual([String(BIG)])
  })

  it('widens behind a batch that is gone already [types.widen.double]', () => {
    const normalizer = normalizerOf()
    normalizer.write([{ a: 1 }], 0, false)
    const [first] = normalizer.take()
    normalizer.write([{ a: 1.5 }], 1, false)
    expect(columnsOf(first!)).toEqual({ 'a bigint': [1n] })
    expect(columnsOf(normalizer.take()[0]!)).toEqual({ 'a double': [1.5] })
  })

  it.each<[string, JsonValue, JsonValue, string[]]>([
    ['widens what was loaded as an integer', 1, 1.5, ['a double']],
    ['does not where digits would be lost', INT64_MAX, 1.5, ['a bigint', 'a__v_double double']],
    ['widens to decimal', 1, BIG, ['a decimal(38,0)']],
    ['makes a variant', 1, 'x', ['a bigint', 'a__v_text text']],
  ])('knows in the next run what it stored: %s [types.restored]', (_what, before, after, expected) => {
    const first = normalizerOf()
    first.write([{ a: before }], 0, false)
    first.take()
    const second = normalizerOf(first.schemas())
    second.write([{ a: after }], 0, false)
    expect(Object.keys(columnsOf(second.take()[0]!))).toEqual(expected)
    // A third run that sees both again changes nothing.
    const third = normalizerOf(second.schemas())
    third.write([{ a: after }, { a: before }], 0, false)
    expect(Object.keys(columnsOf(third.take()[0]!))).toEqual(expected)
  })
})
