import {
  cursor,
  headerLink,
  type JsonValue,
  jsonLink,
  offset,
  type Paginator,
  pageNumber,
  type Resources,
  resource,
  singlePage,
} from '@tributary/core'
import { type Handler, jsonResponse, offsetPages } from '@tributary/testkit'
import { expect, it } from 'vitest'
import { serve } from '../support/connector.ts'
import { run } from '../support/cursors.ts'
import { jsonlPlace } from '../support/places.ts'

const RECORDS = 1000
const PAGES = 10
const SIZE = RECORDS / PAGES
const records = Array.from({ length: RECORDS }, (_, index) => ({ id: index + 1 }))

const page = (number: number): JsonValue[] => records.slice((number - 1) * SIZE, number * SIZE)
/** Serves pages by their number in the query, 1 where there is none, with what leads to the next one. */
const numbered =
  (
    more: (next: number | undefined, address: string) => { body?: Record<string, JsonValue>; headers?: Record<string, string> },
  ): Handler =>
  (request) => {
    const number = Number(request.query.get('page') ?? 1)
    const { body = {}, headers = {} } = more(number < PAGES ? number + 1 : undefined, `http://${request.headers.host}/records`)
    return jsonResponse({ data: page(number), ...body }, { headers })
  }

const listings: [name: string, paginator: Paginator, answer: Handler, requests: number][] = [
  ['by offset, with a total', offset({ limit: SIZE }), offsetPages(records), PAGES],
  // A short page is no end, for an API may have smaller pages than it is asked for.
  ['by offset, up to an empty page', offset({ limit: SIZE }), offsetPages(records, { totalKey: null }), PAGES + 1],
  ['by number, with a total', pageNumber({ basePage: 1 }), numbered(() => ({ body: { total: PAGES } })), PAGES],
  [
    'by cursor',
    cursor({ cursorPath: 'next', cursorParam: 'page' }),
    numbered((next) => ({ body: { next: next ?? null } })),
    PAGES,
  ],
  [
    'by a link in the body',
    jsonLink(),
    numbered((next, address) => ({ body: { next: next === undefined ? null : `${address}?page=${next}` } })),
    PAGES,
  ],
  [
    'by a link in a header',
    headerLink(),
    numbered((next, address) => (next === undefined ? {} : { headers: { link: `<${address}?page=${next}>; rel="next"` } })),
    PAGES,
  ],
  ['on a single page', singlePage(), () => jsonResponse({ data: records }), 1],
]

it.each(listings)(
  'a load makes a request for each page and no more: %s [guard.requests]',
  async (_name, paginator, answer, requests) => {
    const api = await serve({ '/records': answer })
    const place = jsonlPlace()
    const resources = {
      records: resource({
        primaryKey: 'id',
        writeDisposition: 'merge',
        endpoint: { path: 'records', dataSelector: 'data', paginator },
      }),
    }
    for (const nth of [1, 2]) {
      const result = await run(api, place, { resources })
      expect(result.resources.records).toMatchObject({ status: 'ok', records: RECORDS, retries: 0 })
      expect(api.requests).toHaveLength(requests * nth)
    }
  },
)

it('dependents are requested once for each record of their parent, and the parent once for all of them [guard.requests]', async () => {
  const parents = records.slice(0, 50)
  const answer: Handler = () => jsonResponse({ data: [{ id: 1 }, { id: 2 }] })
  const api = await serve({ '/parents': offsetPages(parents), '/parents/:id/:list': answer })
  const dependent = (list: string): Resources[string] =>
    resource({ endpoint: { path: `parents/{resources.parents.id}/${list}`, dataSelector: 'data', paginator: singlePage() } })
  const resources = {
    parents: resource({ endpoint: { path: 'parents', dataSelector: 'data', paginator: offset({ limit: 10 }) } }),
    notes: dependent('notes'),
    calls: dependent('calls'),
  }
  expect((await run(api, jsonlPlace(), { resources })).errors).toEqual([undefined, undefined, undefined])
  expect(api.requests).toHaveLength(5 + 2 * 50)
})
