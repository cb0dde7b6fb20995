import { jsonResponse } from '@tributary/testkit'
import { itemsFrom, type JsonObject } from '../configs.ts'
import type { ParityCase, ParityGroup } from '../parity-case.ts'
import { inBody, items, numberedPages } from '../routes.ts'

const paged = (options: JsonObject = {}): JsonObject =>
  itemsFrom({ paginator: { type: 'page_number', ...options }, data_selector: 'data' })

const equal: ParityCase[] = [
  {
    name: 'page-total',
    shows: 'Pages from 0, and their total',
    config: paged(),
    routes: () => ({ '/items': numberedPages(items(5)) }),
    anyOrder: true,
    rows: { items: 5 },
  },
  {
    name: 'page-type-as-text',
    shows: 'A paginator that is only a name',
    config: itemsFrom({ paginator: 'page_number' }),
    routes: () => ({ '/items': numberedPages(items(5)) }),
    anyOrder: true,
    rows: { items: 5 },
  },
  {
    name: 'page-base-1',
    shows: 'Pages from 1',
    config: paged({ base_page: 1 }),
    routes: () => ({ '/items': numberedPages(items(5), { base: 1 }) }),
    anyOrder: true,
    rows: { items: 5 },
  },
  {
    name: 'page-first',
    shows: 'A first page of its own',
    config: paged({ base_page: 1, page: 2 }),
    routes: () => ({ '/items': numberedPages(items(7), { base: 1 }) }),
    anyOrder: true,
    rows: { items: 5 },
  },
  {
    name: 'page-param',
    shows: 'A parameter of another name, total as text',
    config: paged({ base_page: 1, page_param: 'p[number]', total_path: 'meta.pages' }),
    routes: () => ({
      '/items': numberedPages(items(5), {
        base: 1,
        page: ({ query }) => query.get('p[number]') ?? undefined,
        extra: ({ pages }) => ({ meta: { pages: String(pages) } }),
      }),
    }),
    anyOrder: true,
    rows: { items: 5 },
  },
  {
    name: 'page-until-empty',
    shows: 'Without a total, the empty page ends it',
    config: paged({ total_path: null }),
    routes: () => ({ '/items': numberedPages(items(3), { extra: () => ({}) }) }),
    rows: { items: 3 },
  },
  {
    name: 'page-maximum',
    shows: 'The maximum is exclusive',
    config: paged({ base_page: 1, maximum_page: 3 }),
    routes: () => ({ '/items': numberedPages(items(9), { base: 1 }) }),
    anyOrder: true,
    rows: { items: 4 },
  },
  {
    name: 'page-has-more',
    shows: 'has_more ends it',
    config: paged({ total_path: null, has_more_path: 'more', stop_after_empty_page: false }),
    routes: () => ({ '/items': numberedPages(items(5), { extra: ({ last }) => ({ more: !last }) }) }),
    rows: { items: 5 },
  },
  {
    name: 'page-body',
    shows: 'The page in the body of a POST',
    config: itemsFrom({
      method: 'POST',
      json: { filter: { open: true } },
      paginator: { type: 'page_number', base_page: 1, page_body_path: 'paging.page' },
    }),
    routes: () => ({
      'POST /items': numberedPages(items(5), { base: 1, page: (request) => inBody(request, 'paging.page') }),
    }),
    anyOrder: true,
    rows: { items: 5 },
  },
  {
    name: 'page-empty-in-between',
    shows: 'An empty page does not end it where that is said',
    config: paged({ stop_after_empty_page: false }),
    routes: () => ({
      '/items': ({ query }) =>
        jsonResponse({ data: query.get('page') === '1' ? [] : items(1, Number(query.get('page'))), total: 3 }),
    }),
    anyOrder: true,
    rows: { items: 2 },
  },
  {
    name: 'page-params-repeated',
    shows: "Params are on every page, but for the paginator's own",
    config: itemsFrom({ paginator: { type: 'page_number' }, params: { page: 7, size: 2, sort: 'id' } }),
    routes: () => ({ '/items': numberedPages(items(3)) }),
    anyOrder: true,
    rows: { items: 3 },
  },
]

const failing: ParityCase[] = [
  {
    name: 'page-total-missing',
    shows: 'A total that the author named is not there',
    config: paged({ total_path: 'pages' }),
    routes: () => ({ '/items': numberedPages(items(3), { extra: () => ({ total: 2 }) }) }),
    fails: { ours: /pages/, dlt: /pages/ },
  },
  {
    name: 'page-endless',
    shows: 'Nothing that can end it',
    config: paged({ total_path: null, stop_after_empty_page: false }),
    routes: () => ({ '/items': numberedPages(items(3)) }),
    fails: { ours: /stop|end/i, dlt: /stop_after_empty_page/ },
  },
]

const better: ParityCase[] = [
  {
    name: 'page-default-total-missing',
    shows: 'An API without a total, and a paginator that names none',
    config: paged(),
    routes: () => ({ '/items': numberedPages(items(3), { extra: () => ({}) }) }),
    better: {
      reason: 'The default total may be missing, and the empty page then ends it; dlt fails on page 1.',
      ours: {
        error: null,
        requests: ['GET /items?page=0', 'GET /items?page=1', 'GET /items?page=2'],
        tables: { items: items(3) },
        columns: { items: { id: 'BIGINT', name: 'VARCHAR' } },
      },
      dlt: { error: /Total `pages` not found/, requests: ['GET /items?page=0'], tables: {}, columns: {} },
    },
  },
]

export const paginatePage: ParityGroup = { topic: 'Paginators: page number', cases: [...equal, ...failing, ...better] }
