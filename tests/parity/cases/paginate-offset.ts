import { type Handler, jsonResponse, offsetPages } from '@tributary/testkit'
import { itemsFrom, type JsonObject } from '../configs.ts'
import type { ParityCase, ParityGroup } from '../parity-case.ts'
import { inBody, items } from '../routes.ts'

const offset = (options: JsonObject = {}): JsonObject =>
  itemsFrom({ paginator: { type: 'offset', limit: 2, ...options }, data_selector: 'data' })

/** Pages with what else `extra` says, by limit and offset. */
const pagesWith =
  (count: number, extra: (page: { offset: number; more: boolean }) => JsonObject): Handler =>
  ({ query }) => {
    const [limit, start] = [Number(query.get('limit')), Number(query.get('offset'))]
    return jsonResponse({
      data: items(count).slice(start, start + limit),
      ...extra({ offset: start, more: start + limit < count }),
    })
  }

const serve = (handler: () => Handler): ParityCase['routes'] => (() => ({ '/items': handler() })) as ParityCase['routes']

const equal: ParityCase[] = [
  {
    name: 'offset-total',
    shows: 'Total as a number',
    config: offset(),
    routes: serve(() => offsetPages(items(5))),
    anyOrder: true,
    rows: { items: 5 },
  },
  {
    name: 'offset-total-text',
    shows: 'Total as text',
    config: offset(),
    routes: serve(() => pagesWith(5, () => ({ total: '5' }))),
    anyOrder: true,
    rows: { items: 5 },
  },
  {
    name: 'offset-total-path',
    shows: 'Total at a path of its own',
    config: offset({ total_path: 'meta.count' }),
    routes: serve(() => pagesWith(6, () => ({ meta: { count: 6 } }))),
    anyOrder: true,
    rows: { items: 6 },
  },
  {
    name: 'offset-total-zero',
    shows: 'A listing without rows',
    config: offset(),
    routes: serve(() => offsetPages([])),
    rows: {},
  },
  {
    name: 'offset-until-empty',
    shows: 'Without a total, the empty page ends it',
    config: offset({ total_path: null }),
    routes: serve(() => offsetPages(items(4), { totalKey: null })),
    rows: { items: 4 },
  },
  {
    name: 'offset-maximum',
    shows: 'The maximum is exclusive',
    config: offset({ maximum_offset: 4 }),
    routes: serve(() => offsetPages(items(9))),
    anyOrder: true,
    rows: { items: 4 },
  },
  {
    name: 'offset-maximum-only',
    shows: 'The maximum alone ends it',
    config: offset({ total_path: null, maximum_offset: 6, stop_after_empty_page: false }),
    routes: serve(() => offsetPages(items(9), { totalKey: null })),
    rows: { items: 6 },
  },
  {
    name: 'offset-start',
    shows: 'A first offset of its own',
    config: offset({ offset: 3 }),
    routes: serve(() => offsetPages(items(7))),
    anyOrder: true,
    rows: { items: 4 },
  },
  {
    name: 'offset-param-names',
    shows: 'Parameters of other names',
    config: offset({ limit_param: '$top', offset_param: '$skip' }),
    routes: serve(() => offsetPages(items(5), { limitParam: '$top', offsetParam: '$skip' })),
    anyOrder: true,
    rows: { items: 5 },
  },
  {
    name: 'offset-has-more',
    shows: 'has_more as a boolean',
    config: offset({ total_path: null, has_more_path: 'more' }),
    routes: serve(() => pagesWith(4, ({ more }) => ({ more }))),
    rows: { items: 4 },
  },
  {
    name: 'offset-has-more-text',
    shows: 'has_more as yes and no',
    config: offset({ total_path: null, has_more_path: 'meta.more' }),
    routes: serve(() => pagesWith(4, ({ more }) => ({ meta: { more: more ? 'yes' : 'No' } }))),
    rows: { items: 4 },
  },
  {
    name: 'offset-has-more-and-total',
    shows: 'Total and has_more are ANDed: the first to say stop wins',
    config: offset({ total_path: 'total', has_more_path: 'more' }),
    routes: serve(() => pagesWith(8, ({ offset: start }) => ({ total: 8, more: start < 2 }))),
    anyOrder: true,
    rows: { items: 4 },
  },
  {
    name: 'offset-params-repeated',
    shows: "The paginator's values win over params, all else in params is repeated",
    config: itemsFrom({ paginator: { type: 'offset', limit: 2 }, params: { limit: 50, offset: 9, q: 'x y', tag: ['a', 'b'] } }),
    routes: serve(() => offsetPages(items(5))),
    anyOrder: true,
    rows: { items: 5 },
  },
  {
    name: 'offset-body',
    shows: 'Limit and offset in the body of a POST',
    config: itemsFrom({
      method: 'POST',
      json: { query: { text: 'x' } },
      paginator: { type: 'offset', limit: 2, offset_body_path: 'page.offset', limit_body_path: 'page.limit' },
    }),
    routes: () => ({
      'POST /items': (request) => {
        const start = Number(inBody(request, 'page.offset'))
        return jsonResponse({ data: items(5).slice(start, start + Number(inBody(request, 'page.limit'))), total: 5 })
      },
    }),
    anyOrder: true,
    rows: { items: 5 },
  },
  {
    name: 'offset-body-and-param',
    shows: 'The offset in the body, the limit in the query',
    config: itemsFrom({
      method: 'POST',
      json: {},
      paginator: { type: 'offset', limit: 2, offset_body_path: 'from', total_path: null },
    }),
    routes: () => ({
      'POST /items': (request) => {
        const start = Number(inBody(request, 'from'))
        return jsonResponse({ data: items(4).slice(start, start + 2) })
      },
    }),
    rows: { items: 4 },
  },
]

