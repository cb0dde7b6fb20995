import { recordCount } from '../http/page.ts'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import { invalidOptions } from './errors.ts'
import { compileHasMore } from './has-more.ts'
import type { Paginator } from './paginator.ts'
import { place, placement } from './placement.ts'
import { checkCanStop, FAN_OUT, onlyTotalStops, stopsAfter } from './stop.ts'
import { compileTotal } from './total.ts'

const KIND = 'Page number'

export interface PageNumberOptions {
  /** Number of the API's first page: with a total of 5, a base of 0 has the pages 0 to 4, a base of 1 those from 1 to 5. Default 0. */
  basePage?: number
  /** Number of the first page to read. Default `basePage`. */
  page?: number | null
  /** Default `page`, unless `pageBodyPath` is given. */
  pageParam?: string | null
  /** Where in the JSON body the number is written, a dotted path, instead of a parameter. */
  pageBodyPath?: string | null
  /**
   * Where the response tells the number of all *pages*, a dotted path or a JSONPath. Default `total`, which may be
   * missing; one that is given here must be there. `null`: do not look.
   */
  totalPath?: string | null
  /** No page of this number or beyond it is requested. */
  maximumPage?: number | null
  /** Default true. */
  stopAfterEmptyPage?: boolean
  /** Where the response tells, as a boolean or as yes/no text, whether there is more. */
  hasMorePath?: string | null
}

/** What a request must know to tell, when its page is here, what comes next. */
interface Position {
  readonly page: number
  /** A later request, made at the same time, decides what follows. */
  readonly inner?: true
  /** The last total that was known. */
  readonly total?: number
}

/** Page numbers: `?page=2`. Throws `PAGINATOR_INVALID` for options that could never end. */
export function pageNumber(options: PageNumberOptions = {}): Paginator {
  const settings = checked(options)
  return {
    kind: 'page_number',
    first: (request) => at(settings, request, { page: settings.page }),
    next: (page) => following(settings, page),
    cutsOff: (page) => isCutOff(settings, page),
  }
}

type Settings = ReturnType<typeof checked>

function checked(options: PageNumberOptions) {
  const { basePage = 0, stopAfterEmptyPage = true } = options
  const page = options.page ?? basePage
  const maximum = options.maximumPage ?? undefined
  for (const [name, value] of Object.entries({ basePage, page, maximumPage: maximum ?? 0 })) {
    if (!Number.isInteger(value)) throw invalidOptions(KIND, `${name} is the number of a page, a whole number, but is ${value}`)
  }
  const hasMore = compileHasMore(KIND, options.hasMorePath)
  const settings = {
    basePage,
    page,
    pagePlace: placement(KIND, 'page', options.pageParam, options.pageBodyPath),
    stopAfterEmptyPage,
    total: compileTotal(KIND, options.totalPath, 'the number of all pages', onlyTotalStops(stopAfterEmptyPage, maximum, hasMore)),
    maximum,
    hasMore,
  }
  checkCanStop(KIND, settings, 'totalPath, maximumPage or hasMorePath')
  return settings
}

function at(settings: Settings, request: PageRequest, position: Position): PageRequest {
  return { ...place(settings.pagePlace, request, position.page), position: position as unknown as JsonValue }
}

function following(settings: Settings, page: Page): PageRequest[] {
  const position = page.request.position as unknown as Position
  const where = `page ${position.page}`
  const total = settings.total?.read(page, position.total, where)
  if (position.inner) return []
  const end = endOf(settings, page, position, total)
  const reached = position.page + 1
  if (stopsAfter(settings, page, reached, end, where)) return []
  // With hasMorePath, only the page itself tells whether there is a next one.
  const known = settings.hasMore === undefined && end !== undefined
  const bound = Math.min(known ? end : reached + 1, settings.maximum ?? Number.POSITIVE_INFINITY)
  const last = Math.min(bound, reached + fanOut(settings, reached)) - 1
  const requests: PageRequest[] = []
  for (let next = reached; next <= last; next++) {
    const place: Position = { page: next, ...(next < last && { inner: true }), ...(total !== undefined && { total }) }
    requests.push(at(settings, page.request, place))
  }
  return requests
}

/** Whether the maximum ended the listing before its own end. */
function isCutOff(settings: Settings, page: Page): boolean {
  const { maximum } = settings
  if (maximum === undefined || recordCount(page) === 0) return false
  const position = page.request.position as unknown as Position
  const end = endOf(settings, page, position, settings.total?.read(page, position.total, `page ${position.page}`))
  return position.page + 1 >= maximum && position.page + 1 < (end ?? Number.POSITIVE_INFINITY)
}

/** The number that the last page is below. `undefined` where it is not known, or where the page itself shows that there are more. */
function endOf(settings: Settings, page: Page, position: Position, total: number | undefined): number | undefined {
  if (total === undefined) return undefined
  const end = settings.basePage + total
  return recordCount(page) > 0 && position.page >= end ? undefined : end
}

/**
 * A `total` that the author did not name may well be the number of records: then no more pages are requested at once
 * than have been read, so that at most half of the requests are in vain.
 */
function fanOut({ total, page }: Settings, reached: number): number {
  return total?.named === true ? FAN_OUT : Math.min(FAN_OUT, reached - page)
}
