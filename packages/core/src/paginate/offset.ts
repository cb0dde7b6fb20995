import { TributaryError } from '../errors.ts'
import { isEmptyPath, valueAt } from '../extract/path.ts'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import type { Paginator } from './paginator.ts'

export interface OffsetOptions {
  /** Records a page. */
  limit: number
  /** Offset of the first page. Default 0. */
  offset?: number
  /** Default `offset`. */
  offsetParam?: string
  /** Default `limit`. */
  limitParam?: string
  /**
   * Where the response tells the number of all records, a dotted path. Default `total`, which may be missing; one that
   * is given here must be there. `null`: do not look.
   */
  totalPath?: string | null
  /** No record at this offset or beyond it is requested. */
  maximumOffset?: number
  /** Default true. */
  stopAfterEmptyPage?: boolean
  /** Where the response tells, as a boolean or as yes/no text, whether there is more. */
  hasMorePath?: string
}

/**
 * Pages that are requested at once when the total is known. The last of them looks at the total again, so a listing
 * that grows is read to its end, and a checkpoint never has more than this many pending requests.
 */
const FAN_OUT = 256

/** What a request must know to tell, when its page is here, what comes next. */
interface Position {
  readonly offset: number
  /** Records that a page is expected to have: the limit, or what a capped limit gives. */
  readonly step: number
  /** Offset where the page of a later request begins. Missing: this is the last request, and goes on until there is no more. */
  readonly until?: number
  /** The last total that was known. */
  readonly total?: number
}

/**
 * Offset pagination: `?offset=200&limit=100`. Loses no record where the API caps the limit, where the total grows, and
 * where records vanish while the listing is read: when the total shrinks, the records that may have moved to the other
 * side of a page boundary are requested again. Throws `PAGINATOR_INVALID` for options that could never end.
 */
export function offset(options: OffsetOptions): Paginator {
  const settings = checked(options)
  return {
    first: (request) => at(settings, request, settings.limit, { offset: settings.offset, step: settings.limit }),
    next: (page) => following(settings, page),
    total: (page) => readTotal(settings, page),
  }
}

type Settings = ReturnType<typeof checked>

function checked(options: OffsetOptions) {
  const { limit, offset: start = 0, offsetParam = 'offset', limitParam = 'limit', stopAfterEmptyPage = true } = options
  const { totalPath = 'total', maximumOffset, hasMorePath } = options
  if (!Number.isInteger(limit) || limit < 1)
    throw invalid(`limit is the number of records a page, a whole number from 1, but is ${limit}`)
  if (!Number.isInteger(start) || start < 0)
    throw invalid(`offset is where the first page starts, a whole number from 0, but is ${start}`)
  if (maximumOffset !== undefined && !Number.isInteger(maximumOffset))
    throw invalid(`maximumOffset is a whole number, but is ${maximumOffset}`)
  if (!stopAfterEmptyPage && isEmptyPath(totalPath) && maximumOffset === undefined && hasMorePath === undefined) {
    throw invalid('nothing can stop it: give totalPath, maximumOffset or hasMorePath, or let it stop after an empty page')
  }
  const totalRequired = options.totalPath !== undefined && options.totalPath !== null
  return {
    limit,
    offset: start,
    offsetParam,
    limitParam,
    stopAfterEmptyPage,
    totalPath,
    totalRequired,
    maximumOffset,
    hasMorePath,
  }
}

function at(settings: Settings, request: PageRequest, limit: number, position: Position): PageRequest {
  const { offsetParam, limitParam } = settings
  return {
    ...request,
    params: { ...request.params, [offsetParam]: position.offset, [limitParam]: limit },
    position: position as unknown as JsonValue,
  }
}

function following(settings: Settings, page: Page): PageRequest[] {
  const position = page.request.position as unknown as Position
  const total = readTotal(settings, page)
  const requests = movedBack(settings, page, position, total)
  if (page.request.rereads === true) return requests
  if (position.until !== undefined) return [...requests, ...missingBefore(settings, page, position, position.until)]
  if (stops(settings, page, position, total)) return requests
  return [...requests, ...ahead(settings, page, position, total)]
}

/** What a page inside the fan-out fell short of, before the next one begins. */
function missingBefore(settings: Settings, page: Page, position: Position, until: number): PageRequest[] {
  const reached = position.offset + page.records.length
  if (page.records.length === 0 || reached >= until) return []
  return [at(settings, page.request, until - reached, { ...position, offset: reached })]
}