const failing: ParityCase[] = [
  {
    name: 'offset-total-path-missing',
    shows: 'A total that the author named is not there',
    config: offset({ total_path: 'meta.total' }),
    routes: serve(() => offsetPages(items(5), { totalKey: 'count' })),
    fails: { ours: /meta\.total/, dlt: /meta\.total/ },
  },
  {
    name: 'offset-total-object',
    shows: 'A total that is an object',
    config: offset({ total_path: 'total' }),
    routes: serve(() => pagesWith(5, () => ({ total: { value: 5 } }))),
    fails: { ours: /total/, dlt: /total/ },
  },
  {
    name: 'offset-has-more-number',
    shows: 'has_more as a number',
    config: offset({ total_path: null, has_more_path: 'more' }),
    routes: serve(() => pagesWith(4, ({ more }) => ({ more: more ? 1 : 0 }))),
    fails: { ours: /more/, dlt: /more/ },
  },
  {
    name: 'offset-has-more-missing',
    shows: 'has_more is not there',
    config: offset({ total_path: null, has_more_path: 'more' }),
    routes: serve(() => pagesWith(4, () => ({}))),
    fails: { ours: /more/, dlt: /more/ },
  },
  {
    name: 'offset-endless',
    shows: 'Nothing that can end it',
    config: offset({ total_path: null, stop_after_empty_page: false }),
    routes: serve(() => offsetPages(items(5))),
    fails: { ours: /stop|end/i, dlt: /stop_after_empty_page/ },
  },
  {
    name: 'offset-param-and-body-path',
    shows: 'A parameter and a body path for one thing',
    config: offset({ offset_param: 'offset', offset_body_path: 'offset' }),
    routes: serve(() => offsetPages(items(5))),
    fails: { ours: /offset_body_path/, dlt: /offset_body_path/ },
  },
]

const both = { items: { id: 'BIGINT', name: 'VARCHAR' } }

