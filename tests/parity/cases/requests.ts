import { json } from '@tributary/testkit'
import { BASE, configOf, itemsFrom, type JsonObject } from '../configs.ts'
import type { ParityCase, ParityGroup } from '../parity-case.ts'
import { items } from '../routes.ts'

const two = json(items(2))
const rows = { items: 2 }
const columns = { items: { id: 'BIGINT', name: 'VARCHAR' } }

const request = (name: string, shows: string, endpoint: JsonObject, more: Partial<ParityCase> = {}): ParityCase => ({
  name,
  shows,
  config: itemsFrom({ paginator: 'single_page', ...endpoint }),
  routes: () => ({ '/items': two }),
  rows,
  ...more,
})

const equal: ParityCase[] = [
  request('params-list', 'A list repeats the key', { params: { tag: ['a', 'b c', 3] } }),
  request('params-empty-list', 'An empty list is nothing', { params: { tag: [], q: 'x' } }),
  request('params-null', 'null is dropped', { params: { q: null, limit: 10 } }),
  request('params-numbers', 'Numbers as they are written', { params: { limit: 10, ratio: 0.5, negative: -3 } }),
  request('params-special', 'Special characters are encoded', { params: { 'q[x]': 'a&b=c d+e/ü%', empty: '' } }),
  request('path-query', 'A query in the path merges with params', { path: 'items?kind=open', params: { q: 'x' } }),
  request('path-slashes', 'Base and path join with one slash', { path: '/items' }),
  request(
    'path-empty',
    'An empty path is the base itself',
    { path: '' },
    { config: baseWith('/items/', { path: '' }), routes: () => ({ '/items/': two }) },
  ),
  request(
    'path-base-with-path',
    'A base with a path, and a slash at its end',
    {},
    { config: baseWith('/v1/', { path: '/items' }), routes: () => ({ '/v1/items': two }) },
  ),
  request(
    'path-absolute',
    'An absolute path is used as it is',
    { path: `${BASE}/elsewhere` },
    { routes: () => ({ '/elsewhere': two }) },
  ),
  request('path-braces', 'Doubled braces are braces', { params: { filter: '{{"a": 1}}' } }),
  request(
    'headers-merged',
    "The endpoint's headers go over the client's",
    {},
    {
      config: itemsFrom(
        { headers: { 'X-Two': 'endpoint', 'X-Three': 'endpoint' } },
        { client: { headers: { 'X-One': 'client', 'X-Two': 'client' } } },
      ),
      headers: ['x-one', 'x-two', 'x-three'],
    },
  ),
  request(
    'post-json',
    'A POST with a JSON body',
    { method: 'POST', json: { q: 'x', deep: { list: [1, null, true] } } },
    { headers: ['content-type'] },
  ),
  request('post-form', 'A POST with a form', { method: 'POST', data: { q: 'x y', n: 1 } }, { headers: ['content-type'] }),
  request('post-text', 'A POST with a text', { method: 'POST', data: 'query {{ items }}' }),
  {
    name: 'resource-as-text',
    shows: 'A resource that is only a name',
    config: configOf(['items']),
    routes: () => ({ '/items': two }),
    rows,
  },
  {
    name: 'endpoint-as-text',
    shows: 'An endpoint that is only a path',
    config: configOf([{ name: 'items', endpoint: 'some/where' }]),
    routes: () => ({ '/some/where': two }),
    rows,
  },
  {
    name: 'path-is-name',
    shows: 'Without a path, the name is the path',
    config: configOf([{ name: 'items', endpoint: { params: { q: 1 } } }]),
    routes: () => ({ '/items': two }),
    rows,
  },
  {
    name: 'defaults-merge',
    shows: 'Defaults of params and json merge key by key, the rest as a whole',
    config: configOf(
      [
        { name: 'a', endpoint: { method: 'POST', params: { q: 'own', x: 1 }, json: { filter: 'own' } } },
        { name: 'b', endpoint: { method: 'POST', paginator: 'single_page' } },
      ],
      {
        defaults: {
          endpoint: { params: { q: 'default', limit: 5 }, json: { filter: 'default', size: 2 }, data_selector: 'data' },
        },
      },
    ),
    routes: () => ({ '/a': json({ data: items(1) }), '/b': json({ data: items(2) }) }),
    anyOrder: true,
    rows: { a: 1, b: 2 },
  },
  {
    name: 'defaults-null-resets',
    shows: 'An explicit null resets a default',
    config: itemsFrom({ data_selector: null }, { defaults: { endpoint: { data_selector: 'other' } } }),
    routes: () => ({ '/items': json({ data: items(2), other: [{ wrong: 1 }] }) }),
    rows,
  },
  {
    name: 'paginator-precedence',
    shows: "The endpoint's paginator wins over the default's, and that over the client's",
    config: configOf(
      [
        { name: 'own', endpoint: { paginator: { type: 'single_page' } } },
        { name: 'default', endpoint: {} },
      ],
      {
        client: { paginator: { type: 'cursor', cursor_path: 'none' } },
        defaults: { endpoint: { paginator: { type: 'page_number', maximum_page: 2, total_path: null } } },
      },
    ),
    routes: () => ({ '/own': two, '/default': two }),
    anyOrder: true,
    rows: { own: 2, default: 4 },
  },
  {
    name: 'paginator-of-client',
    shows: "The client's paginator",
    config: configOf(['items'], {
      client: { paginator: { type: 'page_number', base_page: 1, maximum_page: 3, total_path: null } },
    }),
    routes: () => ({ '/items': two }),
    rows: { items: 4 },
  },
]

function baseWith(path: string, endpoint: JsonObject): JsonObject {
  return itemsFrom({ paginator: 'single_page', ...endpoint }, { client: { base_url: `${BASE}${path}` } })
}

const failing: ParityCase[] = [
  {
    name: 'json-and-data',
    shows: 'A JSON body and a form at once',
    config: itemsFrom({ method: 'POST', json: { a: 1 }, data: { b: 2 } }),
    routes: () => ({ '/items': two }),
    fails: { ours: /json.*data|data.*json/s, dlt: /'json' and 'data'/ },
  },
]

const better: ParityCase[] = [
  request(
    'params-booleans',
    'Booleans',
    { params: { open: true, closed: false } },
    {
      better: {
        reason: "Booleans are true and false, as in JSON; dlt writes Python's True and False.",
        ours: { requests: ['GET /items?closed=false&open=true'] },
        dlt: { requests: ['GET /items?closed=False&open=True'] },
      },
    },
  ),
  {
    name: 'method-lower-case',
    shows: 'A method in lower case',
    config: itemsFrom({ method: 'post', json: { q: 1 } }),
    routes: () => ({ 'POST /items': two }),
    better: {
      reason: 'The case of a method does not matter; dlt refuses the configuration.',
      ours: { error: null, requests: ['POST /items {"q":1}'], tables: { items: items(2) }, columns },
      dlt: { error: /DictValidationException/, requests: [], tables: {}, columns: {} },
    },
  },
  {
    name: 'method-put',
    shows: 'A search that is a PUT',
    config: itemsFrom({ method: 'PUT', json: { q: 1 } }),
    routes: () => ({ 'PUT /items': two }),
    better: {
      reason: 'Some APIs search with PUT or PATCH; dlt knows only GET and POST.',
      ours: { error: null, requests: ['PUT /items {"q":1}'], tables: { items: items(2) }, columns },
      dlt: { error: /DictValidationException/, requests: [], tables: {}, columns: {} },
    },
  },
]

export const requests: ParityGroup = { topic: 'Endpoint', cases: [...equal, ...failing, ...better] }
