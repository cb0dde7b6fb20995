import { recordCount } from '../http/page.ts'
import type { Page, PageRequest } from '../http/request.ts'
import { excerpt, invalidOptions, unreadablePage } from './errors.ts'
import { compileHasMore } from './has-more.ts'
import { compileLookup } from './lookup.ts'
import type { Paginator } from './paginator.ts'
import { place, placement } from './placement.ts'

const KIND = 'Cursor'

export interface CursorOptions {
  /** Where the response has the cursor of the next page, a dotted path or a JSONPath. Default `cursors.next`. */
  cursorPath?: string
  /** Default `cursor`, unless `cursorBodyPath` is given. */
  cursorParam?: string | null
  /** Where in the JSON body the cursor is written, a dotted path, instead of a parameter. */
  cursorBodyPath?: string | null
  /** Default false: a page may be empty and have a next one. */
  stopAfterEmptyPage?: boolean
  /** Where the response tells, as a boolean or as yes/no text, whether there is more. */
  hasMorePath?: string | null
}

/**
 * Each response has the cursor of the next page: `?cursor=abc`. No cursor, `null`, an empty text, `false` and 0 end the
 * listing. Throws `PAGINATOR_INVALID`, and `PAGE_INVALID` for a cursor that is neither text nor a number.
 */
export function cursor(options: CursorOptions = {}): Paginator {
  const { cursorPath = 'cursors.next', stopAfterEmptyPage = false } = options
  if (cursorPath === '') throw invalidOptions(KIND, 'cursorPath is where the response has the next cursor, but is empty')
  const lookup = compileLookup(KIND, 'cursorPath', cursorPath)
  const target = placement(KIND, 'cursor', options.cursorParam, options.cursorBodyPath)
  const hasMore = compileHasMore(KIND, options.hasMorePath)

  const next = (page: Page): PageRequest[] => {
    if (stopAfterEmptyPage && recordCount(page) === 0) return []
    const found = lookup(page)
    if (found === undefined || found === null || found === '' || found === false || found === 0) return []
    if (typeof found !== 'string' && typeof found !== 'number' && typeof found !== 'bigint') {
      throw unreadablePage(KIND, page, `${cursorPath} is the cursor of the next page, text or a number, but is ${excerpt(found)}`)
    }
    if (hasMore !== undefined && !hasMore(page)) return []
    return [place(target, page.request, found)]
  }
  return { kind: 'cursor', first: (request) => request, next }
}
