import { isDeepStrictEqual } from 'node:util'
import type { ResolvedResource } from '../connector/resolve.ts'
import { TributaryError } from '../errors.ts'
import type { ApiClient, RequestObserver } from '../http/client.ts'
import type { Redactor } from '../http/redact.ts'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import { listPages } from './pages.ts'
import { redactValues } from './redact-values.ts'

/** Records of one page, in order, and what is left to be requested after them. */
export interface ExtractedPage {
  readonly records: readonly JsonValue[]
  /** Size of the body. */
  readonly bytes: number
  readonly mayRepeat: boolean
  readonly total?: number
  pending(): PageRequest[]
}

export interface ExtractOptions {
  readonly resource: ResolvedResource
  readonly client: ApiClient
  readonly redactor: Redactor
  /** Requests that an unfinished run left; otherwise the listing starts with `first`. */
  readonly resume?: readonly PageRequest[]
  readonly first: PageRequest
  readonly observer: RequestObserver
  readonly signal: AbortSignal
  readonly warn: (message: string) => void
}

/** Endpoint → pages → records: streams the pages of a resource, in order and with back-pressure. */
export async function* extract(options: ExtractOptions): AsyncGenerator<ExtractedPage, void, void> {
  const { resource, client, resume, first } = options
  const { paginator } = resource
  const listing = listPages({
    paginator,
    start: resume ?? [paginator.first(first)],
    concurrency: client.concurrency,
    fetchPage: (request) => fetchPage(options, request),
  })
  const watch = watchListing(options)
  for await (const { page, pending } of listing) {
    const total = paginator.total?.(page)
    watch.page(page, total)
    const { records, bytes, mayRepeat } = page
    yield { records, bytes, mayRepeat, ...(total !== undefined && { total }), pending }
  }
  watch.end()
}

async function fetchPage(options: ExtractOptions, request: PageRequest): Promise<Page> {
  const { resource, client, redactor, observer, signal, warn } = options
  const { status, headers, body, bytes, echoesSecret } = await client.send(request, observer, signal)
  const answer = { request, status, headers, bytes, mayRepeat: request.rereads === true }
  if (body === undefined || body === null) return { ...answer, body: null, records: [] }
  if (echoesSecret) {
    const redacted = redactValues(body, redactor)
    if (redacted > 0)
      warn(`The API sent one of the connector's secrets back; it is redacted in ${redacted} value${redacted === 1 ? '' : 's'}.`)
  }
  const records = resource.select(body)
  if (records === undefined) {
    if (resource.required) throw nothingSelected(resource, request, body)
    warn(`The data selector ${resource.selector} matches nothing in ${redactor.url(request.url)}, which has ${keysOf(body)}.`)
  }
  return { ...answer, body, records: records ?? [] }
}

/** Notices an API that ignores the paginator's parameters, and a listing that ends before the total that it told. */
function watchListing({ resource, resume, warn }: ExtractOptions): {
  page(page: Page, total: number | undefined): void
  end(): void
} {
  let previous: readonly JsonValue[] = []
  let alike = 0
  let received = 0
  let shrunk = false
  let expected: number | undefined
  return {
    page({ records, mayRepeat, request }, total) {
      if (mayRepeat) {
        shrunk = true
        return
      }
      alike = records.length > 0 && isDeepStrictEqual(records, previous) ? alike + 1 : 0
      // Records with a key are never twice the same; without one, equal pages can be honest for a while.
      if (alike >= (resource.primaryKey.length > 0 ? 1 : 10)) throw ignoresPaging(resource, request)
      previous = records
      received += records.length
      expected = total
    },
    end() {
      const start = resume === undefined && !shrunk
      if (start && expected !== undefined && received < expected) {
        warn(`The API told of ${expected} records, but sent ${received}. Run again, or check the endpoint's parameters.`)
      }
    },
  }
}

function ignoresPaging(resource: ResolvedResource, request: PageRequest): TributaryError {
  return new TributaryError({
    code: 'PAGES_REPEAT',
    recovery: 'fix-config',
    message: `${resource.name}: the API repeats itself: two pages of ${request.url} in a row have the same records, so it seems to ignore the paginator's parameters. Check their names.`,
  })
}

function nothingSelected(resource: ResolvedResource, request: PageRequest, body: JsonValue): TributaryError {
  return new TributaryError({
    code: 'SELECTOR_NO_MATCH',
    recovery: 'fix-config',
    message: `${resource.name}: the records should be at ${resource.selector} of the response, but ${request.url} answered with ${keysOf(body)}. Check the data selector and the path; where an empty page may lack it, set required: false.`,
  })
}

function keysOf(body: JsonValue): string {
  if (Array.isArray(body)) return `a list of ${body.length}`
  if (typeof body !== 'object' || body === null) return `${body === null ? 'null' : `a ${typeof body}`}`
  const keys = Object.keys(body)
  return keys.length === 0
    ? 'an empty object'
    : `the keys ${keys
        .slice(0, 20)
        .map((key) => key.slice(0, 40))
        .join(', ')}`
}
