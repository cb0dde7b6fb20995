import { type Handler, json, jsonResponse, offsetPages } from '@tributary/testkit'
import { configOf, type JsonObject } from '../configs.ts'
import type { ParityCase, ParityGroup } from '../parity-case.ts'
import { byRequest, inBody, items } from '../routes.ts'

const parents = [
  { id: 1, code: 'a', info: { slug: 'one' } },
  { id: 2, code: 'b', info: { slug: 'two' } },
]

const shops = (extra: JsonObject = {}, endpoint: JsonObject = {}): JsonObject => ({
  name: 'shops',
  endpoint: { path: 'shops', paginator: 'single_page', ...endpoint },
  ...extra,
})
const orders = (endpoint: JsonObject, extra: JsonObject = {}): JsonObject => ({
  name: 'orders',
  endpoint: { paginator: 'single_page', ...endpoint },
  ...extra,
})

const ordersOf = (shop: number): JsonObject[] => items(2, shop * 10)
const byPath: Record<string, Handler> = { '/shops/1/orders': json(ordersOf(1)), '/shops/2/orders': json(ordersOf(2)) }
const serving = (routes: Record<string, Handler>): ParityCase['routes'] =>
  (() => ({ '/shops': json(parents), ...routes })) as ParityCase['routes']

const dependent = (
  name: string,
  shows: string,
  resources: JsonObject[],
  routes: Record<string, Handler>,
  more: Partial<ParityCase> = {},
): ParityCase => ({
  name,
  shows,
  config: configOf(resources),
  routes: serving(routes),
  anyOrder: true,
  ...(more.fails === undefined && { rows: { shops: 2, orders: 4 } }),
  ...more,
})

