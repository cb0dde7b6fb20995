import { type Handler, json, jsonResponse, type MockRequest } from '@tributary/testkit'
import { itemsFrom, type JsonObject } from '../configs.ts'
import type { ParityCase, ParityGroup } from '../parity-case.ts'
import { chain, inTurn, items, originOf } from '../routes.ts'

const link = (options: JsonObject = {}, endpoint: JsonObject = {}): JsonObject =>
  itemsFrom({ paginator: { type: 'json_link', ...options }, data_selector: 'data', ...endpoint })

type Write = (next: number | null, request: MockRequest) => JsonObject

const linked = (write: Write): Handler =>
  chain(items(5), {
    at: ({ query }) => query.get('page'),
    answer: ({ data, next, request }) => ({ data, ...write(next, request) }),
  })

const absolute = (next: number | null, request: MockRequest): string | null =>
  next === null ? null : `${originOf(request)}/items?page=${next}`

const inHeader = (write: (next: number, request: MockRequest) => string): Handler =>
  chain(items(5), {
    at: ({ query }) => query.get('page'),
    answer: ({ data, next, request }) => jsonResponse(data, { headers: next === null ? {} : { link: write(next, request) } }),
  })

const equal: ParityCase[] = [
  {
    name: 'json-link-absolute',
    shows: 'An absolute link at `next`; null ends it',
    config: link(),
    routes: () => ({ '/items': linked((next, request) => ({ next: absolute(next, request) })) }),
    rows: { items: 5 },
  },
  {
    name: 'json-link-path',
    shows: 'A link at a path of its own; a missing one ends it',
    config: link({ next_url_path: 'links.next.href' }),
    routes: () => ({
      '/items': linked((next, request) => ({ links: next === null ? {} : { next: { href: absolute(next, request) } } })),
    }),
    rows: { items: 5 },
  },
  {
    name: 'json-link-relative',
    shows: "A link relative to the server's root",
    config: link(),
    routes: () => ({ '/items': linked((next) => ({ next: next === null ? null : `/items?page=${next}` })) }),
    rows: { items: 5 },
  },
  {
    name: 'json-link-relative-name',
    shows: "A link relative to the request's folder",
    config: itemsFrom({ path: 'deep/items', paginator: 'json_link' }),
    routes: () => ({ '/deep/items': linked((next) => ({ next: next === null ? null : `items?page=${next}` })) }),
    rows: { items: 5 },
  },
  {
    name: 'json-link-relative-query',
    shows: 'A link that is only a query',
    config: link(),
    routes: () => ({ '/items': linked((next) => ({ next: next === null ? null : `?page=${next}` })) }),
    rows: { items: 5 },
  },
  {
    name: 'json-link-query-not-repeated',
    shows: "Page 1's query is not repeated on links",
    config: link({}, { params: { limit: 2, sort: 'id' } }),
    routes: () => ({ '/items': linked((next, request) => ({ next: absolute(next, request) })) }),
    rows: { items: 5 },
  },
  {
    name: 'json-link-post',
    shows: 'The body of a POST is repeated on links',
    config: link({}, { method: 'POST', json: { query: 'x' } }),
    routes: () => ({ 'POST /items': linked((next, request) => ({ next: absolute(next, request) })) }),
    rows: { items: 5 },
  },
  {
    name: 'json-response-old-name',
    shows: 'The old name of json_link',
    config: itemsFrom({ paginator: { type: 'json_response' } }),
    routes: () => ({ '/items': linked((next, request) => ({ next: absolute(next, request) })) }),
    rows: { items: 5 },
  },
  {
    name: 'header-link',
    shows: 'The Link header, among other relations',
    config: itemsFrom({ paginator: 'header_link' }),
    routes: () => ({
      '/items': inHeader(
        (next, request) => `<${originOf(request)}/items?page=0>; rel="first", <${absolute(next, request)}>; rel="next"`,
      ),
    }),
    rows: { items: 5 },
  },
  {
    name: 'header-link-key',
    shows: 'A relation of another name',
    config: itemsFrom({ paginator: { type: 'header_link', links_next_key: 'forward' } }),
    routes: () => ({ '/items': inHeader((next, request) => `<${absolute(next, request)}>; rel="forward"`) }),
    rows: { items: 5 },
  },
  {
    name: 'header-link-relative',
    shows: 'A relative link in the header, with a comma in it',
    config: itemsFrom({ paginator: 'header_link' }),
    routes: () => ({ '/items': inHeader((next) => `</items?page=${next}&fields=id,name>; rel="next"`) }),
    rows: { items: 5 },
  },
  {
    name: 'single-page',
    shows: 'One page, whatever the body says',
    config: itemsFrom({ paginator: { type: 'single_page' } }),
    routes: () => ({ '/items': linked((next, request) => ({ next: absolute(next, request), total_pages: 3 })) }),
    rows: { items: 2 },
  },
]

const columns = { items: { id: 'BIGINT', name: 'VARCHAR' } }

const better: ParityCase[] = [
  {
    name: 'json-link-empty-ends',
    shows: 'An empty link ends it',
    config: link(),
    routes: () => ({ '/items': inTurn(json({ data: items(1), next: '/items?page=1' }), json({ data: items(1, 2), next: '' })) }),
    better: {
      reason: 'An empty link is the end; dlt makes a request of it and fails, with nothing loaded.',
      ours: { error: null, tables: { items: items(2) }, columns },
      dlt: { error: /Invalid URL/, tables: {}, columns: {} },
    },
  },
  {
    name: 'json-link-number',
    shows: 'A link that is a number',
    config: link(),
    routes: () => ({ '/items': json({ data: items(1), next: 2 }) }),
    fails: { ours: /next/, dlt: /AttributeError|decode/ },
  },
  {
    name: 'json-link-itself',
    shows: 'A link to the page itself',
    config: link(),
    routes: () => {
      let asked = 0
      return {
        '/items': () =>
          ++asked > 4
            ? jsonResponse({ error: 'enough' }, { status: 403 })
            : jsonResponse({ data: items(1), next: '/items?page=1' }),
      }
    },
    better: {
      reason: 'The same request twice is an error that says so; dlt asks for ever.',
      ours: { requests: ['GET /items', 'GET /items?page=1'], error: /repeats itself/ },
      dlt: { requests: ['GET /items', ...Array.from({ length: 4 }, () => 'GET /items?page=1')], error: /403/ },
    },
  },
]

export const paginateLink: ParityGroup = { topic: 'Paginators: links', cases: [...equal, ...better] }
