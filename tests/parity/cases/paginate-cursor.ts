import { type Handler, jsonResponse } from '@tributary/testkit'
import { itemsFrom, type JsonObject } from '../configs.ts'
import type { ParityCase, ParityGroup } from '../parity-case.ts'
import { chain, inBody, items } from '../routes.ts'

const cursor = (options: JsonObject = {}): JsonObject =>
  itemsFrom({ paginator: { type: 'cursor', ...options }, data_selector: 'data' })

/** Pages whose cursors are `page-1`, `page-2`, in the place where `extra` puts them. */
const cursors = (extra: (next: string | null) => JsonObject, param = 'cursor', records = items(5)): Handler =>
  chain(records, {
    at: ({ query }) => query.get(param),
    answer: ({ data, next }) => ({ data, ...extra(next === null ? null : `page-${next}`) }),
  })

const equal: ParityCase[] = [
  {
    name: 'cursor-default',
    shows: 'The cursor at cursors.next; null ends it',
    config: cursor(),
    routes: () => ({ '/items': cursors((next) => ({ cursors: { next } })) }),
    rows: { items: 5 },
  },
  {
    name: 'cursor-missing-ends',
    shows: 'A cursor that is not there ends it',
    config: cursor({ cursor_path: 'meta.after', cursor_param: 'after' }),
    routes: () => ({ '/items': cursors((next): JsonObject => ({ meta: next === null ? {} : { after: next } }), 'after') }),
    rows: { items: 5 },
  },
  {
    name: 'cursor-empty-text-ends',
    shows: 'A cursor that is an empty text ends it',
    config: cursor({ cursor_path: 'next' }),
    routes: () => ({ '/items': cursors((next) => ({ next: next ?? '' })) }),
    rows: { items: 5 },
  },
  {
    name: 'cursor-number',
    shows: 'A cursor that is a number',
    config: cursor({ cursor_path: 'next' }),
    routes: () => ({
      '/items': chain(items(5), { at: ({ query }) => query.get('cursor'), answer: ({ data, next }) => ({ data, next }) }),
    }),
    rows: { items: 5 },
  },
  {
    name: 'cursor-special',
    shows: 'A cursor of special characters',
    config: cursor({ cursor_path: 'next' }),
    routes: () => ({
      '/items': ({ query }) =>
        query.get('cursor') === 'a+b/c==&é'
          ? jsonResponse({ data: items(1, 2), next: null })
          : jsonResponse({ data: items(1), next: query.get('cursor') === null ? 'a+b/c==&é' : null }),
    }),
    rows: { items: 2 },
  },
  {
    name: 'cursor-params-repeated',
    shows: 'Params are on every page',
    config: itemsFrom({ paginator: { type: 'cursor', cursor_path: 'next' }, params: { limit: 2, sort: '-id' } }),
    routes: () => ({ '/items': cursors((next) => ({ next })) }),
    rows: { items: 5 },
  },
  {
    name: 'cursor-body',
    shows: 'The cursor in the body of a POST',
    config: itemsFrom({
      method: 'POST',
      json: { query: 'x', page: { size: 2 } },
      paginator: { type: 'cursor', cursor_path: 'page.next', cursor_body_path: 'page.cursor' },
      data_selector: 'data',
    }),
    routes: () => ({
      'POST /items': chain(items(5), {
        at: (request) => inBody(request, 'page.cursor'),
        answer: ({ data, next }) => ({ data, page: { next: next === null ? null : `page-${next}` } }),
      }),
    }),
    rows: { items: 5 },
  },
  {
    name: 'cursor-has-more',
    shows: 'has_more ends it, although there is a cursor',
    config: cursor({ cursor_path: 'next', has_more_path: 'has_more' }),
    routes: () => ({ '/items': cursors((next) => ({ next: next ?? 'page-9', has_more: next !== null })) }),
    rows: { items: 5 },
  },
  {
    name: 'cursor-stop-after-empty',
    shows: 'An empty page ends it where that is said',
    config: cursor({ cursor_path: 'next', stop_after_empty_page: true }),
    routes: () => ({
      '/items': ({ query }) => {
        const index = Number(query.get('cursor') ?? 0)
        return jsonResponse({ data: index < 2 ? items(1, index + 1) : [], next: index + 1 })
      },
    }),
    rows: { items: 2 },
  },
  {
    name: 'cursor-empty-goes-on',
    shows: 'An empty page does not end it otherwise',
    config: cursor({ cursor_path: 'next' }),
    routes: () => ({
      '/items': ({ query }) => {
        const index = Number(query.get('cursor') ?? 0)
        return jsonResponse({ data: index === 1 ? [] : items(1, index + 1), next: index < 2 ? index + 1 : null })
      },
    }),
    rows: { items: 2 },
  },
  {
    name: 'header-cursor-default',
    shows: 'The cursor in the header `next`',
    config: itemsFrom({ paginator: { type: 'header_cursor' } }),
    routes: () => ({
      '/items': chain(items(5), {
        at: ({ query }) => query.get('cursor'),
        answer: ({ data, next }) => jsonResponse(data, { headers: next === null ? {} : { next: `page-${next}` } }),
      }),
    }),
    rows: { items: 5 },
  },
  {
    name: 'header-cursor-names',
    shows: 'A header and a parameter of other names, in any case',
    config: itemsFrom({ paginator: { type: 'header_cursor', cursor_key: 'X-Next-Page', cursor_param: 'page_token' } }),
    routes: () => ({
      '/items': chain(items(5), {
        at: ({ query }) => query.get('page_token'),
        answer: ({ data, next }) => jsonResponse({ data }, { headers: next === null ? {} : { 'x-next-page': `page-${next}` } }),
      }),
    }),
    rows: { items: 5 },
  },
]

const failing: ParityCase[] = [
  {
    name: 'cursor-param-and-body-path',
    shows: 'A parameter and a body path for one thing',
    config: cursor({ cursor_param: 'cursor', cursor_body_path: 'cursor' }),
    routes: () => ({ '/items': cursors((next) => ({ next })) }),
    fails: { ours: /cursor_body_path/, dlt: /cursor_body_path/ },
  },
]

const better: ParityCase[] = [
  {
    name: 'cursor-repeats-itself',
    shows: 'An API that gives the same cursor again and again',
    config: cursor({ cursor_path: 'next' }),
    routes: () => {
      let asked = 0
      return {
        // Without an end, dlt would never come back.
        '/items': () =>
          ++asked > 5 ? jsonResponse({ error: 'enough' }, { status: 403 }) : jsonResponse({ data: items(1), next: 'same' }),
      }
    },
    better: {
      reason: 'The same request twice is an error that says so; dlt asks for ever.',
      ours: { requests: ['GET /items', 'GET /items?cursor=same'], error: /repeats itself/ },
      dlt: { requests: ['GET /items', ...Array.from({ length: 5 }, () => 'GET /items?cursor=same')], error: /403/ },
    },
  },
]

export const paginateCursor: ParityGroup = { topic: 'Paginators: cursor', cases: [...equal, ...failing, ...better] }
