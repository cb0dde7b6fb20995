import type { JsonValue } from '@tributary/core'
import { type Item, lists, ofPairs, type Scenario } from './scenario.ts'

const HOSTILE = [
  ...['select', 'from', 'table', 'order', 'user', 'primary', 'null', 'true', 'default', 'xmin', 'ctid', 'oid', 'rowid'],
  ...['', ' ', '"', "'", '`', 'a"b', "it's", 'a;b', '--', '/*', '%s', '$1', '?', '\\', '\u0000', 'a\u0000b', 'line\nbreak', '\t'],
  ...[
    '"; DROP TABLE items; --',
    "'); DELETE FROM items; --",
    '\u0024{x}',
    '{{x}}',
    'x.y',
    'x/y',
    '../x',
    'C:\\x',
    'a,b',
    '[0]',
    '$',
    '$.x',
  ],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'length', 'then'],
  ...['_sync_id', '_sync_load_id', '_sync_parent_id', '_sync_index', '_SYNC_ID', 'value', 'list', '_empty', '1st', '0', '-1'],
  ...[
    'été',
    'Straße',
    'ﬁne',
    '数量',
    'Ценa',
    'עברית',
    'العربية',
    'ไทย',
    '한국어',
    'İstanbul',
    'ǅ',
    '😀',
    '👩‍👩‍👧',
    '\u200b',
    '\ufeff',
  ],
]

/** Keys that meet in one column. */
const MEETING = [
  'userName',
  'user_name',
  'UserName',
  'user-name',
  'user name',
  'USER_NAME',
  'user.name',
  'a__b',
  'a--b',
  'A__b',
  'a_b',
  'aB',
]

const named = (value: (key: string, index: number) => JsonValue, keys: readonly string[]): Item =>
  ofPairs(keys.map((key, index) => [key, value(key, index)]))

const record = (id: number, value: (key: string, index: number) => JsonValue, keys: readonly string[]): Item =>
  ofPairs([['id', id], ...Object.entries(named(value, keys))])

const all = [...HOSTILE, ...MEETING]

/** Each list is a table. */
const FEW = [
  'select',
  '',
  '"',
  "'); DELETE FROM items; --",
  '__proto__',
  'constructor',
  '_sync_id',
  'list',
  'value',
  '数量',
  '😀',
  '\u0000',
  'a.b',
  '../x',
]

/** Names of so many bytes, of characters of one byte and of more. */
const lengths = [63, 64, 200, 201, 1000]
const long = lengths.flatMap((bytes) => [
  'k'.repeat(bytes),
  `${'k'.repeat(bytes - 1)}z`,
  `${'é'.repeat(Math.floor(bytes / 2))}`,
  `${'数'.repeat(Math.floor(bytes / 3))}${'x'.repeat(bytes % 3)}`,
])

export const nameScenarios: readonly Scenario[] = [
  {
    name: 'keys_of_columns',
    rules: ['names.matrix.columns'],
    settings: { primaryKey: 'id', writeDisposition: 'merge' },
    runs: lists(
      [record(1, (key) => `of ${key}`, all), record(2, (_, index) => `text ${index}`, all.slice(0, 20))],
      [record(2, (key) => `again ${key}`, [...all].reverse()), record(3, (_, index) => `${index}`, all)],
      [
        record(1, (key) => (key.length % 2 === 0 ? null : `is ${key}`), all),
        record(4, (_, index) => `${index}`, ['new', 'New', 'NEW']),
      ],
    ),
  },
  {
    name: 'keys_of_objects_and_lists',
    rules: ['names.matrix.tables'],
    settings: { primaryKey: 'id', writeDisposition: 'merge' },
    runs: lists(
      [
        { id: 1, object: named((key) => `in ${key}`, HOSTILE), lists: named((key) => [key, { of: key }], FEW) },
        { id: 2, object: named((_, index) => index, MEETING), lists: named((key) => [{ [key]: key }], MEETING) },
      ],
      [{ id: 2, object: named((key) => ({ [key]: key }), [...MEETING].reverse()), lists: named((_, at) => [at], FEW) }],
      [{ id: 1, object: named((key) => [key], FEW), lists: null }],
    ),
  },
  {
    name: 'keys_that_are_too_long',
    rules: ['names.matrix.long'],
    settings: { primaryKey: 'id', writeDisposition: 'merge' },
    runs: lists(
      [record(1, (_, index) => index, long)],
      [
        record(2, (_, index) => [index, { deep: [index] }], long.slice(0, 8)),
        record(1, (_, index) => index + 0.5, [...long].reverse()),
      ],
      [
        record(3, (_, index) => ({ [long[index]!]: index }), long),
        record(2, (_, index) => [{ [long[index]!]: [index] }], long.slice(0, 6)),
      ],
    ),
  },
]
