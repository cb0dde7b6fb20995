import type { ResolvedResource } from '../connector/resolve.ts'
import { TributaryError } from '../errors.ts'
import type { ApiClient, RequestObserver, SendOptions } from '../http/client.ts'
import { parseJson, stringifyJson } from '../http/json.ts'
import { copyLiterals, keepLiterals } from '../http/literals.ts'
import { recordCount } from '../http/page.ts'
import type { Redactor } from '../http/redact.ts'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import type { ScannedBody } from '../scan/page-scanner.ts'
import type { ScannedRows } from '../scan/scanned-rows.ts'
import { addFields, includedFields, type Listing } from './branch.ts'
import { placeInRange, readCursor } from './cursor.ts'
import { describeBody } from './describe-body.ts'
import { type ListingStart, listPages } from './pages.ts'
import { redactValues } from './redact-values.ts'
import { compileSelector, detectSelector, recordsPath, type Select } from './select.ts'
import { watchListing } from './watch-listing.ts'

/** Records of one page, in order, and what is left to be requested after them. */
export interface ExtractedPage {
  /** The records, where they were read as rows. */
  readonly rows: ScannedRows | undefined
  /** What the steps of the resource made of them. */
  records(): readonly JsonValue[]
  /** Records that the API sent. */
  readonly received: number
  /** Size of the body. */
  readonly bytes: number
  readonly mayRepeat: boolean
  readonly total?: number
  readonly listing: Listing
  /** No page of that listing follows. */
  readonly isLast: boolean
  pending(): PageRequest[]
}

export interface ExtractOptions {
  readonly resource: ResolvedResource
  readonly client: ApiClient
  readonly redactor: Redactor
  /** The first request of each listing; or those of one that an unfinished run left. */
  readonly starts: readonly ListingStart<Listing>[]
  /** A run that is gone on with: its listing has lost its beginning. */
  readonly isResumed: boolean
  /** Pages that are taken at most. */
  readonly limit?: number | undefined
  readonly observer: RequestObserver
  /** Reads the records of a body as rows, see `Normalizer.scan`; undefined: they are wanted as records. */
  readonly scan?: ((bytes: Buffer, path: readonly string[], done: () => void) => ScannedBody | undefined) | undefined
  readonly signal: AbortSignal
  /** Called where something is left out that the API has. `reason` reads behind `because`. */
  readonly fallsShort: (reason: string) => void
  /** With a topic, one warning is enough for all listings of the resource. */
  readonly warn: (message: string, topic?: string) => void
}

/** Endpoint → pages → records: streams the pages of a resource, in order and with back-pressure. */
export async function* extract(options: ExtractOptions): AsyncGenerator<ExtractedPage, void, void> {
  const { resource, client, starts } = options
  const { paginator } = resource
  let isFiltered = false
  const recordsOf = recordReader(resource, () => {
    // Asked for each record, told once.
    if (!isFiltered) options.fallsShort(`a step of ${resource.name} left records out`)
    isFiltered = true
  })
  const isOrdered = resource.incremental?.rowOrder !== undefined
  const pages = listPages({
    paginator,
    starts,
    // As many as may be in flight, and those that are here already: a page that is worked on is in nobody's way.
    concurrency: resource.parallelized ? 2 * client.concurrency : 1,
    limit: options.limit,
    fetchPage: (request) => fetchPage(options, request),
    ...(isOrdered && { isEnd: (page: Page, listing: Listing) => isPastRange(resource, recordsOf(page, listing), listing) }),
  })
  const watch = watchListing(options)
  for await (const { page, start: listing, isLast, pending } of pages) {
    const total = paginator.total?.(page)
    watch.page(page, listing, total)
    const warning = paginator.warning?.(page)
    if (warning !== undefined) options.warn(warning, 'pagination')
    if (page.endsListing === true) options.fallsShort(`an answer to ${resource.name} was ignored`)
    if (isLast && paginator.cutsOff?.(page) === true) options.fallsShort(`the paginator of ${resource.name} has a maximum`)
    yield {
      rows: page.scanned?.rows,
      records: () => recordsOf(page, listing),
      received: recordCount(page),
      bytes: page.bytes,
      mayRepeat: page.mayRepeat || listing.branch.mayRepeat,
      ...(total !== undefined && { total }),
      listing,
      isLast,
      pending,
    }
    if (isLast) watch.end(listing)
  }
}

