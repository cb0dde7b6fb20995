import type { Column, ColumnVector } from '@tributary/core'
import { batchOf, schemaOf } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import { fieldOf } from './fields.ts'
import { createRowBuffer } from './row-buffer.ts'
import type { Unstorable } from './storable.ts'

const ALL = { valid: Uint32Array.of(0xffff_ffff, 0xffff_ffff), kind: 'int64' } as const

/** The fields of a column, one for each row, without their lengths; and what was noted of them. */
function fieldsOf(
  type: Column['type'],
  vector: ColumnVector,
  rowCount: number,
): { fields: (Buffer | null)[]; noted: Unstorable[] } {
  const noted: Unstorable[] = []
  const field = fieldOf({ type }, vector, rowCount, (what) => noted.push(what))
  const fields = Array.from({ length: rowCount }, (_, row) => {
    const rows = createRowBuffer()
    field(rows, row)
    const length = rows.view.getInt32(0)
    if (length >= 0) expect(rows.at).toBe(4 + length)
    return length < 0 ? null : Buffer.from(rows.bytes.subarray(4, rows.at))
  })
  return { fields, noted }
}

const vectorOf = (type: 'text' | 'json' | 'uuid', values: readonly (string | null)[]): ColumnVector =>
  batchOf(
    schemaOf('any', { any: type }),
    values.map((any) => ({ any })),
  ).columns[0]!
const fieldsOfTexts = (type: 'text' | 'json' | 'uuid', values: readonly (string | null)[]): ReturnType<typeof fieldsOf> =>
  fieldsOf(type, vectorOf(type, values), values.length)
const numbersOf = (type: 'bigint' | 'timestamp', values: readonly bigint[]): { numbers: bigint[]; noted: Unstorable[] } => {
  const { fields, noted } = fieldsOf(type, { ...ALL, values: BigInt64Array.from(values) }, values.length)
  return { numbers: fields.map((field) => field!.readBigInt64BE()), noted }
}

describe('integers of 64 bits', () => {
  const ENDS = [0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n - 1n]
  const values = ENDS.flatMap((end) => [end - 1n, end, -end, -end - 1n])

  it('are as they were', () => {
    expect(numbersOf('bigint', values).numbers).toEqual(values)
  })

  it('of a view into a larger buffer are those of the view', () => {
    const { fields } = fieldsOf('bigint', { ...ALL, values: BigInt64Array.of(1n, -2n).subarray(1) }, 1)
    expect(fields[0]!.readBigInt64BE()).toBe(-2n)
  })

  it('that are instants count from 2000, and before 4714-11-24 BC are -infinity', () => {
    const epoch = BigInt(Date.UTC(2000, 0)) * 1000n
    const first = -211_813_488_000_000_000n
    const near = [first + epoch, (first | 0xffff_ffffn) + epoch, epoch, epoch + 2n ** 32n].flatMap((at) => [at - 1n, at, at + 1n])
    const instants = [...values, ...near]
    const expected = instants.map((at) => (at - epoch < first ? -(2n ** 63n) : at - epoch))
    const { numbers, noted } = numbersOf('timestamp', instants)
    expect(numbers).toEqual(expected)
    expect(noted).toEqual(expected.filter((at) => at === -(2n ** 63n)).map(() => 'early'))
  })
})

describe('texts', () => {
  const long = 'é東𝄞 '.repeat(30)

  it('are the bytes of the batch', () => {
    const { fields, noted } = fieldsOfTexts('text', ['', 'a', null, long, '\ufeffx'])
    expect(fields.map((field) => field?.toString() ?? null)).toEqual(['', 'a', null, long, '\ufeffx'])
    expect(noted).toEqual([])
  })

  it('with U+0000 are replaced one by one, and those beside them are not', () => {
    const { fields, noted } = fieldsOfTexts('text', ['a\0b\0', 'plain', null, long, `${long}\0`])
    expect(fields.map((field) => field?.toString() ?? null)).toEqual(['a␀b␀', 'plain', null, long, `${long}␀`])
    expect(noted).toEqual(['nul', 'nul'])
  })

  it('that mean nothing are not noted', () => {
    const vector = vectorOf('text', ['a\0b', 'plain'])
    vector.valid[0]! &= ~1
    const { fields, noted } = fieldsOf('text', vector, 2)
    expect([fields[0], fields[1]!.toString(), noted]).toEqual([null, 'plain', []])
  })
})

describe('JSON', () => {
  const deep = '['.repeat(7000) + ']'.repeat(7000)

  it.each([
    ['without anything odd', ['{"a":"é"}', '[1.5e10]'], ['{"a":"é"}', '[1.5e10]'], []],
    ['with U+0000', ['{"a":1}', '["\\u0000"]'], ['{"a":1}', '["␀"]'], ['nul']],
    ['with half of a surrogate pair', ['["\\uD834"]', '["\\uD834\\uDD1E"]'], ['["\ufffd"]', '["\\uD834\\uDD1E"]'], ['surrogate']],
    ['with a large exponent', ['[1e999999]', '["1e999999é"]'], ['"[1e999999]"', '["1e999999é"]'], ['json']],
    ['that is a number with a large exponent', ['true', '1e999999', 'true'], ['true', '"1e999999"', 'true'], ['json']],
    ['that is nested too deep', ['[]', deep], ['[]', `"${deep}"`], ['json']],
  ])('%s', (_name, values, expected, notes) => {
    const { fields, noted } = fieldsOfTexts('json', values)
    expect(fields.map((field) => [field![0], field!.toString('utf8', 1)])).toEqual(expected.map((text) => [1, text]))
    expect(noted).toEqual(notes)
  })
})

describe('UUIDs', () => {
  it('are their 16 bytes', () => {
    const { fields } = fieldsOfTexts('uuid', ['00112233-4455-6677-8899-aAbBcCdDeEfF', null])
    expect(fields).toEqual([Buffer.from('00112233445566778899aabbccddeeff', 'hex'), null])
  })

  it.each([
    '',
    '00112233-4455-6677-8899-aabbccddeef',
    '00112233-4455-6677-8899-aabbccddeeff0',
    '00112233-4455-6677-8899-aabbccddeegg',
  ])('refuse %j', (text) => {
    expect(() => fieldsOfTexts('uuid', [text])).toThrow(new RangeError(`not a UUID: ${JSON.stringify(text)}`))
  })
})
