import type { JsonValue } from '@tributary/core'
import { json } from '@tributary/testkit'
import { itemsFrom, type JsonObject } from '../configs.ts'
import type { ParityCase, ParityGroup } from '../parity-case.ts'

const nesting = { a: { b: { c: 1, list: [1] } }, rows: [{ x: { y: 2 }, deeper: [{ z: 3 }] }] }

const shape = (
  name: string,
  shows: string,
  records: JsonValue[],
  rows: ParityCase['rows'],
  resource: JsonObject = {},
  more: Partial<ParityCase> = {},
): ParityCase => ({
  name,
  shows,
  config: itemsFrom({ paginator: 'single_page', data_selector: '$' }, { resource }),
  routes: () => ({ '/items': json(records) }),
  ...(rows !== undefined && { rows }),
  ...more,
})

const shapes: ParityCase[] = [
  shape(
    'shape-types',
    'The types of JSON',
    [{ id: 1, whole: 3, fraction: 1.5, yes: true, text: 'x', nothing: null, at: '2026-01-31T10:20:30.123456Z' }],
    { items: 1 },
  ),
  shape(
    'shape-times',
    'Times with a zone, without one, and dates',
    [{ a: '2026-01-31T10:20:30+02:00', b: '2026-01-31T10:20:30', c: '2026-01-31', d: '10:20:30', e: '12' }],
    { items: 1 },
  ),
  shape(
    'shape-null-then-value',
    'A column that is null at first',
    [
      { id: 1, a: null },
      { id: 2, a: 5 },
    ],
    { items: 2 },
  ),
  shape('shape-only-null', 'A column that is always null is not made', [{ id: 1, a: null }], { items: 1 }),
  shape('shape-nested', 'Objects become columns, lists become tables', [nesting], {
    items: 1,
    items__a__b__list: 1,
    items__rows: 1,
    items__rows__deeper: 1,
  }),
  shape('shape-list-in-list', 'A list in a list', [{ id: 1, grid: [[1, 2], [3]] }], {
    items: 1,
    items__grid: 2,
    items__grid__list: 3,
  }),
  shape('shape-empty', 'Empty lists and objects are nothing', [{ id: 1, list: [], object: {} }], { items: 1 }),
  shape('shape-nesting-0', 'max_table_nesting 0', [nesting], { items: 1 }, { max_table_nesting: 0 }),
  shape(
    'shape-nesting-1',
    'max_table_nesting 1',
    [{ id: 1, rows: [{ deeper: [{ z: 3 }] }] }],
    { items: 1, items__rows: 1 },
    { max_table_nesting: 1 },
  ),
  shape('shape-names', 'Names in snake_case', [{ userName: 1, HTTPServer: 2, ID: 3, '1st': 4, 'a-b': 5, $ref: 6, a__b: 7 }], {
    items: 1,
  }),
  shape('shape-unicode', 'Texts beyond ASCII', [{ id: 1, name: 'Žofie 🦊 日本', emoji: '👩‍👩‍👧' }], { items: 1 }),
  shape(
    'shape-fraction-widens',
    'Whole numbers, then a fraction, in a column of fractions',
    [
      { id: 1, n: 1.5 },
      { id: 2, n: 2 },
    ],
    { items: 2 },
  ),
  shape('shape-big-integer', 'An integer past 2^53', [{ id: 9_007_199_254_740_993n, v: 9_223_372_036_854_775_807n }], {
    items: 1,
  }),
  shape(
    'shape-variant',
    'A text in a column of numbers',
    [
      { id: 1, v: 5 },
      { id: 2, v: 'five' },
      { id: 3, v: '6' },
    ],
    { items: 3 },
  ),
]

const better: ParityCase[] = [
  shape(
    'shape-text-takes-all',
    'Numbers and booleans in a column of text',
    [
      { id: 1, v: 'x' },
      { id: 2, v: 5 },
      { id: 3, v: true },
    ],
    { items: 3 },
    {},
    {
      better: {
        reason: "A boolean's text is that of JSON; dlt writes Python's True.",
        ours: {
          tables: {
            items: [
              { id: 1, v: 'x' },
              { id: 2, v: '5' },
              { id: 3, v: 'true' },
            ],
          },
        },
        dlt: {
          tables: {
            items: [
              { id: 1, v: 'x' },
              { id: 2, v: '5' },
              { id: 3, v: 'True' },
            ],
          },
        },
      },
    },
  ),
  shape(
    'shape-accents',
    'A name with an accent',
    [{ été: 1 }],
    { items: 1 },
    {},
    {
      better: {
        reason: 'Letters are transliterated; dlt makes underscores of them.',
        ours: { tables: { items: [{ ete: 1 }] }, columns: { items: { ete: 'BIGINT' } } },
        dlt: { tables: { items: [{ _tx: 1 }] }, columns: { items: { _tx: 'BIGINT' } } },
      },
    },
  ),
  shape(
    'shape-whole-then-fraction',
    'A fraction in a column of whole numbers',
    [
      { id: 1, n: 1 },
      { id: 2, n: 2.5 },
    ],
    { items: 2 },
    {},
    {
      better: {
        reason: 'The column widens to DOUBLE; dlt puts the fraction into a column of its own.',
        ours: {
          tables: {
            items: [
              { id: 1, n: 1 },
              { id: 2, n: 2.5 },
            ],
          },
          columns: { items: { id: 'BIGINT', n: 'DOUBLE' } },
        },
        dlt: {
          tables: {
            items: [
              { id: 1, n: 1 },
              { id: 2, n__v_double: 2.5 },
            ],
          },
          columns: { items: { id: 'BIGINT', n: 'BIGINT', n__v_double: 'DOUBLE' } },
        },
      },
    },
  ),
  shape(
    'shape-huge-integer',
    'An integer past 64 bits',
    [{ id: 1, n: 18_446_744_073_709_551_616n }],
    undefined,
    {},
    {
      better: {
        reason: 'It is a DECIMAL of 38 digits; dlt fails to load it.',
        ours: {
          error: null,
          tables: { items: [{ id: 1, n: '18446744073709551616' }] },
          columns: { items: { id: 'BIGINT', n: 'DECIMAL(38,0)' } },
        },
        dlt: { error: /./ },
      },
    },
  ),
  shape(
    'shape-colliding-names',
    'Two keys that meet in one column',
    [{ id: 1, userName: 'a', user_name: 'b' }],
    { items: 1 },
    {},
    {
      better: {
        reason: 'Both stay, the later one in a column with a suffix; dlt keeps the last and says nothing.',
        ours: {
          tables: { items: [{ id: 1, user_name: 'a', user_name_065d4d: 'b' }] },
          columns: { items: { id: 'BIGINT', user_name: 'VARCHAR', user_name_065d4d: 'VARCHAR' } },
        },
        dlt: { tables: { items: [{ id: 1, user_name: 'b' }] }, columns: { items: { id: 'BIGINT', user_name: 'VARCHAR' } } },
      },
    },
  ),
]

export const tables: ParityGroup = { topic: 'Tables and columns', cases: [...shapes, ...better] }
