import { describe, expect, it } from 'vitest'
import { toBinary, toDays, toJsonText, toMicros, toText, toTimeMicros, toUuid } from './coerce.ts'

const BIG = 12_345_678_901_234_567_890n

type Cases = readonly (readonly [value: unknown, expected: unknown])[]

const converters: Record<string, { convert: (value: unknown) => unknown; cases: Cases }> = {
  toText: {
    convert: toText,
    cases: [
      ['text', 'text'],
      ['', ''],
      [1.5, '1.5'],
      [BIG, String(BIG)],
      [false, 'false'],
      [{}, undefined],
      [[], undefined],
    ],
  },
  toMicros: {
    convert: toMicros,
    cases: [
      ['1970-01-01T00:00:01Z', 1_000_000],
      ['1970-01-02', 86_400_000_000],
      [1, 1_000_000],
      [1.5, 1_500_000],
      [99_999_999_999, 99_999_999_999_000_000n],
      [100_000_000_000, 100_000_000_000_000],
      [1_700_000_000, 1_700_000_000_000_000],
      [1_700_000_000_000, 1_700_000_000_000_000],
      ['1700000000', undefined],
      [1e300, undefined],
      [Number.NaN, undefined],
      ['soon', undefined],
      [true, undefined],
    ],
  },
  'toMicros of seconds': {
    convert: (value) => toMicros(value, 'seconds'),
    cases: [
      [1_700_000_000_000, undefined],
      ['1700000000', 1_700_000_000_000_000],
      ['1700000000.25', 1_700_000_000_250_000],
      ['1970-01-01T00:00:01Z', 1_000_000],
      [-1, -1_000_000],
    ],
  },
  'toMicros of milliseconds': {
    convert: (value) => toMicros(value, 'milliseconds'),
    cases: [
      [1, 1000],
      ['1.5', 1500],
      [-62_135_596_800_000, -62_135_596_800_000_000n],
      [-62_135_596_801_000, undefined],
    ],
  },
  toDays: {
    convert: toDays,
    cases: [
      ['1970-01-02', 1],
      ['1970-01-02T00:00:00Z', 1],
      ['1970-01-02T01:00:00+01:00', 1],
      ['1969-12-31T00:00:00Z', -1],
      ['1970-01-02T00:00:01Z', undefined],
      [1, undefined],
      ['1970-1-2', undefined],
    ],
  },
  toTimeMicros: {
    convert: toTimeMicros,
    cases: [
      ['00:00:01', 1_000_000],
      [1, undefined],
      ['25:00', undefined],
    ],
  },
  toJsonText: {
    convert: toJsonText,
    cases: [
      [{ a: [BIG, null] }, `{"a":[${BIG},null]}`],
      ['x', '"x"'],
      [1, '1'],
    ],
  },
  toUuid: {
    convert: toUuid,
    cases: [
      ['123E4567-e89b-12d3-a456-426614174000', '123e4567-e89b-12d3-a456-426614174000'],
      ['123e4567e89b12d3a456426614174000', '123e4567-e89b-12d3-a456-426614174000'],
      ['123e4567-e89b-12d3-a456-42661417400', undefined],
      ['{123e4567-e89b-12d3-a456-426614174000}', undefined],
      [1, undefined],
    ],
  },
  toBinary: {
    convert: toBinary,
    cases: [
      ['aGk=', Uint8Array.of(104, 105)],
      ['aGk', Uint8Array.of(104, 105)],
      ['-_8', Uint8Array.of(0xfb, 0xff)],
      ['', Uint8Array.of()],
      ['a', undefined],
      ['a b=', undefined],
      [1, undefined],
    ],
  },
}

describe.each(Object.entries(converters))('%s', (_name, { convert, cases }) => {
  it.each(cases.map(([value, expected]) => ({ value, expected })))('$value → $expected', ({ value, expected }) => {
    expect(convert(value)).toStrictEqual(expected)
  })
})
