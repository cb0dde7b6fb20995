import {
  binary,
  date,
  decimal,
  epochMilliseconds,
  epochSeconds,
  integer,
  type JsonValue,
  json,
  time,
  timestamp,
  uuid,
} from '@tributary/core'
import { text } from '@tributary/testkit'
import * as v from 'valibot'
import { type Item, lists, type Scenario } from './scenario.ts'

const records = (column: string, values: readonly JsonValue[], from = 1): Item[] =>
  values.map((value, index) => ({ id: from + index, [column]: value, all: { [column]: value }, list: [value, value] }))

const merges = { primaryKey: 'id', writeDisposition: 'merge' } as const

const integers: readonly JsonValue[] = [
  ...[0, -1, 2 ** 31, -(2 ** 31) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  ...[2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)],
]
const larger: readonly JsonValue[] = [2n ** 63n, -(2n ** 63n) - 1n, 2n ** 64n, 10n ** 37n, 10n ** 38n - 1n, -(10n ** 38n) + 1n]
const largest: readonly JsonValue[] = [10n ** 38n, BigInt('7'.repeat(60)), -BigInt('9'.repeat(60)), BigInt('1'.repeat(400))]

/** A body with numbers as they are written. */
const written = (...numbers: readonly string[]) =>
  text(
    `{"data":[${numbers.map((number, index) => `{"id":${index + 1},"n":${number},"list":[${number}]}`).join()}],"total":${numbers.length}}`,
    {
      contentType: 'application/json',
    },
  )

const texts: readonly JsonValue[] = [
  ...[
    '',
    ' ',
    'null',
    'NULL',
    'NaN',
    'true',
    '\\N',
    '\\',
    '\\\\n',
    "'",
    '"',
    "'; DROP TABLE x; --",
    ',',
    '\t',
    '\r\n',
    '\n',
    '{}',
    '[]',
  ],
  ...[
    '\u0001',
    '\u001f',
    '\u007f',
    '\u0080',
    '\u2028\u2029',
    '\ufeffBOM',
    '\u200bzero',
    'e\u0301',
    '\u00e9',
    '😀',
    '👩‍👩‍👧',
    '\uffff',
    '𝕏',
  ],
  ...['12', '012', '1.50', '1e5', '-0', '+1', '0x1F', 'Infinity', 'x'.repeat(1_000_000)],
]

/** No characters: half of a surrogate pair, alone, within, and two in the wrong order. */
const halvesOfPairs: readonly string[] = ['\ud800', 'x\udc00y', '\ude00\ud83d']

/** JSON with them in texts and in a key, and beside characters that JSON could write as pairs of escapes. */
export const HALVES_IN_JSON: readonly JsonValue[] = [
  ...halvesOfPairs,
  [...halvesOfPairs, '😀'],
  { 'x\ud83d': { y: ['\\\ud800', '\\ud800'] } },
]
const inJson = (values: readonly JsonValue[], from = 1): Item[] => values.map((any, index) => ({ id: from + index, any }))

const instants: readonly JsonValue[] = [
  ...['2026-01-02T03:04:05Z', '2026-01-02T03:04:05z', '2026-01-02T03:04:05', '2026-01-02 03:04:05', '2026-01-02T03:04Z'],
  ...['2026-01-02T03:04:05+00:00', '2026-01-02T03:04:05+0530', '2026-01-02T03:04:05-12:00', '2026-01-02T03:04:05+14'],
  ...['2026-01-02T03:04:05.1Z', '2026-01-02T03:04:05.123456Z', '2026-01-02T03:04:05.123456789Z', '2026-01-02T03:04:05,5Z'],
  ...[
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999999Z',
    '1969-12-31T23:59:59.999999Z',
    '2024-02-29T12:00:00Z',
    '1582-10-10T00:00:00Z',
  ],
]
const noInstants: readonly JsonValue[] = [
  ...['2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z', '0000-01-01T00:00:00Z', '2026-01-02T25:00:00Z', '2026-01-02T03:04:60Z'],
  ...[
    '2026-01-02',
    '03:04:05',
    '20260102T030405Z',
    '2026-W01-1',
    'yesterday',
    '10000-01-01T00:00:00Z',
    '2026-01-02T03:04:05+25:00',
  ],
]

const declaredSchema = v.looseObject({
  id: integer(),
  day: v.nullish(date()),
  clock: v.nullish(time()),
  price: v.nullish(decimal(38, 10)),
  whole: v.nullish(decimal(5, 0)),
  key: v.nullish(uuid()),
  any: v.nullish(json()),
  seconds: v.nullish(epochSeconds()),
  millis: v.nullish(epochMilliseconds()),
  bytes: v.nullish(binary()),
  at: v.nullish(timestamp()),
  flag: v.nullish(v.boolean()),
})

