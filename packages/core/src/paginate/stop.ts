import { recordCount } from '../http/page.ts'
import type { Page } from '../http/request.ts'
import { invalidOptions } from './errors.ts'
import type { HasMore } from './has-more.ts'
import type { Total } from './total.ts'

/**
 * Pages that are requested at once when the total is known. The last of them looks at the total again, so a listing
 * that grows is read to its end, and a checkpoint never has more than this many pending requests.
 */
export const FAN_OUT = 256

export interface StopRules {
  readonly stopAfterEmptyPage: boolean
  readonly total?: Total | undefined
  /** Exclusive. */
  readonly maximum?: number | undefined
  readonly hasMore?: HasMore | undefined
}

/** Whether nothing but a total ends the listing. */
export const onlyTotalStops = (stopAfterEmptyPage: boolean, maximum: number | undefined, hasMore: HasMore | undefined): boolean =>
  !stopAfterEmptyPage && maximum === undefined && hasMore === undefined

/** Throws `PAGINATOR_INVALID` where a listing would never end. `options`: the ones to give, as the author writes them. */
export function checkCanStop(kind: string, { stopAfterEmptyPage, total, maximum, hasMore }: StopRules, options: string): void {
  if (stopAfterEmptyPage || total !== undefined || maximum !== undefined || hasMore !== undefined) return
  throw invalidOptions(kind, `nothing can stop it: give ${options}, or let it stop after an empty page`)
}

/**
 * Whether `page` is the last one: the first of the rules that says so counts, in the order empty page, total, maximum,
 * has more. `reached` is where the next page would begin, `end` where the listing ends by its total.
 */
export function stopsAfter(rules: StopRules, page: Page, reached: number, end: number | undefined, place: string): boolean {
  if (rules.stopAfterEmptyPage && recordCount(page) === 0) return true
  if (end !== undefined && reached >= end) return true
  if (rules.maximum !== undefined && reached >= rules.maximum) return true
  // Neither records nor a total ever came, and nothing else tells of more.
  if (recordCount(page) === 0 && end === undefined && rules.maximum === undefined && rules.hasMore === undefined) return true
  return rules.hasMore !== undefined && !rules.hasMore(page, place)
}
