import type { JsonValue } from '@tributary/core'
import { type Handler, json, jsonResponse, offsetPages, text } from '@tributary/testkit'
import { itemsFrom } from '../configs.ts'
import type { ParityCase, ParityGroup } from '../parity-case.ts'
import { chain, inTurn, items, numberedPages, originOf } from '../routes.ts'

const columns = { items: { id: 'BIGINT', name: 'VARCHAR' } }

const paginators: ParityCase[] = [
  {
    name: 'detect-link-header',
    shows: 'A Link header',
    config: itemsFrom(),
    routes: () => ({
      '/items': chain(items(5), {
        at: ({ query }) => query.get('page'),
        answer: ({ data, next, request }) =>
          jsonResponse(data, { headers: next === null ? {} : { link: `<${originOf(request)}/items?page=${next}>; rel="next"` } }),
      }),
    }),
    rows: { items: 5 },
  },
  {
    name: 'detect-next-url',
    shows: 'A link in the body, at a nested key that starts with next',
    config: itemsFrom({ paginator: 'auto' }),
    routes: () => ({
      '/items': chain(items(5), {
        at: ({ query }) => query.get('page'),
        answer: ({ data, next }) => ({ results: data, meta: { next_page: next === null ? null : `/items?page=${next}` } }),
      }),
    }),
    rows: { items: 5 },
  },
  {
    name: 'detect-next-object',
    shows: 'A link in an object',
    config: itemsFrom({ paginator: { type: 'auto' } }),
    routes: () => ({
      '/items': chain(items(3), {
        at: ({ query }) => query.get('page'),
        answer: ({ data, next, request }) => ({
          links: { next: next === null ? null : { href: `${originOf(request)}/items?page=${next}` } },
          items: data,
        }),
      }),
    }),
    rows: { items: 3 },
  },
  {
    name: 'detect-next-cursor',
    shows: 'A cursor in the body',
    config: itemsFrom(),
    routes: () => ({
      '/items': chain(items(5), {
        at: ({ query }) => query.get('cursor'),
        answer: ({ data, next }) => ({ data, paging: { next: next === null ? null : `page-${next}` } }),
      }),
    }),
    rows: { items: 5 },
  },
  {
    name: 'detect-pages-from-0',
    shows: 'Total pages, counted from 0 as the page field says',
    config: itemsFrom(),
    routes: () => ({
      '/items': numberedPages(items(5), { extra: ({ number, pages }) => ({ page: number, total_pages: pages }) }),
    }),
    anyOrder: true,
    rows: { items: 5 },
  },
  {
    name: 'detect-single-page',
    shows: 'Nothing to go by: one page',
    config: itemsFrom(),
    routes: () => ({ '/items': json({ data: items(2), count: 2 }) }),
    rows: { items: 2 },
  },
]

/** A body that is served as one page. */
const body = (name: string, shows: string, value: JsonValue, rows: ParityCase['rows'] = { items: 2 }): ParityCase => ({
  name,
  shows,
  config: itemsFrom({ paginator: 'single_page' }),
  routes: () => ({ '/items': json(value) }),
  ...(rows !== undefined && { rows }),
})

const noise = [{ other: 1 }]

const selectors: ParityCase[] = [
  body('detect-body-list', 'The body is the list', items(2)),
  body('detect-known-key', 'A well-known key wins over an earlier list', { errors: noise, results: items(2) }),
  body('detect-known-key-nested', 'A well-known key at depth 3', { errors: noise, response: { body: { records: items(2) } } }),
  body('detect-first-list', 'No well-known key: the first list', { count: 2, people: items(2), teams: noise }),
  body(
    'detect-too-deep',
    'A list at depth 4 is not looked for',
    { a: { b: { c: { data: items(2) } } } },
    { items: 1, items__a__b__c__data: 2 },
  ),
  body('detect-one-object', 'No list: the body is one row', { id: 7, profile: { name: 'x' } }, { items: 1 }),
  body('detect-empty-list', 'An empty list is no rows', { data: [] }, {}),
  body('detect-scalars', 'A list of scalars', { data: ['a', 'b', 'c'] }, { items: 3 }),
  body('detect-one-element', 'A list of one', { data: items(1) }, { items: 1 }),
]

const raw = (name: string, shows: string, json: string, more: Partial<ParityCase>): ParityCase => ({
  name,
  shows,
  config: itemsFrom({ paginator: 'single_page' }),
  routes: () => ({ '/items': text(json, { contentType: 'application/json' }) }),
  ...more,
})

const bodies: ParityCase[] = [
  raw('body-null', 'A body of null is no rows', 'null', { rows: {} }),
  raw('body-duplicate-keys', 'Of duplicate keys the last counts', '{"data": [{"id": 1, "id": 2}]}', { rows: { items: 1 } }),
  raw('body-escapes', 'Escaped characters, in any content type', '{"data": [{"id": 1, "name": "\\u00e9\\ud83d\\ude00\\n"}]}', {
    rows: { items: 1 },
  }),
  raw('body-nan', 'JSON has no NaN', '{"data": [{"id": 1, "ratio": NaN}]}', { fails: { ours: /NaN/, dlt: /Expecting value/ } }),
]

