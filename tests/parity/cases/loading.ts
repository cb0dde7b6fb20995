import { json } from '@tributary/testkit'
import { configOf, itemsFrom } from '../configs.ts'
import type { ParityCase, ParityGroup } from '../parity-case.ts'
import { type Item, items } from '../routes.ts'
import { twice } from '../twice.ts'

const merge = { primary_key: 'id', write_disposition: 'merge' }
const tagged = (id: number, ...tags: string[]): Item => ({ id, tags })

const dispositions: ParityCase[] = [
  twice('append-default', 'Without a disposition, rows are added', {}, items(2), items(2), { items: 4 }),
  twice(
    'append-child-rows',
    'Child rows are added too',
    { write_disposition: 'append' },
    [tagged(1, 'a')],
    [tagged(1, 'a', 'b')],
    { items: 2, items__tags: 3 },
  ),
  twice(
    'replace',
    'The new rows replace the old',
    { write_disposition: 'replace' },
    [tagged(1, 'a'), tagged(2)],
    [tagged(3, 'c', 'd')],
    { items: 1, items__tags: 2 },
  ),
  twice('replace-nothing', 'Nothing replaces the old rows as well', { write_disposition: 'replace' }, items(2), [], { items: 0 }),
  twice(
    'merge-key',
    'Rows of one key are replaced, others stay',
    merge,
    items(3),
    [
      { id: 2, name: 'new' },
      { id: 4, name: 'more' },
    ],
    { items: 4 },
  ),
  twice(
    'merge-child-rows',
    "A row's child rows go with it",
    merge,
    [tagged(1, 'a', 'b'), tagged(2, 'c')],
    [tagged(1, 'z'), tagged(3, 'd')],
    { items: 3, items__tags: 3 },
  ),
  twice('merge-duplicates', 'Of two rows of one key in a load, one stays', merge, [...items(2), ...items(1)], items(1), {
    items: 2,
  }),
  twice(
    'merge-composite-key',
    'A key of two columns',
    { ...merge, primary_key: ['shop', 'id'] },
    [
      { shop: 1, id: 1, v: 'a' },
      { shop: 2, id: 1, v: 'b' },
    ],
    [{ shop: 2, id: 1, v: 'c' }],
    { items: 2 },
  ),
  twice(
    'merge-missing-field',
    'A field that the new row lacks becomes null',
    merge,
    [{ id: 1, a: 'x', b: 'y' }],
    [{ id: 1, a: 'z' }],
    { items: 1 },
  ),
  twice(
    'merge-as-object',
    'A disposition as an object',
    { ...merge, write_disposition: { disposition: 'merge', strategy: 'delete-insert' } },
    items(2),
    items(2, 2),
    { items: 3 },
  ),
  twice('new-column', 'A second run brings a column', merge, items(1), [{ id: 2, extra: true }], { items: 2 }),
  twice('new-child-table', 'A second run brings a list', merge, items(1), [{ id: 2, list: [{ x: 1 }, { x: 2 }] }], {
    items: 2,
    items__list: 2,
  }),
  twice(
    'columns-primary-key',
    'A key that is declared with the columns',
    { write_disposition: 'merge', columns: { id: { primary_key: true } } },
    items(2),
    items(2),
    { items: 2 },
  ),
]

const resources: ParityCase[] = [
  {
    name: 'defaults-of-resources',
    shows: 'Key and disposition from resource_defaults, one of them overridden',
    config: configOf([{ name: 'a' }, { name: 'b', write_disposition: 'append' }], { defaults: merge }),
    routes: () => ({ '/a': json(items(2)), '/b': json(items(2)) }),
    runs: 2,
    anyOrder: true,
    rows: { a: 2, b: 4 },
  },
  {
    name: 'table-name',
    shows: 'A table of another name',
    config: itemsFrom({}, { resource: { table_name: 'things' } }),
    routes: () => ({ '/items': json([tagged(1, 'a')]) }),
    rows: { things: 1, things__tags: 1 },
  },
  {
    name: 'unselected',
    shows: 'An unselected resource that nobody needs is not requested',
    config: configOf(['a', { name: 'b', selected: false }]),
    routes: () => ({ '/a': json(items(1)), '/b': json(items(1)) }),
    rows: { a: 1 },
  },
  {
    name: 'columns-declared',
    shows: 'Types that are declared',
    config: itemsFrom(
      {},
      {
        resource: {
          columns: {
            price: { data_type: 'decimal', precision: 10, scale: 2 },
            day: { data_type: 'date' },
            code: { data_type: 'text' },
            extra: { data_type: 'json' },
            ratio: { data_type: 'double' },
          },
        },
      },
    ),
    routes: () => ({ '/items': json([{ id: 1, price: '12.50', day: '2026-01-31', code: 7, extra: { a: [1] }, ratio: 3 }]) }),
    rows: { items: 1 },
  },
]

const better: ParityCase[] = [
  twice('merge-without-key', 'A merge without a key', { write_disposition: 'merge' }, items(1), items(1), undefined, {
    better: {
      reason: 'A merge without a key is a configuration error before any request; dlt appends, and doubles the rows.',
      ours: { error: /key/, requests: ['run 2'], tables: {}, columns: {} },
      dlt: {
        error: null,
        requests: ['GET /items', 'run 2', 'GET /items'],
        tables: { items: [...items(1), ...items(1)] },
        columns: { items: { id: 'BIGINT', name: 'VARCHAR' } },
      },
    },
  }),
]

export const loading: ParityGroup = { topic: 'Resource', cases: [...dispositions, ...resources, ...better] }
