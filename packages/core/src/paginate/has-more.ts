import { isEmptyPath } from '../extract/path.ts'
import type { Page } from '../http/request.ts'
import { excerpt, unreadablePage } from './errors.ts'
import { compileLookup } from './lookup.ts'

/** Whether the response says that there is more. Throws `PAGE_INVALID` where it says neither. */
export type HasMore = (page: Page, place?: string) => boolean

/** `undefined` where no path is given. */
export function compileHasMore(kind: string, path: string | null | undefined): HasMore | undefined {
  if (isEmptyPath(path)) return undefined
  const lookup = compileLookup(kind, 'hasMorePath', path)
  return (page, place) => {
    const found = lookup(page)
    if (typeof found === 'boolean') return found
    const text = typeof found === 'string' ? found.trim().toLowerCase() : ''
    if (YES.has(text)) return true
    if (NO.has(text)) return false
    const why = `${path} tells whether there is more, true or false, but the response has ${excerpt(found)}`
    throw unreadablePage(kind, page, why, place)
  }
}

const YES = new Set(['true', 'yes', 'y', 't', '1'])
const NO = new Set(['false', 'no', 'n', 'f', '0'])
