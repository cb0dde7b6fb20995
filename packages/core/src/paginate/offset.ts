import { recordCount } from '../http/page.ts'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import { invalidOptions } from './errors.ts'
import { compileHasMore } from './has-more.ts'
import type { Paginator } from './paginator.ts'
import { place, placement } from './placement.ts'
import { checkCanStop, FAN_OUT, onlyTotalStops, stopsAfter } from './stop.ts'
import { compileTotal } from './total.ts'

const KIND = 'Offset'

export interface OffsetOptions {
  /** Records a page. */
  limit: number
  /** Offset of the first page. Default 0. */
  offset?: number
  /** Default `offset`, unless `offsetBodyPath` is given. */
  offsetParam?: string | null
  /** Default `limit`, unless `limitBodyPath` is given. */
  limitParam?: string | null
  /** Where in the JSON body the offset is written, a dotted path, instead of a parameter. */
  offsetBodyPath?: string | null
  /** Where in the JSON body the limit is written, a dotted path, instead of a parameter. */
  limitBodyPath?: string | null
  /**
   * Where the response tells the number of all records, a dotted path or a JSONPath. Default `total`, which may be
   * missing; one that is given here must be there. `null`: do not look.
   */
  totalPath?: string | null
  /** No page that starts at this offset or beyond it is requested. */
  maximumOffset?: number | null
  /** Default true. */
  stopAfterEmptyPage?: boolean
  /** Where the response tells, as a boolean or as yes/no text, whether there is more. */
  hasMorePath?: string | null
}

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
    kind: 'offset',
    first: (request) => at(settings, request, settings.limit, { offset: settings.offset, step: settings.limit }),
    next: (page) => following(settings, page),
    total: (page) => expected(settings, readTotal(settings, page)),
    cutsOff: (page) => isCutOff(settings, page),
  }
}

type Settings = ReturnType<typeof checked>

function checked(options: OffsetOptions) {
  const { limit, offset: start = 0, stopAfterEmptyPage = true } = options
  const maximum = options.maximumOffset ?? undefined
  if (!Number.isInteger(limit) || limit < 1)
    throw invalidOptions(KIND, `limit is the number of records a page, a whole number from 1, but is ${limit}`)
  if (!Number.isInteger(start) || start < 0)
    throw invalidOptions(KIND, `offset is where the first page starts, a whole number from 0, but is ${start}`)
  if (maximum !== undefined && !Number.isInteger(maximum))
    throw invalidOptions(KIND, `maximumOffset is a whole number, but is ${maximum}`)
  const hasMore = compileHasMore(KIND, options.hasMorePath)
  const settings = {
    limit,
    offset: start,
    offsetPlace: placement(KIND, 'offset', options.offsetParam, options.offsetBodyPath),
    limitPlace: placement(KIND, 'limit', options.limitParam, options.limitBodyPath),
    stopAfterEmptyPage,
    total: compileTotal(
      KIND,
      options.totalPath,
      'the number of all records',
      onlyTotalStops(stopAfterEmptyPage, maximum, hasMore),
    ),
    maximum,
    hasMore,
  }
  checkCanStop(KIND, settings, 'totalPath, maximumOffset or hasMorePath')
  return settings
}

function at(settings: Settings, request: PageRequest, limit: number, position: Position): PageRequest {
  const placed = place(settings.limitPlace, place(settings.offsetPlace, request, position.offset), limit)
  return { ...placed, position: position as unknown as JsonValue }
}

function following(settings: Settings, page: Page): PageRequest[] {
  const position = page.request.position as unknown as Position
  const total = readTotal(settings, page)
  const requests = movedBack(settings, page, position, total)
  if (page.request.rereads === true) return requests
  if (position.until !== undefined) return [...requests, ...missingBefore(settings, page, position, position.until)]
  const reached = position.offset + (recordCount(page) === 0 ? position.step : recordCount(page))
  if (stopsAfter(settings, page, reached, total, placeOf(position))) return requests
  return [...requests, ...ahead(settings, page, position, total)]
}

/** What a page inside the fan-out fell short of, before the next one begins. */
function missingBefore(settings: Settings, page: Page, position: Position, until: number): PageRequest[] {
  const reached = position.offset + recordCount(page)
  if (recordCount(page) === 0 || reached >= until) return []
  return [at(settings, page.request, until - reached, { ...position, offset: reached })]
}

/** All that is known to come, up to the fan-out; the last of them decides what follows. */
function ahead(settings: Settings, page: Page, position: Position, total: number | undefined): PageRequest[] {
  const count = recordCount(page)
  const start = position.offset + (count === 0 ? position.step : count)
  // A short page before the end means that the API caps the limit: from here on, the step is what came.
  const step = count > 0 && count < position.step ? count : position.step
  const known = total !== undefined && settings.hasMore === undefined
  const end = Math.min(known ? total : start + 1, settings.maximum ?? Number.POSITIVE_INFINITY)
  const requests: PageRequest[] = []
  for (let next = start; next < end && requests.length < FAN_OUT; next += step) {
    const isLast = next + step >= end || requests.length + 1 === FAN_OUT
    const place = { offset: next, step, ...(total !== undefined && { total }), ...(!isLast && { until: next + step }) }
    requests.push(at(settings, page.request, settings.limit, place))
  }
  return requests
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
function readTotal({ total: rule }: Settings, page: Page): number | undefined {
  const position = page.request.position as unknown as Position
  const total = rule?.read(page, position.total, placeOf(position))
  const contradicted = total !== undefined && recordCount(page) > 0 && position.offset + recordCount(page) > total
  return contradicted ? undefined : total
}

/** Of all records, those that are asked for. */
function expected(
  { offset: start, maximum = Number.POSITIVE_INFINITY }: Settings,
  total: number | undefined,
): number | undefined {
  return total === undefined ? undefined : Math.max(0, Math.min(total, maximum) - start)
}

/** Whether the maximum ended the listing before its own end. */
function isCutOff(settings: Settings, page: Page): boolean {
  const { maximum } = settings
  if (maximum === undefined || recordCount(page) === 0) return false
  const reached = (page.request.position as unknown as Position).offset + recordCount(page)
  return reached >= maximum && reached < (readTotal(settings, page) ?? Number.POSITIVE_INFINITY)
}

const placeOf = (position: Position): string => `offset ${position.offset}`
