import type { JsonObject } from '../configs.ts'
import type { ParityCase, ParityGroup } from '../parity-case.ts'
import { twice } from '../twice.ts'

const by = (strategy: string): JsonObject => ({ primary_key: 'id', write_disposition: { disposition: 'merge', strategy } })
const merge = by('delete-insert')

const partitions: ParityCase[] = [
  twice(
    'merge-key-partition',
    'merge_key replaces what has the same value',
    { merge_key: 'day', write_disposition: 'merge' },
    [
      { day: 1, v: 'a' },
      { day: 1, v: 'b' },
      { day: 2, v: 'c' },
    ],
    [{ day: 1, v: 'd' }],
    { items: 2 },
  ),
  twice(
    'merge-key-and-primary-key',
    'merge_key and primary_key: what matches either is replaced',
    { ...merge, merge_key: 'day' },
    [
      { id: 1, day: 1, tags: ['a'] },
      { id: 2, day: 1, tags: ['b'] },
      { id: 3, day: 2, tags: ['c'] },
      { id: 4, day: 3, tags: ['d'] },
    ],
    [{ id: 3, day: 1, tags: ['z'] }],
    { items: 2, items__tags: 2 },
  ),
  twice(
    'merge-key-of-two',
    'A merge_key of two columns',
    { merge_key: ['shop', 'day'], write_disposition: 'merge' },
    [
      { shop: 1, day: 1, v: 'a' },
      { shop: 1, day: 2, v: 'b' },
      { shop: 2, day: 1, v: 'c' },
    ],
    [{ shop: 1, day: 1, v: 'd' }],
    { items: 3 },
  ),
  twice(
    'merge-key-of-columns',
    'A merge_key that is declared with the columns',
    { write_disposition: 'merge', columns: { day: { merge_key: true } } },
    [
      { day: 1, v: 'a' },
      { day: 1, v: 'b' },
      { day: 2, v: 'c' },
    ],
    [{ day: 1, v: 'd' }],
    { items: 2 },
  ),
  twice(
    'merge-key-null',
    'A merge_key that has no value',
    { ...merge, merge_key: 'day' },
    [
      { id: 1, day: null },
      { id: 2, day: 1 },
    ],
    [{ id: 3, day: 1 }],
    undefined,
    {
      better: {
        reason:
          'A row that no later load could replace is refused, and named. dlt fails as well, in the database, and leaves an empty table.',
        ours: { error: /merge key day is null, in record 1/, tables: {}, columns: {} },
        dlt: { error: /NOT NULL/, tables: { items: [] }, columns: { items: { day: 'BIGINT', id: 'BIGINT' } } },
      },
    },
  ),
]

const hints: ParityCase[] = [
  twice(
    'upsert-hard-delete-new',
    'upsert: a record that is marked when it first comes',
    { ...by('upsert'), columns: { gone: { hard_delete: true, data_type: 'bool' } } },
    [{ id: 1, gone: true }],
    [{ id: 2, gone: true }],
    undefined,
    {
      better: {
        reason: 'A record that is deleted is no row, whether its key was there or not; dlt inserts it.',
        ours: { tables: { items: [] } },
        dlt: {
          tables: {
            items: [
              { id: 1, gone: true },
              { id: 2, gone: true },
            ],
          },
        },
      },
    },
  ),
  ...(['delete-insert', 'upsert'] as const).flatMap((strategy) => [
    twice(
      `${strategy}-hard-delete`,
      `${strategy}: a record that is marked is deleted, with its child rows`,
      { ...by(strategy), columns: { gone: { hard_delete: true, data_type: 'bool' } } },
      [
        { id: 1, gone: false, tags: ['a'] },
        { id: 2, gone: false, tags: ['b'] },
        { id: 3, tags: ['c'] },
      ],
      [
        { id: 1, gone: true, tags: ['z'] },
        { id: 3, gone: null, tags: ['d'] },
      ],
      { items: 2, items__tags: 2 },
    ),
    twice(
      `${strategy}-hard-delete-timestamp`,
      `${strategy}: any value of another type marks a record`,
      { ...by(strategy), columns: { deleted_at: { hard_delete: true, data_type: 'timestamp' } } },
      [
        { id: 1, deleted_at: null },
        { id: 2, deleted_at: null },
      ],
      [{ id: 1, deleted_at: '2026-01-01T00:00:00Z' }],
      { items: 1 },
    ),
  ]),
  twice(
    'insert-only-hard-delete',
    'insert-only: a marked record deletes nothing',
    { ...by('insert-only'), columns: { gone: { hard_delete: true, data_type: 'bool' } } },
    [{ id: 1, gone: false }],
    [
      { id: 1, gone: true },
      { id: 2, gone: true },
      { id: 3, gone: false },
    ],
    { items: 2 },
  ),
  twice(
    'hard-delete-first-load',
    'A record that is marked when it first comes',
    { ...merge, columns: { gone: { hard_delete: true, data_type: 'bool' } } },
    [
      { id: 1, gone: true },
      { id: 2, gone: false },
    ],
    [{ id: 3, gone: false }],
    { items: 2 },
  ),
  ...(['asc', 'desc'] as const).map((order) =>
    twice(
      `dedup-sort-${order}`,
      `dedup_sort ${order}: which of several records of one key counts`,
      { ...merge, columns: { version: { data_type: 'bigint', dedup_sort: order } } },
      [
        { id: 1, version: 2, v: 'b' },
        { id: 1, version: 3, v: 'c' },
        { id: 1, version: 1, v: 'a' },
        { id: 2, version: 1, v: 'x' },
      ],
      [],
      { items: 2 },
    ),
  ),
  twice(
    'dedup-sort-hard-delete',
    'dedup_sort: a record that is marked, among others of its key',
    {
      ...merge,
      columns: { version: { data_type: 'bigint', dedup_sort: 'desc' }, gone: { hard_delete: true, data_type: 'bool' } },
    },
    [
      { id: 1, version: 1, gone: false },
      { id: 2, version: 1, gone: false },
    ],
    [
      { id: 1, version: 3, gone: true },
      { id: 1, version: 2, gone: false },
      { id: 2, version: 2, gone: true },
      { id: 2, version: 3, gone: false },
    ],
    { items: 1 },
  ),
  twice(
    'dedup-sort-older',
    'dedup_sort: an older record that comes later',
    { ...merge, columns: { version: { data_type: 'bigint', dedup_sort: 'desc' } } },
    [{ id: 1, version: 2, v: 'newer' }],
    [{ id: 1, version: 1, v: 'older' }],
    undefined,
    {
      better: {
        reason: 'An older version never takes the place of a newer one, whichever load it comes in; dlt sorts within a load.',
        ours: { tables: { items: [{ id: 1, version: 2, v: 'newer' }] } },
        dlt: { tables: { items: [{ id: 1, version: 1, v: 'older' }] } },
      },
    },
  ),
]

export const mergeKeys: ParityGroup = { topic: 'Merges: keys and columns', cases: [...partitions, ...hints] }
