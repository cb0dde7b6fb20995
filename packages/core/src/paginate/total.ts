import { isEmptyPath } from '../extract/path.ts'
import { recordCount } from '../http/page.ts'
import type { Page } from '../http/request.ts'
import { excerpt, keysOf, unreadablePage } from './errors.ts'
import { compileLookup } from './lookup.ts'

export interface Total {
  /** The author gave its path, so it must be there. */
  readonly named: boolean
  /**
   * The total that `page` tells; where it tells none, `before`: a total that only the first page has is remembered.
   * Throws `PAGE_INVALID` where it is no whole number, or where a named one was never told though there are records.
   */
  read(page: Page, before: number | undefined, place: string): number | undefined
}

/**
 * `undefined` where `path` is `null` or empty: not to be looked at. `meaning`: what the total is the number of. `isOnlyStop`:
 * nothing else can end the listing, so that the default one has to be there as well.
 */
export function compileTotal(
  kind: string,
  path: string | null | undefined,
  meaning: string,
  isOnlyStop: boolean,
): Total | undefined {
  const named = path !== undefined
  const totalPath = named ? path : 'total'
  if (isEmptyPath(totalPath)) return undefined
  const lookup = compileLookup(kind, 'totalPath', totalPath)
  return {
    named,
    read(page, before, place) {
      const found = lookup(page)
      if (found === undefined || found === null) {
        if (!(named || isOnlyStop) || before !== undefined || recordCount(page) === 0) return before
        const why = `totalPath ${totalPath} is not in the response, which has ${keysOf(page.body)}${isOnlyStop ? ', and nothing else can stop it' : ''}`
        throw unreadablePage(kind, page, why, place)
      }
      const total = typeof found === 'string' && /^\s*\d+\s*$/.test(found) ? Number(found) : found
      if (typeof total === 'number' && Number.isSafeInteger(total) && total >= 0) return total
      const why = `${totalPath} is ${meaning}, a whole number, but the response has ${excerpt(found)}`
      throw unreadablePage(kind, page, why, place)
    },
  }
}
