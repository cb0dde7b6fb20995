import type { JsonValue } from '@tributary/core'
import { type Handler, jsonResponse, type MockRequest, type MockResponse } from '@tributary/testkit'

export type Item = { [key: string]: JsonValue }

/** Records `{ id, name }` from 1 on. */
export const items = (count: number, from = 1): Item[] =>
  Array.from({ length: count }, (_, index) => ({ id: from + index, name: `item ${from + index}` }))

/** Where the mock API was reached: for links in its answers. */
export const originOf = ({ headers }: MockRequest): string => `http://${headers.host ?? ''}`

/** The answers one after the other; the last one again and again. */
export function inTurn(...answers: readonly (Handler | MockResponse)[]): Handler {
  let turn = 0
  return (request) => {
    const answer = answers[Math.min(turn++, answers.length - 1)]!
    return typeof answer === 'function' ? answer(request) : answer
  }
}

/** Answers by the request: `pick` names the answer, and a name that there is not is a 404. */
export function byRequest(pick: (request: MockRequest) => string, answers: Readonly<Record<string, JsonValue>>): Handler {
  return (request) => {
    const name = pick(request)
    return Object.hasOwn(answers, name) ? jsonResponse(answers[name]!) : jsonResponse({ error: `no ${name}` }, { status: 404 })
  }
}

/** Answers as `handler` does where `accepts` holds, and with a 401 otherwise. */
export const guarded =
  (accepts: (request: MockRequest) => boolean, handler: Handler): Handler =>
  (request) =>
    accepts(request) ? handler(request) : jsonResponse({ error: 'who are you?' }, { status: 401 })

/** A place in a JSON body: `page.offset`. */
export function inBody({ body }: MockRequest, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = body === '' ? undefined : (JSON.parse(body) as JsonValue)
  for (const key of path.split('.')) value = (value as Item | undefined)?.[key]
  return value
}

interface PagesOptions {
  /** Of each page. Default 2. */
  size?: number
  /** Number of the first page. Default 0. */
  base?: number
  /** Where the request has the page's number. Default: the query's `page`. */
  page?: (request: MockRequest) => JsonValue | undefined
  /** What else the answer holds. Default: `total`, the number of pages. */
  extra?: (page: { number: number; last: boolean; pages: number }) => Item
}

/** Serves records by page number, as `{ data, … }`; without a number, the first page. */
export function numberedPages(records: readonly JsonValue[], options: PagesOptions = {}): Handler {
  const { size = 2, base = 0, page = ({ query }) => query.get('page') ?? undefined } = options
  const pages = Math.ceil(records.length / size)
  const extra = options.extra ?? (() => ({ total: pages }))
  return (request) => {
    const number = Number(page(request) ?? base)
    const start = (number - base) * size
    return jsonResponse({
      data: start < 0 ? [] : records.slice(start, start + size),
      ...extra({ number, last: number - base >= pages - 1, pages }),
    })
  }
}

interface ChainOptions {
  /** Where the request says which page it wants: the text of its index; nothing: the first. */
  at: (request: MockRequest) => JsonValue | null | undefined
  /** Of each page. Default 2. */
  size?: number
  /** The answer to a request; `next` is the following page's index, `null` on the last. */
  answer: (page: { data: JsonValue[]; next: number | null; request: MockRequest }) => JsonValue | MockResponse
}

/** Serves records as a chain of pages, each of which leads to the next in whatever way `answer` writes it. */
export function chain(records: readonly JsonValue[], { at, size = 2, answer }: ChainOptions): Handler {
  return (request) => {
    const index = Number(String(at(request) ?? '0').replace(/^page-/, ''))
    const data = records.slice(index * size, (index + 1) * size)
    const response = answer({ data, next: (index + 1) * size < records.length ? index + 1 : null, request })
    return isResponse(response) ? response : jsonResponse(response)
  }
}

const isResponse = (value: JsonValue | MockResponse): value is MockResponse =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && typeof value.status === 'number' && 'headers' in value