const better: ParityCase[] = [
  {
    name: 'offset-default-total-missing',
    shows: 'An API without a total, and a paginator that names none',
    config: offset(),
    routes: serve(() => offsetPages(items(4), { totalKey: null })),
    better: {
      reason: 'The default total may be missing, and the empty page then ends it; dlt fails on page 1.',
      ours: {
        error: null,
        requests: ['GET /items?limit=2&offset=0', 'GET /items?limit=2&offset=2', 'GET /items?limit=2&offset=4'],
        tables: { items: items(4) },
        columns: both,
      },
      dlt: { error: /Total `items` not found/, requests: ['GET /items?limit=2&offset=0'], tables: {}, columns: {} },
    },
  },
  {
    name: 'offset-total-only-first',
    shows: 'A total that comes only with page 1',
    config: offset(),
    routes: serve(() => pagesWith(5, ({ offset: start }): JsonObject => (start === 0 ? { total: 5 } : {}))),
    anyOrder: true,
    better: {
      reason: 'The total of page 1 is remembered; dlt fails on page 2.',
      ours: {
        error: null,
        requests: ['GET /items?limit=2&offset=0', 'GET /items?limit=2&offset=2', 'GET /items?limit=2&offset=4'],
        tables: { items: items(5) },
        columns: both,
      },
      dlt: {
        error: /Total `items` not found/,
        requests: ['GET /items?limit=2&offset=0', 'GET /items?limit=2&offset=2'],
        tables: {},
        columns: {},
      },
    },
  },
  {
    name: 'offset-capped-limit',
    shows: 'A server that gives fewer rows than it was asked for',
    config: offset({ limit: 4 }),
    routes: serve(() => offsetPages(items(5), { maximumLimit: 2 })),
    anyOrder: true,
    better: {
      reason: 'The step is what came, so no row is lost; dlt steps by the limit and skips every other page.',
      ours: {
        requests: ['GET /items?limit=4&offset=0', 'GET /items?limit=4&offset=2', 'GET /items?limit=4&offset=4'],
        tables: { items: items(5) },
      },
      dlt: {
        requests: ['GET /items?limit=4&offset=0', 'GET /items?limit=4&offset=4'],
        tables: { items: [...items(2), ...items(1, 5)] },
      },
    },
  },
  {
    name: 'offset-short-page',
    shows: 'A short page without a total',
    config: offset({ total_path: null }),
    routes: serve(() => offsetPages(items(3), { totalKey: null })),
    rows: { items: 3 },
    better: {
      reason: 'The step is what came: the next request starts after the last row, so that a capped limit loses none.',
      ours: { requests: ['GET /items?limit=2&offset=0', 'GET /items?limit=2&offset=2', 'GET /items?limit=2&offset=3'] },
      dlt: { requests: ['GET /items?limit=2&offset=0', 'GET /items?limit=2&offset=2', 'GET /items?limit=2&offset=4'] },
    },
  },
  {
    name: 'offset-drift',
    shows: 'Records that go away while the listing is read',
    config: itemsFrom(
      { paginator: { type: 'offset', limit: 2 }, data_selector: 'data' },
      { resource: { primary_key: 'id', write_disposition: 'merge' } },
    ),
    routes: serve(() => {
      let records = items(6)
      const gone = 1
      return (request) => {
        const answer = offsetPages(() => records)(request)
        if (request.query.get('offset') === '0') records = records.filter(({ id }) => id !== gone)
        return answer
      }
    }),
    better: {
      reason: 'When the total shrinks, the offset steps back by as much; dlt skips a row that was there throughout.',
      ours: {
        requests: 'free',
        tables: { items: items(6) },
      },
      dlt: {
        requests: ['GET /items?limit=2&offset=0', 'GET /items?limit=2&offset=2', 'GET /items?limit=2&offset=4'],
        tables: { items: [...items(2), ...items(3, 4)] },
      },
    },
  },
]

export const paginateOffset: ParityGroup = { topic: 'Paginators: offset', cases: [...equal, ...failing, ...better] }
