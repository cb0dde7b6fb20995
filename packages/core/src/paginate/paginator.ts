import type { Page, PageRequest } from '../http/request.ts'

/**
 * How an endpoint is divided into pages. Pure: the answer depends on nothing but the argument, so a listing can be
 * resumed from its pending requests, fetched concurrently, and property-tested. What a paginator must remember goes
 * into `request.position`.
 */
export interface Paginator {
  /** Of those that are built in: what is left of an unfinished run is not gone on with by another one, whose places mean something else. */
  readonly kind?: string
  /** Called once, before the first request of a listing. */
  first(request: PageRequest): PageRequest
  /**
   * Called once for each page that arrived, in any order. The requests that follow `page` are handed on right behind
   * it, in the order given, and may be fetched at once. None: this branch of the listing is at its end.
   */
  next(page: Page): Iterable<PageRequest>
  /** Called for each page, where present: records that the listing is to give in all, for progress and to notice a listing that ended short. */
  total?(page: Page): number | undefined
  /** Called for the last page of a listing, where present: whether a maximum of the paginator ended it, and not its own end. */
  cutsOff?(page: Page): boolean
  /** Called for each page, where present: what the person who runs it should know. One sentence or two, no secret of its own. */
  warning?(page: Page): string | undefined
}
