import type { JsonObject } from '../configs.ts'
import type { ParityCase, ParityGroup } from '../parity-case.ts'
import { type Item, items } from '../routes.ts'
import { twice } from '../twice.ts'

const by = (strategy: string, more: JsonObject = {}): JsonObject => ({
  primary_key: 'id',
  write_disposition: { disposition: 'merge', strategy, ...more },
})
const tagged = (id: number, ...tags: string[]): Item => ({ id, tags })
const changed = [
  { id: 2, name: 'new' },
  { id: 3, name: 'more' },
]

const ONE_ROW = 'Records of one new key in one load are one row; dlt inserts them all.'
const NOTHING = 'A run that has read everything and found nothing says that nothing is there any more; dlt leaves all as it was.'

const strategies: ParityCase[] = [
  twice('merge-upsert', 'upsert: known keys are updated, others added', by('upsert'), items(2), changed, { items: 3 }),
  twice(
    'merge-upsert-children',
    'upsert: child rows are those of the new record',
    by('upsert'),
    [tagged(1, 'a', 'b'), tagged(2, 'c')],
    [tagged(1, 'z'), tagged(3, 'd')],
    { items: 3, items__tags: 3 },
  ),
  twice(
    'merge-upsert-duplicates',
    'upsert: of two records of one key, the last counts, with what only the first has',
    by('upsert'),
    items(1),
    [
      { id: 2, name: 'first', note: 'of the first' },
      { id: 2, name: 'last' },
    ],
    undefined,
    {
      better: {
        reason: 'Records of one new key in one load are one row, with the fields of all of them; dlt inserts each as it is.',
        ours: { tables: { items: [...items(1), { id: 2, name: 'last', note: 'of the first' }] } },
        dlt: { tables: { items: [...items(1), { id: 2, name: 'first', note: 'of the first' }, { id: 2, name: 'last' }] } },
      },
    },
  ),
  twice(
    'merge-upsert-null',
    'upsert: a field that came as null becomes null',
    by('upsert'),
    [{ id: 1, a: 'x', b: 'y' }],
    [{ id: 1, a: null, b: 'z' }],
    { items: 1 },
  ),
  twice(
    'merge-upsert-missing',
    'upsert: a field that did not come',
    by('upsert'),
    [{ id: 1, a: 'x', b: 'y' }],
    [
      { id: 1, b: 'z' },
      { id: 2, a: 'w' },
    ],
    undefined,
    {
      better: {
        reason: 'upsert changes what came, and leaves alone what did not; dlt sets it to null.',
        ours: {
          tables: {
            items: [
              { id: 1, a: 'x', b: 'z' },
              { id: 2, a: 'w' },
            ],
          },
        },
        dlt: {
          tables: {
            items: [
              { id: 1, b: 'z' },
              { id: 2, a: 'w' },
            ],
          },
        },
      },
    },
  ),
  twice('merge-insert-only', 'insert-only: known keys stay as they are', by('insert-only'), items(2), changed, { items: 3 }),
  twice(
    'merge-insert-only-children',
    'insert-only: child rows of known keys stay',
    by('insert-only'),
    [tagged(1, 'a', 'b')],
    [tagged(1, 'z'), tagged(2, 'd')],
    { items: 2, items__tags: 3 },
  ),
  twice(
    'merge-insert-only-duplicates',
    'insert-only: of two records of one key, one counts',
    by('insert-only'),
    items(1),
    [
      { id: 2, name: 'first' },
      { id: 2, name: 'last' },
    ],
    undefined,
    {
      better: {
        reason: ONE_ROW,
        ours: { tables: { items: [...items(1), { id: 2, name: 'first' }] } },
        dlt: { tables: { items: [...items(1), { id: 2, name: 'first' }, { id: 2, name: 'last' }] } },
      },
    },
  ),
  twice(
    'merge-skip-unchanged',
    'skip_unchanged_rows: the rows are the same',
    by('upsert', { skip_unchanged_rows: true }),
    items(2),
    [...items(1), ...changed],
    { items: 3 },
  ),
  twice('merge-cdc', 'cdc: keys that are absent are deleted', by('cdc'), items(3), changed, { items: 2 }),
  twice(
    'merge-cdc-children',
    'cdc: child rows go with them',
    by('cdc'),
    [tagged(1, 'a', 'b'), tagged(2, 'c')],
    [tagged(2, 'c', 'd')],
    { items: 1, items__tags: 2 },
  ),
  twice('merge-cdc-nothing', 'cdc: a run that brings nothing', by('cdc'), items(2), [], undefined, {
    better: {
      reason: NOTHING,
      ours: { tables: { items: [] } },
      dlt: { tables: { items: items(2) } },
    },
  }),
]