export const valueScenarios: readonly Scenario[] = [
  {
    name: 'integers',
    rules: ['types.matrix.integers'],
    settings: merges,
    runs: lists(
      records('n', integers),
      [...records('n', larger, 5), ...records('n', [7], 30)],
      records('n', [...largest, ...integers], 9),
    ),
  },
  {
    name: 'doubles',
    rules: ['types.matrix.doubles'],
    settings: merges,
    runs: () => [
      written('1e308', '-1.7976931348623157e308', '5e-324', '0.1', '1.0', '-0.0', '-0', '1e0', '123456789012345.678', '3'),
      written('2.0', '1.5', '-0', '9007199254740993', '1e22', '4', '0.30000000000000004', '1E-7'),
      written('1', '"1.25"', 'true', '12345678901234567890', '"x"', 'null'),
    ],
  },
  {
    name: 'integers_that_become_doubles',
    rules: ['types.matrix.widen'],
    settings: merges,
    runs: lists(records('n', [1, 2, 3]), records('n', [1.5, 2], 3), records('n', ['x', true, 2n ** 60n, { a: 1 }, [1]], 2)),
  },
  {
    name: 'large_integers_that_meet_fractions',
    rules: ['types.matrix.variants'],
    settings: merges,
    runs: lists(
      records('n', [2n ** 60n + 1n, 1]),
      records('n', [1.5, 2n ** 70n, false], 2),
      records('n', ['2026-01-02T03:04:05Z', 10n ** 50n, 0.5], 4),
    ),
  },
  {
    name: 'texts',
    rules: ['types.matrix.texts'],
    settings: merges,
    limit: 50,
    runs: lists(
      records('t', texts),
      records('t', [...texts].reverse(), 3),
      records('t', [12, true, 1.5, 2n ** 70n, null, 'x'], 1),
    ),
  },
  {
    name: 'zeros_in_texts',
    rules: ['types.matrix.characters'],
    settings: merges,
    runs: lists(
      records('t', ['a\u0000b', '\u0000', 'plain']),
      records('t', ['\u0000\u0000', 5], 3),
      records('t', ['plain', 'a\u0000'], 1),
    ),
  },
  {
    name: 'halves_of_pairs',
    rules: ['types.matrix.characters'],
    settings: merges,
    runs: lists(records('t', halvesOfPairs), records('t', ['plain', ...halvesOfPairs], 2), records('t', ['😀'], 3)),
  },
  {
    name: 'halves_of_pairs_in_json',
    rules: ['types.matrix.characters'],
    settings: { ...merges, schema: v.looseObject({ id: integer(), any: json() }) },
    runs: lists(inJson(HALVES_IN_JSON), inJson(['plain', ...HALVES_IN_JSON], 2), inJson(['😀'], 3)),
  },
  {
    name: 'instants',
    rules: ['types.matrix.instants'],
    settings: merges,
    limit: 20,
    runs: lists(
      records('at', instants),
      records('at', [0, 1_700_000_000, 1_700_000_000_123, -1, ...instants], 1),
      records('at', [...noInstants, true, { a: 1 }], 3),
    ),
  },
  {
    name: 'no_instants',
    rules: ['types.matrix.dates'],
    settings: merges,
    limit: 20,
    runs: lists(records('at', noInstants), records('at', instants), records('at', [1_700_000_000, null, ...noInstants])),
  },
  {
    name: 'declared_types',
    rules: ['types.matrix.declared'],
    settings: { ...merges, schema: declaredSchema, schemaContract: { dataType: 'evolve' } },
    runs: lists(
      [
        {
          id: 1,
          day: '0001-01-01',
          clock: '00:00',
          price: '-0.0000000001',
          whole: 99999,
          key: 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
        },
        {
          id: 2,
          day: '9999-12-31',
          clock: '23:59:59.999999',
          price: '1234567890123456789012345678.5',
          whole: -99999,
          any: { b: [1, { a: null }], a: 2n ** 70n },
        },
        { id: 3, any: [], seconds: -1, millis: 1, bytes: '', at: '2026-01-02T03:04:05.6789Z', flag: true },
        { id: 4, any: 'text', bytes: 'AAECA/8=', seconds: 253_402_300_799, millis: 1.5, price: 0.1, flag: 'no' },
        { id: 5, any: 1e308, key: 'a0eebc999c0b4ef8bb6d6bb9bd380a11', clock: '12:00:00.5', price: '1e3' },
      ],
      [
        { id: 1, day: null, clock: null, price: null, whole: null, key: null, any: null },
        {
          id: 6,
          day: 'never',
          clock: 'noon',
          price: 'much',
          whole: 1.5,
          key: 'none',
          seconds: 'soon',
          bytes: '!',
          at: 'then',
          flag: 'perhaps',
        },
        { id: 7, day: 20_260_102, clock: 5, price: { a: 1 }, whole: 100_000, key: 12, flag: [1], any: false },
      ],
      [
        { id: 6, day: '2026-01-02', any: 0, extra: { more: [1] } },
        { id: 7, day: true, price: [1, 2], at: 1_700_000_000 },
      ],
    ),
  },
]
