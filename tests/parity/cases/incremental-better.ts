import { json } from '@tributary/testkit'
import { configOf, itemsFrom } from '../configs.ts'
import type { ParityCase } from '../parity-case.ts'
import { at, days, daysByPage, filtering, incremental, merge, newestFirst, since, ticket } from './incremental-data.ts'

export const better: ParityCase[] = [
  {
    name: 'incremental-boundary-changed',
    shows: 'A row at the boundary that has changed',
    config: itemsFrom(since(), { resource: merge }),
    routes: (world) => ({ '/items': filtering(() => [ticket(1, 2), ticket(2, 3, world.run === 1 ? 'old' : 'new')]) }),
    runs: 2,
    better: {
      reason: 'A row with the same key and cursor that has changed is loaded; dlt drops it as seen.',
      ours: { tables: { items: [ticket(1, 2), ticket(2, 3, 'new')] } },
      dlt: { tables: { items: [ticket(1, 2), ticket(2, 3, 'old')] } },
    },
  },
  {
    name: 'incremental-no-start',
    shows: 'A placeholder of the start, where there is none yet',
    config: itemsFrom({
      incremental: { cursor_path: 'updated_at' },
      params: { since: '{incremental.start_value}' },
      paginator: 'single_page',
    }),
    routes: () => ({ '/items': json(days) }),
    better: {
      reason: 'Without a start the parameter is left out; dlt asks for `None`.',
      ours: { requests: ['GET /items'] },
      dlt: { requests: ['GET /items?since=None'] },
    },
    rows: { items: 4 },
  },
  {
    name: 'incremental-child-per-parent',
    shows: 'Children of two parents whose cursors are far apart',
    config: configOf([
      { name: 'shops', endpoint: { path: 'shops', paginator: 'single_page' } },
      {
        name: 'orders',
        endpoint: { path: 'shops/{resources.shops.id}/orders', ...incremental({ start_param: 'since' }) },
        ...merge,
      },
    ]),
    routes: (world) => ({
      '/shops': json([{ id: 1 }, { id: 2 }]),
      '/shops/1/orders': filtering(() => [ticket(1, 20)]),
      '/shops/2/orders': filtering(() => (world.run === 1 ? [ticket(2, 2)] : [ticket(2, 2), ticket(3, 3)])),
    }),
    runs: 2,
    anyOrder: true,
    better: {
      reason: 'Each parent has a cursor of its own; with one for all, dlt loses what the slower parent adds.',
      ours: {
        requests: [
          'GET /shops',
          `GET /shops/1/orders?since=${at(1)}`,
          `GET /shops/2/orders?since=${at(1)}`,
          'run 2',
          'GET /shops',
          `GET /shops/1/orders?since=${at(20)}`,
          `GET /shops/2/orders?since=${at(2)}`,
        ],
        tables: { shops: [{ id: 1 }, { id: 1 }, { id: 2 }, { id: 2 }], orders: [ticket(1, 20), ticket(2, 2), ticket(3, 3)] },
      },
      dlt: {
        requests: [
          'GET /shops',
          `GET /shops/1/orders?since=${at(1)}`,
          `GET /shops/2/orders?since=${at(1)}`,
          'run 2',
          'GET /shops',
          `GET /shops/1/orders?since=${at(20)}`,
          `GET /shops/2/orders?since=${at(20)}`,
        ],
        tables: { shops: [{ id: 1 }, { id: 1 }, { id: 2 }, { id: 2 }], orders: [ticket(1, 20), ticket(2, 2)] },
      },
    },
  },
  {
    name: 'incremental-descending-roughly',
    shows: 'Newest first, but for one row',
    config: itemsFrom(newestFirst, { resource: merge }),
    routes: (world) => ({ '/items': daysByPage(() => (world.run === 1 ? [8, 7] : [10, 7, 9, 8, 6, 5])) }),
    runs: 2,
    better: {
      reason:
        'Only a page that is old as a whole ends the listing; dlt stops at the first old row and loses what comes after it.',
      ours: {
        requests: [
          'GET /items?page=0',
          'GET /items?page=1',
          'run 2',
          'GET /items?page=0',
          'GET /items?page=1',
          'GET /items?page=2',
        ],
        tables: { items: [7, 8, 9, 10].map((day) => ticket(day, day)) },
      },
      dlt: {
        requests: ['GET /items?page=0', 'GET /items?page=1', 'run 2', 'GET /items?page=0'],
        tables: { items: [7, 8, 10].map((day) => ticket(day, day)) },
      },
    },
  },
  {
    name: 'incremental-zones',
    shows: 'Cursors with different zones',
    config: itemsFrom(incremental({ initial_value: at(2) })),
    routes: () => ({
      '/items': json([
        { id: 1, updated_at: '2026-01-01T23:30:00-05:00' },
        { id: 2, updated_at: '2026-01-02T01:00:00+03:00' },
      ]),
    }),
    better: {
      reason:
        'Instants are compared as such; dlt compares their texts, and so drops a row that is new and loads one that is old.',
      ours: { tables: { items: [{ id: 1, updated_at: '2026-01-02T04:30:00Z' }] } },
      dlt: { tables: { items: [{ id: 2, updated_at: '2026-01-01T22:00:00Z' }] } },
    },
    rows: { items: 1 },
  },
  {
    name: 'incremental-end-below-start',
    shows: 'An end below the start',
    config: itemsFrom(incremental({ initial_value: at(3), end_value: at(2) })),
    routes: () => ({ '/items': json(days) }),
    fails: { ours: /end_value/, dlt: /end_value/ },
  },
]