const versions: ParityCase[] = [
  twice(
    'scd2-changed',
    'scd2: a changed record is a new version, an equal one is none, an absent one ends',
    by('scd2'),
    items(3),
    [...items(1), { id: 2, name: 'new' }],
    { items: 4 },
  ),
  twice('scd2-key-order', 'scd2: another order of keys is no change', by('scd2'), items(1), [{ name: 'item 1', id: 1 }], {
    items: 1,
  }),
  twice(
    'scd2-children',
    'scd2: child rows belong to their version',
    by('scd2'),
    [tagged(1, 'a'), tagged(2, 'c')],
    [tagged(1, 'a', 'b'), tagged(2, 'c')],
    { items: 3, items__tags: 4 },
  ),
  twice(
    'scd2-merge-key',
    'scd2: with a merge_key, only what has the same value ends',
    { ...by('scd2'), merge_key: 'day' },
    [
      { id: 1, day: 1 },
      { id: 2, day: 1 },
      { id: 3, day: 2 },
    ],
    [
      { id: 1, day: 1 },
      { id: 4, day: 1 },
    ],
    { items: 4 },
  ),
  twice(
    'scd2-merge-key-alone',
    'scd2: a merge_key and no primary key',
    { merge_key: 'id', write_disposition: { disposition: 'merge', strategy: 'scd2' } },
    items(2),
    [{ id: 2, name: 'new' }],
    { items: 3 },
  ),
  twice('scd2-nothing', 'scd2: a run that brings nothing', by('scd2'), items(2), [], undefined, {
    better: {
      reason: NOTHING,
      ours: { tables: { items: items(2).map((item) => ({ ...item, '(active)': false })) } },
      dlt: { tables: { items: items(2).map((item) => ({ ...item, '(active)': true })) } },
    },
  }),
  twice(
    'scd2-returning',
    'scd2: a run that brings a record of before, changed back',
    by('scd2'),
    items(1),
    [{ id: 1, name: 'new' }],
    { items: 2 },
  ),
  twice(
    'scd2-null',
    'scd2: null instead of a field that is missing',
    by('scd2'),
    [{ id: 1, a: 'x' }, { id: 2 }],
    [
      { id: 1, a: 'x' },
      { id: 2, a: null },
    ],
    undefined,
    {
      better: {
        reason: 'A null and a missing field are the same row, so no new version; to dlt they differ.',
        ours: {
          tables: {
            items: [
              { id: 1, a: 'x', '(active)': true },
              { id: 2, '(active)': true },
            ],
          },
        },
        dlt: {
          tables: {
            items: [
              { id: 1, a: 'x', '(active)': true },
              { id: 2, '(active)': true },
              { id: 2, '(active)': false },
            ],
          },
        },
      },
    },
  ),
  twice(
    'scd2-validity-columns',
    'scd2: other names for the columns of validity',
    by('scd2', { validity_column_names: ['since', 'until'] }),
    items(1),
    items(1),
    undefined,
    {
      better: {
        reason:
          'Versions have the same columns in every table. What is not taken is refused by name, and says what there is instead.',
        ours: { error: /validity_column_names.*_sync_valid_from/, requests: ['run 2'], tables: {}, columns: {} },
        dlt: { error: null, requests: ['GET /items', 'run 2', 'GET /items'] },
      },
    },
  ),
  twice(
    'scd2-without-key',
    'scd2 without a key',
    { write_disposition: { disposition: 'merge', strategy: 'scd2' } },
    items(1),
    items(1),
    undefined,
    {
      better: {
        reason:
          'A merge without a key is a configuration error before any request: without one, nobody could say which versions are of one record.',
        ours: { error: /key/, requests: ['run 2'], tables: {}, columns: {} },
        dlt: {
          error: null,
          requests: ['GET /items', 'run 2', 'GET /items'],
          tables: { items: [{ ...items(1)[0], '(active)': true }] },
          columns: { items: { id: 'BIGINT', name: 'VARCHAR' } },
        },
      },
    },
  ),
  twice(
    'scd2-new-column',
    'scd2: a new column is a change',
    by('scd2'),
    items(2),
    [{ id: 1, name: 'item 1', extra: 1 }, ...items(1, 2)],
    {
      items: 3,
    },
  ),
]

export const merges: ParityGroup = { topic: 'Merges: strategies', cases: [...strategies, ...versions] }