async function fetchPage(options: ExtractOptions, asked: PageRequest): Promise<Page> {
  const { resource, client, redactor, observer, signal, warn } = options
  const scan = scanFor(options, asked)
  const response = await client.send(asked, { ...resource.send, observer, signal, ...(scan !== undefined && { scan }) })
  const { status, headers, body, bytes, echoesSecret, ignored, scanned } = response
  const answer = { request: asked, status, headers, bytes, mayRepeat: asked.rereads === true, endsListing: ignored }
  if (scanned !== undefined) return scannedPage(options, answer, scanned)
  if (body === undefined || body === null) {
    // Of an API whose lists are bare, it is an empty one.
    if (body === null && resource.selector !== '$') options.fallsShort(`an answer to ${resource.name} was null`)
    return { ...answer, body: null, records: [] }
  }
  const { select, selector, request } = selectorFor(resource, asked, body)
  const records = select(body)
  if (records !== undefined) keepLiterals(body, records)
  if (records === undefined) {
    if (resource.required && resource.select !== undefined) throw nothingSelected(resource, request, body)
    // Where nobody says that an empty page may lack them, something else may have come.
    if (resource.select === undefined) options.fallsShort(`no records were found in an answer to ${resource.name}`)
    warn(
      `The data selector ${selector} matches nothing in ${redactor.url(request.url)}, which has ${describeBody(body)}.`,
      'selector',
    )
  }
  return { ...answer, request, body, records: echoesSecret ? withoutSecrets(options, records ?? []) : (records ?? []) }
}

/** How the body that answers a request is read as rows. Undefined: its records are wanted, or nobody knows where they are. */
function scanFor({ resource, scan }: ExtractOptions, { dataSelector }: PageRequest): SendOptions['scan'] {
  const { isUnchanged, incremental, paginator, selector = dataSelector } = resource
  // A paginator that is not built in may look at all that there is.
  const isFit = isUnchanged && incremental?.rowOrder === undefined && paginator.kind !== undefined
  const path = selector === undefined ? undefined : recordsPath(selector)
  return scan === undefined || !isFit || path === undefined ? undefined : (bytes, done) => scan(bytes, path, done)
}

/** Its body and records are made once somebody asks for them. */
function scannedPage({ resource }: ExtractOptions, answer: Omit<Page, 'body' | 'records'>, scanned: ScannedBody): Page {
  let records: readonly JsonValue[] | undefined
  return {
    ...answer,
    scanned,
    get body() {
      return scanned.whole()
    },
    get records() {
      if (records !== undefined) return records
      const select = resource.select ?? compileSelector(answer.request.dataSelector!)
      records = select(scanned.whole()) ?? []
      keepLiterals(scanned.whole(), records)
      return records
    },
  }
}

/** Copies: the paginator reads on in what the API sent, where the link to the next page may well repeat a parameter that is a secret. */
function withoutSecrets({ redactor, warn }: ExtractOptions, records: readonly JsonValue[]): JsonValue[] {
  const copies = parseJson(stringifyJson([...records])) as JsonValue[]
  copyLiterals(records, copies)
  const redacted = redactValues(copies, redactor)
  if (redacted > 0)
    warn(`The API sent one of the connector's secrets back; it is redacted in ${redacted} value${redacted === 1 ? '' : 's'}.`)
  return copies
}

/** What was found on the first page of a listing goes along with the requests for those that follow. */
function selectorFor(
  { select, selector = '$' }: ResolvedResource,
  request: PageRequest,
  body: JsonValue,
): { select: Select; selector: string; request: PageRequest } {
  if (select !== undefined) return { select, selector, request }
  const found = request.dataSelector ?? detectSelector(body)
  return { select: compileSelector(found), selector: found, request: { ...request, dataSelector: found } }
}

/** The records of a page with what they take from their parent, as the steps leave them. Made once for each page. */
function recordReader(
  { name, parent, applySteps }: ResolvedResource,
  onFiltered: () => void,
): (page: Page, listing: Listing) => readonly JsonValue[] {
  const made = new WeakMap<Page, readonly JsonValue[]>()
  return (page, { branch }) => {
    const known = made.get(page)
    if (known !== undefined) return known
    const fields = parent === undefined || parent.included.length === 0 ? [] : includedFields(name, parent, branch.record)
    const records = applySteps(
      fields.length === 0 ? page.records : page.records.map((record) => addFields(record, fields)),
      0,
      onFiltered,
    )
    // A step may have made records of what was in them.
    if (records !== page.records) keepLiterals(page.records, records)
    made.set(page, records)
    return records
  }
}

/** Whether the order of the listing says that nothing after this page is in the range any more. */
function isPastRange({ incremental, name }: ResolvedResource, records: readonly JsonValue[], { bounds }: Listing): boolean {
  if (incremental?.rowOrder === undefined || records.length === 0) return false
  const side = (incremental.rowOrder === 'asc') === (incremental.direction === 1) ? 'beyond' : 'before'
  return records.every((record, index) => {
    const value = readCursor(name, incremental, record, index)
    return value !== undefined && placeInRange(incremental, bounds, value) === side
  })
}

function nothingSelected(resource: ResolvedResource, request: PageRequest, body: JsonValue): TributaryError {
  return new TributaryError({
    code: 'SELECTOR_NO_MATCH',
    recovery: 'fix-config',
    message: `${resource.name}: the records should be at ${resource.selector} of the response, but ${request.url} answered with ${describeBody(body)}. Check the data selector and the path; where an empty page may lack it, set required: false.`,
  })
}
