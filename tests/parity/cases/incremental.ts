import { type Handler, json } from '@tributary/testkit'
import { configOf, itemsFrom, type JsonObject } from '../configs.ts'
import type { ParityCase, ParityGroup, World } from '../parity-case.ts'
import type { Item } from '../routes.ts'
import { better } from './incremental-better.ts'
import {
  at,
  days,
  daysByPage,
  filtering,
  growing,
  incremental,
  live,
  merge,
  newestFirst,
  since,
  ticket,
} from './incremental-data.ts'

const two = (
  name: string,
  shows: string,
  endpoint: JsonObject,
  handler: (world: World) => Handler,
  rows: number,
  resource: JsonObject = merge,
): ParityCase => ({
  name,
  shows,
  config: itemsFrom(endpoint, { resource }),
  routes: (world) => ({ '/items': handler(world) }),
  runs: 2,
  rows: { items: rows },
})

const one = (
  name: string,
  shows: string,
  endpoint: JsonObject,
  records: readonly Item[],
  rows: number,
  resource: JsonObject = {},
): ParityCase => ({
  name,
  shows,
  config: itemsFrom(endpoint, { resource }),
  routes: () => ({ '/items': json([...records]) }),
  rows: { items: rows },
})

const equal: ParityCase[] = [
  two(
    'incremental-params',
    'The form inside of params: a second run asks from the last value',
    since(),
    (world) => filtering(growing(world)),
    4,
  ),
  two('incremental-start-param', 'start_param', incremental({ start_param: 'since' }), (world) => filtering(growing(world)), 4),
  two(
    'incremental-placeholder',
    'A placeholder in params',
    incremental({}, { params: { filter: 'updated>={incremental.start_value}', q: 1 } }),
    (world) => live(growing(world)),
    4,
  ),
  two(
    'incremental-placeholder-body',
    'A placeholder in the body of a POST',
    incremental({}, { method: 'POST', json: { where: { updated_from: '{incremental.start_value}' } } }),
    (world) => live(growing(world)),
    4,
  ),
  {
    name: 'incremental-placeholder-path',
    shows: 'A placeholder in the path',
    config: itemsFrom(
      incremental({ cursor_path: 'id', initial_value: 0 }, { path: 'items/after/{incremental.start_value}/all' }),
    ),
    routes: () => ({
      '/items/after/0/all': json([ticket(1, 1), ticket(2, 1)]),
      '/items/after/2/all': json([ticket(2, 1), ticket(3, 1)]),
    }),
    runs: 2,
    rows: { items: 3 },
  },
  two(
    'incremental-client-side',
    'Rows below the start are dropped where the API ignores the filter',
    incremental(),
    (world) => live(growing(world)),
    5,
    {},
  ),
  two(
    'incremental-boundary',
    'A row at the boundary that was loaded is not loaded twice, a new one is',
    since(),
    (world) => filtering(() => (world.run === 1 ? [ticket(1, 2), ticket(2, 3)] : [ticket(1, 2), ticket(2, 3), ticket(3, 3)])),
    3,
    { primary_key: 'id', write_disposition: 'append' },
  ),
  two(
    'incremental-boundary-no-key',
    'The same without a primary key',
    since(),
    (world) => filtering(() => (world.run === 1 ? [ticket(1, 2), ticket(2, 3)] : [ticket(1, 2), ticket(2, 3), ticket(3, 3)])),
    3,
    { write_disposition: 'append' },
  ),
  two(
    'incremental-integer',
    'A cursor of whole numbers',
    { incremental: { cursor_path: 'seq', initial_value: 0, start_param: 'after' }, paginator: 'single_page' },
    (world) => live(() => (world.run === 1 ? [1, 2, 10] : [1, 2, 10, 11, 9]).map((seq) => ({ id: seq, seq }))),
    4,
    {},
  ),
  two(
    'incremental-nested-cursor',
    'A cursor inside of an object',
    { incremental: { cursor_path: 'meta.changed', initial_value: at(1), start_param: 'since' }, paginator: 'single_page' },
    (world) => live(() => growing(world)().map((record) => ({ id: record.id!, meta: { changed: record.updated_at! } }))),
    4,
  ),
  two(
    'incremental-min',
    'last_value_func min: the cursor goes down',
    {
      incremental: { cursor_path: 'seq', initial_value: 100, last_value_func: 'min', start_param: 'before' },
      paginator: 'single_page',
    },
    (world) => live(() => (world.run === 1 ? [90, 80] : [90, 80, 70, 200]).map((seq) => ({ id: seq, seq }))),
    3,
    {},
  ),
  two('incremental-nothing-new', 'A second run without news', since(), () => filtering(() => days), 4, {
    primary_key: 'id',
    write_disposition: 'append',
  }),
  one(
    'incremental-initial-value',
    'Rows before the initial value are dropped, those at it are kept',
    incremental({ initial_value: at(2) }),
    days,
    3,
  ),
  one(
    'incremental-end-value',
    'The end is exclusive',
    incremental({ initial_value: at(2), end_value: at(4), start_param: 'from', end_param: 'to' }),
    days,
    2,
  ),
  one(
    'incremental-range-start-open',
    'A range that is open at its start',
    incremental({ initial_value: at(2), range_start: 'open' }),
    days,
    2,
  ),
  one(
    'incremental-range-end-closed',
    'A range that is closed at its end',
    incremental({ initial_value: at(2), end_value: at(4), range_end: 'closed' }),
    days,
    3,
  ),
  one(
    'incremental-missing-include',
    'Rows without a cursor are kept where that is said',
    incremental({ on_cursor_value_missing: 'include' }),
    [...days, { id: 9, name: 'none' }],
    5,
  ),
  one(
    'incremental-missing-exclude',
    'Rows without a cursor are dropped where that is said',
    incremental({ on_cursor_value_missing: 'exclude' }),
    [...days, { id: 9, updated_at: null }],
    4,
  ),
  two(
    'incremental-lag',
    'A lag, in seconds: the second run asks for a day more',
    incremental({ start_param: 'since', lag: 86_400 }),
    (world) => filtering(growing(world)),
    4,
  ),
  two(
    'incremental-lag-integer',
    'A lag of whole numbers',
    { incremental: { cursor_path: 'seq', initial_value: 0, start_param: 'after', lag: 5 }, paginator: 'single_page' },
    (world) => live(() => (world.run === 1 ? [1, 10] : [1, 6, 10, 12]).map((seq) => ({ id: seq, seq }))),
    4,
  ),
  {
    name: 'incremental-descending',
    shows: 'Newest first: a page of old rows ends it',
    config: itemsFrom(newestFirst, { resource: merge }),
    routes: (world) => ({ '/items': daysByPage(() => (world.run === 1 ? [8, 7, 6, 5, 4, 3, 2] : [10, 9, 7, 6, 5, 4, 3, 2])) }),
    runs: 2,
    rows: { items: 9 },
  },
  {
    name: 'incremental-backfill-keeps-no-state',
    shows: 'A run with an end keeps no state: the second asks the same',
    config: itemsFrom(incremental({ end_value: at(4), start_param: 'from', end_param: 'to' }), { resource: merge }),
    routes: (world) => ({ '/items': filtering(growing(world), 'from') }),
    runs: 2,
    rows: { items: 2 },
  },
  {
    name: 'incremental-child',
    shows: 'A cursor of children, with the parent in the path',
    config: configOf([
      { name: 'shops', endpoint: { path: 'shops', paginator: 'single_page' } },
      {
        name: 'orders',
        endpoint: {
          path: 'shops/{resources.shops.id}/orders',
          ...incremental({}, { params: { since: '{incremental.start_value}' } }),
        },
      },
    ]),
    routes: () => ({ '/shops': json([{ id: 1 }, { id: 2 }]), '/shops/1/orders': json(days), '/shops/2/orders': json(days) }),
    anyOrder: true,
    rows: { shops: 2, orders: 8 },
  },
]

const failing: ParityCase[] = [
  {
    name: 'incremental-two',
    shows: 'Two incremental params on one endpoint',
    config: itemsFrom({
      params: {
        a: { type: 'incremental', cursor_path: 'x', initial_value: 1 },
        b: { type: 'incremental', cursor_path: 'y', initial_value: 1 },
      },
    }),
    routes: () => ({ '/items': json(days) }),
    fails: { ours: /incremental/, dlt: /single incremental parameter/ },
  },
  {
    name: 'incremental-end-without-start',
    shows: 'An end without an initial value',
    config: itemsFrom({ incremental: { cursor_path: 'updated_at', end_value: at(4) } }),
    routes: () => ({ '/items': json(days) }),
    fails: { ours: /initial_value/, dlt: /initial_value/ },
  },
  {
    name: 'incremental-missing-raise',
    shows: 'A row without a cursor is an error by default',
    config: itemsFrom(incremental()),
    routes: () => ({ '/items': json([...days, { id: 9, name: 'none' }]) }),
    fails: { ours: /updated_at/, dlt: /updated_at/ },
  },
]

export const incrementals: ParityGroup = { topic: 'Incremental', cases: [...equal, ...failing, ...better] }