const equal: ParityCase[] = [
  dependent('child-path', 'A placeholder in the path', [shops(), orders({ path: 'shops/{resources.shops.id}/orders' })], byPath),
  dependent(
    'child-nested-field',
    "A nested field of the parent's",
    [shops(), orders({ path: 'by-slug/{resources.shops.info.slug}/orders' })],
    { '/by-slug/one/orders': json(ordersOf(1)), '/by-slug/two/orders': json(ordersOf(2)) },
  ),
  dependent(
    'child-params',
    'A placeholder in params',
    [shops(), orders({ path: 'orders', params: { shop: '{resources.shops.id}', label: 'shop-{resources.shops.code}!', q: 1 } })],
    { '/orders': byRequest(({ query }) => query.get('shop') ?? '', { 1: ordersOf(1), 2: ordersOf(2) }) },
  ),
  dependent(
    'child-json',
    'A text in json that is one placeholder keeps its type',
    [
      shops(),
      orders({
        path: 'orders',
        method: 'POST',
        json: { shop: '{resources.shops.id}', text: 'is {resources.shops.id}', deep: [{ info: '{resources.shops.info}' }] },
      }),
    ],
    { 'POST /orders': byRequest((request) => String(inBody(request, 'shop')), { 1: ordersOf(1), 2: ordersOf(2) }) },
  ),
  dependent(
    'child-headers',
    'A placeholder in a header',
    [shops(), orders({ path: 'orders', headers: { 'X-Shop': '{resources.shops.code}' } })],
    { '/orders': byRequest(({ headers }) => headers['x-shop'] ?? '', { a: ordersOf(1), b: ordersOf(2) }) },
    { headers: ['x-shop'] },
  ),
  dependent(
    'child-form',
    'A placeholder in a form',
    [shops(), orders({ path: 'orders', method: 'POST', data: { shop: '{resources.shops.id}' } })],
    { 'POST /orders': byRequest(({ body }) => body, { 'shop=1': ordersOf(1), 'shop=2': ordersOf(2) }) },
  ),
  dependent(
    'child-several-placeholders',
    'Several placeholders in one path',
    [shops(), orders({ path: 'shops/{resources.shops.id}/{resources.shops.code}/orders' })],
    { '/shops/1/a/orders': json(ordersOf(1)), '/shops/2/b/orders': json(ordersOf(2)) },
  ),
  dependent(
    'child-resolve',
    'The older form: a param of type resolve',
    [
      shops(),
      orders({
        path: 'shops/{shop_id}/orders',
        params: { shop_id: { type: 'resolve', resource: 'shops', field: 'id' }, q: 'x' },
      }),
    ],
    byPath,
  ),
  dependent(
    'child-resolve-nested',
    'The older form with a nested field',
    [
      shops(),
      orders({ path: 'by-slug/{slug}/orders', params: { slug: { type: 'resolve', resource: 'shops', field: 'info.slug' } } }),
    ],
    { '/by-slug/one/orders': json(ordersOf(1)), '/by-slug/two/orders': json(ordersOf(2)) },
  ),
  dependent(
    'child-include-from-parent',
    "Fields of the parent's in the child's rows",
    [shops(), orders({ path: 'shops/{resources.shops.id}/orders' }, { include_from_parent: ['id', 'code'] })],
    byPath,
  ),
  dependent(
    'child-include-object',
    "An object of the parent's in the child's rows",
    [shops(), orders({ path: 'shops/{resources.shops.id}/orders' }, { include_from_parent: ['info'] })],
    byPath,
  ),
  dependent(
    'child-single-entity',
    'A path that ends in a placeholder is one object, although it holds a list',
    [shops(), orders({ path: 'shops/{resources.shops.id}', paginator: null })],
    { '/shops/1': json({ id: 1, items: ['x'], next: '/nowhere' }), '/shops/2': json({ id: 2, items: [] }) },
    { rows: { shops: 2, orders: 2, orders__items: 1 } },
  ),
  dependent(
    'child-paged',
    'Children that are paged, each parent from its first page',
    [shops(), orders({ path: 'shops/{resources.shops.id}/orders', paginator: { type: 'offset', limit: 2 } })],
    { '/shops/1/orders': offsetPages(items(3, 10)), '/shops/2/orders': offsetPages(items(4, 20)) },
    { rows: { shops: 2, orders: 7 } },
  ),
  dependent(
    'child-of-child',
    'Three levels',
    [
      shops(),
      orders({ path: 'shops/{resources.shops.id}/orders' }, { include_from_parent: ['code'] }),
      {
        name: 'lines',
        endpoint: { path: 'orders/{resources.orders.id}/lines', paginator: 'single_page' },
        include_from_parent: ['_shops_code', 'id'],
      },
    ],
    { ...byPath, ...Object.fromEntries([10, 11, 20, 21].map((id) => [`/orders/${id}/lines`, json(items(1, id * 10))])) },
    { rows: { shops: 2, orders: 4, lines: 4 } },
  ),
  dependent(
    'child-siblings',
    'Two children of one parent, which is requested once',
    [
      shops(),
      orders({ path: 'shops/{resources.shops.id}/orders' }),
      { name: 'staff', endpoint: { path: 'shops/{resources.shops.id}/staff', paginator: 'single_page' } },
    ],
    { ...byPath, '/shops/1/staff': json(items(1)), '/shops/2/staff': json(items(1, 2)) },
    { rows: { shops: 2, orders: 4, staff: 2 } },
  ),
  dependent(
    'child-before-parent',
    'The order in which resources are written does not matter',
    [orders({ path: 'shops/{resources.shops.id}/orders' }), shops()],
    byPath,
  ),
  dependent(
    'parent-unselected',
    'An unselected parent is requested, not loaded',
    [shops({ selected: false }), orders({ path: 'shops/{resources.shops.id}/orders' })],
    byPath,
    { rows: { orders: 4 } },
  ),
  dependent(
    'parent-empty',
    'A parent without rows',
    [shops({}, { path: 'none' }), orders({ path: 'shops/{resources.shops.id}/orders' })],
    { '/none': json([]) },
    { rows: {} },
  ),
  dependent(
    'child-ignore-404',
    'A parent whose children are not there is passed over',
    [shops(), orders({ path: 'shops/{resources.shops.id}/orders', response_actions: [{ status_code: 404, action: 'ignore' }] })],
    { '/shops/2/orders': json(ordersOf(2)) },
    { rows: { shops: 2, orders: 2 } },
  ),
  dependent(
    'child-parallelized',
    'parallelized is taken',
    [shops(), orders({ path: 'shops/{resources.shops.id}/orders' }, { parallelized: true })],
    byPath,
  ),
]

const failing: ParityCase[] = [
  dependent(
    'child-parent-missing',
    'A parent that there is not',
    [shops(), orders({ path: 'x/{resources.shop.id}' })],
    {},
    { fails: { ours: /shop\b/, dlt: /non existing parent resource `shop`/ } },
  ),
  dependent(
    'child-two-parents',
    'Two parents',
    [shops(), { name: 'staff', endpoint: 'staff' }, orders({ path: 'x/{resources.shops.id}/{resources.staff.id}' })],
    {},
    { fails: { ours: /shops[\s\S]*staff|staff[\s\S]*shops/, dlt: /Multiple parent resources/ } },
  ),
  dependent(
    'child-cycle',
    'A cycle',
    [
      { name: 'a', endpoint: 'a/{resources.b.id}' },
      { name: 'b', endpoint: 'b/{resources.a.id}' },
    ],
    {},
    { fails: { ours: /itself|cycle/, dlt: /CycleError/ } },
  ),
  dependent(
    'child-malformed',
    'A placeholder of too few parts',
    [shops(), orders({ path: 'x/{resources.shops}' })],
    {},
    { fails: { ours: /resources\.shops/, dlt: /resources\.shops/ } },
  ),
  dependent(
    'child-unknown-name',
    'A placeholder of no known kind',
    [shops(), orders({ path: 'x', params: { q: '{nothing.here}' } })],
    {},
    { fails: { ours: /nothing\.here/, dlt: /nothing\.here/ } },
  ),
  dependent(
    'include-without-parent',
    'include_from_parent without a parent',
    [{ name: 'items', endpoint: 'items', include_from_parent: ['id'] }],
    {},
    { fails: { ours: /include_from_parent/, dlt: /include_from_parent/ } },
  ),
]