const explicit = (
  name: string,
  shows: string,
  selector: string,
  value: JsonValue,
  rows: ParityCase['rows'] = { items: 2 },
): ParityCase => ({
  name,
  shows,
  config: itemsFrom({ paginator: 'single_page', data_selector: selector }),
  routes: () => ({ '/items': json(value) }),
  ...(rows !== undefined && { rows }),
})

const jsonPaths: ParityCase[] = [
  explicit('select-key', 'A key', 'people', { data: noise, people: items(2) }),
  explicit('select-path', 'A path', 'response.body.people', { response: { body: { people: items(2) } } }),
  explicit('select-root', 'The body itself', '$', items(2)),
  explicit('select-all-items', 'Every element', 'people[*]', { people: items(2) }),
  explicit('select-in-all', 'A field of every element', '$.rows[*].item', { rows: items(2).map((item) => ({ item, noise: 1 })) }),
  explicit('select-object', 'An object is one row', 'result', { result: { id: 1, name: 'one' } }, { items: 1 }),
  explicit('select-nothing', 'No match is no rows', 'nothing.here', { data: items(2) }, {}),
]

const failing: ParityCase[] = [
  {
    name: 'detect-not-json',
    shows: 'A body that is not JSON',
    config: itemsFrom(),
    routes: () => ({ '/items': text('<!doctype html><title>Log in</title>', { contentType: 'text/html' }) }),
    fails: { ours: /doctype html/, dlt: /Expecting value/ },
  },
  {
    name: 'detect-empty-body',
    shows: 'An empty body with status 200',
    config: itemsFrom(),
    routes: () => ({ '/items': text('', { contentType: 'application/json' }) }),
    fails: { ours: /empty/i, dlt: /Expecting value/ },
  },
]

/** Pages from 1, as most APIs count them. */
const fromOne = (extra: (number: number, pages: number) => { [key: string]: JsonValue }): Handler =>
  numberedPages(items(5), { base: 1, extra: ({ number, pages }) => extra(number, pages) })

const better: ParityCase[] = [
  {
    name: 'detect-pages-from-1',
    shows: 'Total pages, counted from 1 as the page field says',
    config: itemsFrom(),
    routes: () => ({ '/items': fromOne((number, pages) => ({ page: number, total_pages: pages })) }),
    anyOrder: true,
    better: {
      reason:
        "The response's page field tells where pages begin; dlt always counts from 0, reads page 1 twice and loses the last.",
      ours: {
        requests: ['GET /items', 'GET /items?page=2', 'GET /items?page=3'],
        tables: { items: items(5) },
      },
      dlt: {
        requests: ['GET /items', 'GET /items?page=1', 'GET /items?page=2'],
        tables: { items: [...items(2), ...items(2), ...items(2, 3)] },
      },
    },
  },
  {
    name: 'detect-pages-unknown-base',
    shows: 'Total pages without a page field',
    config: itemsFrom(),
    routes: () => ({ '/items': fromOne((_number, pages) => ({ total_pages: pages })) }),
    anyOrder: true,
    better: {
      reason: 'Pages are then counted from 1 and none is read twice; dlt counts from 0, reads page 1 twice and loses the last.',
      ours: {
        requests: ['GET /items', 'GET /items?page=2', 'GET /items?page=3'],
        tables: { items: items(5) },
      },
      dlt: {
        requests: ['GET /items', 'GET /items?page=1', 'GET /items?page=2'],
        tables: { items: [...items(2), ...items(2), ...items(2, 3)] },
      },
    },
  },
  {
    name: 'detect-offset',
    shows: 'Limit, offset and total in the body',
    config: itemsFrom(),
    routes: () => ({ '/items': offsetPages(items(5), { defaultLimit: 2 }) }),
    anyOrder: true,
    better: {
      reason: 'Limit, offset and total are a paginator too; dlt reads the first page and is content.',
      ours: {
        requests: ['GET /items', 'GET /items?limit=2&offset=2', 'GET /items?limit=2&offset=4'],
        tables: { items: items(5) },
      },
      dlt: { requests: ['GET /items'], tables: { items: items(2) } },
    },
  },
  {
    name: 'detect-no-content',
    shows: 'Status 204 on the way',
    config: itemsFrom({ paginator: { type: 'cursor', cursor_path: 'next' } }),
    routes: () => ({ '/items': inTurn(json({ data: items(2), next: 'b' }), { status: 204 }) }),
    better: {
      reason: '204 is an empty page; dlt parses its body as JSON and fails.',
      ours: { error: null, tables: { items: items(2) }, columns },
      dlt: { error: /Expecting value/, tables: {}, columns: {} },
    },
  },
]

export const detection: ParityGroup = {
  topic: 'Detection',
  cases: [...paginators, ...selectors, ...jsonPaths, ...bodies, ...failing, ...better],
}