/** All that is known to come, up to the fan-out; the last of them decides what follows. */
function ahead(settings: Settings, page: Page, position: Position, total: number | undefined): PageRequest[] {
  const count = page.records.length
  const start = position.offset + (count === 0 ? position.step : count)
  // A short page before the end means that the API caps the limit: from here on, the step is what came.
  const step = count > 0 && count < position.step ? count : position.step
  const known = total !== undefined && settings.hasMorePath === undefined
  const end = Math.min(known ? total : start + 1, settings.maximumOffset ?? Number.POSITIVE_INFINITY)
  const requests: PageRequest[] = []
  for (let next = start; next < end && requests.length < FAN_OUT; next += step) {
    const isLast = next + step >= end || requests.length + 1 === FAN_OUT
    const place = { offset: next, step, ...(total !== undefined && { total }), ...(!isLast && { until: next + step }) }
    requests.push(at(settings, page.request, settings.limit, place))
  }
  return requests
}

/** REST rules, in their order: empty page, total, maximum, has more. */
function stops(settings: Settings, page: Page, { offset: start, step }: Position, total: number | undefined): boolean {
  const count = page.records.length
  if (count === 0 && settings.stopAfterEmptyPage) return true
  const reached = start + (count === 0 ? step : count)
  if (total !== undefined && reached >= total) return true
  if (settings.maximumOffset !== undefined && reached >= settings.maximumOffset) return true
  return settings.hasMorePath !== undefined && !hasMore(settings.hasMorePath, page)
}

/**
 * When the total has shrunk by d, up to d records have moved from this page's range to before its beginning, where the
 * page before may have been read already: that stretch is requested once more.
 */
function movedBack(settings: Settings, page: Page, position: Position, total: number | undefined): PageRequest[] {
  const { offset: start, total: before } = position
  if (total === undefined || before === undefined || total >= before) return []
  const requests: PageRequest[] = []
  for (let from = Math.max(settings.offset, start - (before - total)); from < start; from += position.step) {
    const limit = Math.min(position.step, start - from)
    requests.push({ ...at(settings, page.request, limit, { offset: from, step: limit, total }), rereads: true })
  }
  return requests
}

/** `undefined` where it is not known, or where the page itself shows that it is not the number of all records. */
function readTotal(settings: Settings, page: Page): number | undefined {
  if (isEmptyPath(settings.totalPath)) return undefined
  const { offset: start, total: before } = page.request.position as unknown as Position
  const found = valueAt(page.body, settings.totalPath)
  if (found === undefined || found === null) {
    if (settings.totalRequired && before === undefined && page.records.length > 0) {
      throw unreadable(page, `totalPath ${settings.totalPath} is not in the response, which has ${keysOf(page.body)}`)
    }
    return before
  }
  const total = typeof found === 'string' && /^\s*\d+\s*$/.test(found) ? Number(found) : found
  if (typeof total !== 'number' || !Number.isSafeInteger(total) || total < 0) {
    throw unreadable(
      page,
      `${settings.totalPath} is the number of all records, a whole number, but the response has ${excerpt(found)}`,
    )
  }
  return page.records.length > 0 && start + page.records.length > total ? undefined : total
}

function hasMore(path: string, page: Page): boolean {
  const found = valueAt(page.body, path)
  if (typeof found === 'boolean') return found
  const text = typeof found === 'string' ? found.trim().toLowerCase() : ''
  if (['true', 'yes', 'y', '1'].includes(text)) return true
  if (['false', 'no', 'n', '0'].includes(text)) return false
  throw unreadable(page, `${path} tells whether there is more, true or false, but the response has ${excerpt(found)}`)
}

const excerpt = (value: JsonValue | undefined): string =>
  value === undefined
    ? 'nothing there'
    : typeof value === 'object' && value !== null
      ? Array.isArray(value)
        ? 'a list'
        : 'an object'
      : `${typeof value} ${String(value).slice(0, 60)}`

function keysOf(body: JsonValue): string {
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? `the keys ${Object.keys(body).slice(0, 20).join(', ')}`
    : 'no keys'
}

function invalid(why: string): TributaryError {
  return new TributaryError({ code: 'PAGINATOR_INVALID', recovery: 'fix-config', message: `Offset pagination: ${why}.` })
}

function unreadable(page: Page, why: string): TributaryError {
  const offsetText = String((page.request.position as unknown as Position).offset)
  return new TributaryError({
    code: 'PAGE_INVALID',
    recovery: 'fix-config',
    message: `Offset pagination, at offset ${offsetText} of ${page.request.url}: ${why}.`,
  })
}