const shopColumns = { shops: { code: 'VARCHAR', id: 'BIGINT', info__slug: 'VARCHAR' } }
const orderColumns = { orders: { id: 'BIGINT', name: 'VARCHAR' } }
const shopRows = [
  { code: 'a', id: 1, info__slug: 'one' },
  { code: 'b', id: 2, info__slug: 'two' },
]

const better: ParityCase[] = [
  {
    name: 'child-special-path',
    shows: 'Values that are no plain path segments',
    config: configOf([shops(), orders({ path: 'shops/{resources.shops.id}/orders' })]),
    routes: () => ({
      '/shops': json([{ id: 'a/b c' }, { id: 'd?e#f' }]),
      '/shops/a%2Fb%20c/orders': json(items(1)),
      '/shops/d%3Fe%23f/orders': json(items(1, 2)),
    }),
    anyOrder: true,
    better: {
      reason: 'A value is encoded as one segment; dlt puts it in as it is, so that it leaves the path that the author wrote.',
      ours: {
        error: null,
        requests: ['GET /shops', 'GET /shops/a%2Fb%20c/orders', 'GET /shops/d%3Fe%23f/orders'],
        tables: { shops: [{ id: 'a/b c' }, { id: 'd?e#f' }], orders: items(2) },
        columns: { shops: { id: 'VARCHAR' }, ...orderColumns },
      },
      dlt: { error: /404/, requests: ['GET /shops', 'GET /shops/a/b%20c/orders'], tables: {}, columns: {} },
    },
  },
  {
    name: 'child-null-field',
    shows: "A field of the parent's that is null",
    config: configOf([shops(), orders({ path: 'shops/{resources.shops.code}/orders' })]),
    routes: () => ({ '/shops': json([{ id: 1, code: null }]), '/shops/None/orders': json(items(1)) }),
    anyOrder: true,
    better: {
      reason:
        'null in a path is an error that names the field; dlt asks for `None` and loads what it gets. The parent itself is loaded.',
      ours: { error: /code/, requests: ['GET /shops'], tables: { shops: [{ id: 1 }] }, columns: { shops: { id: 'BIGINT' } } },
      dlt: {
        error: null,
        requests: ['GET /shops', 'GET /shops/None/orders'],
        tables: { shops: [{ id: 1 }], orders: items(1) },
        columns: { shops: { id: 'BIGINT' }, ...orderColumns },
      },
    },
  },
  {
    name: 'child-missing-field',
    shows: "A field that the parent's records do not have",
    config: configOf([shops(), orders({ path: 'shops/{resources.shops.uuid}/orders' })]),
    routes: serving({}),
    anyOrder: true,
    better: {
      reason: 'Both fail and name the field; the parent, which is sound, is loaded all the same.',
      ours: { error: /uuid/, tables: { shops: shopRows }, columns: shopColumns },
      dlt: { error: /uuid/, tables: {}, columns: {} },
    },
  },
  {
    name: 'include-missing-field',
    shows: 'A field for the child that the parent does not have',
    config: configOf([shops(), orders({ path: 'shops/{resources.shops.id}/orders' }, { include_from_parent: ['colour'] })]),
    routes: serving(byPath),
    anyOrder: true,
    better: {
      reason: 'Both fail and name the field; the parent, which is sound, is loaded all the same.',
      ours: { error: /colour/, requests: 'free', tables: { shops: shopRows }, columns: shopColumns },
      dlt: { error: /colour/, requests: ['GET /shops'], tables: {}, columns: {} },
    },
  },
  {
    name: 'child-client-paginator',
    shows: "A path that ends in a placeholder, and a paginator of the client's",
    config: configOf([shops(), { name: 'orders', endpoint: { path: 'orders/{resources.shops.id}', data_selector: 'data' } }], {
      client: { paginator: { type: 'page_number', maximum_page: 2, total_path: null } },
    }),
    routes: serving({
      '/orders/1': ({ query }) => jsonResponse({ data: items(1, 10 + Number(query.get('page'))) }),
      '/orders/2': ({ query }) => jsonResponse({ data: items(1, 20 + Number(query.get('page'))) }),
    }),
    anyOrder: true,
    better: {
      reason:
        'A paginator that the author wrote wins over the guess that such a path is one object; dlt then reads only first pages.',
      ours: {
        requests: ['GET /orders/1?page=0', 'GET /orders/1?page=1', 'GET /orders/2?page=0', 'GET /orders/2?page=1', 'GET /shops'],
        tables: { shops: shopRows, orders: [...items(2, 10), ...items(2, 20)] },
      },
      dlt: {
        requests: ['GET /orders/1', 'GET /orders/2', 'GET /shops'],
        tables: { shops: shopRows, orders: [...items(1, 10), ...items(1, 20)] },
      },
    },
  },
]

export const dependents: ParityGroup = { topic: 'Placeholders and dependent resources', cases: [...equal, ...failing, ...better] }
