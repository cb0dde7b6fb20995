import type { Page, PageRequest } from '../http/request.ts'
import { invalidOptions } from './errors.ts'
import type { Paginator } from './paginator.ts'
import { place, placement } from './placement.ts'

const KIND = 'Header cursor'

export interface HeaderCursorOptions {
  /** Name of the response header that has the cursor of the next page, in any case. Default `next`. */
  cursorKey?: string
  /** Default `cursor`. */
  cursorParam?: string
}

/** Each response has the cursor of the next page in a header. No such header, or an empty one, ends the listing. */
export function headerCursor({ cursorKey = 'next', cursorParam = 'cursor' }: HeaderCursorOptions = {}): Paginator {
  const name = cursorKey.trim().toLowerCase()
  if (name === '') throw invalidOptions(KIND, 'cursorKey is the name of the header that has the next cursor, but is empty')
  const target = placement(KIND, 'cursor', cursorParam, undefined)

  const next = (page: Page): PageRequest[] => {
    const found = Object.hasOwn(page.headers, name) ? page.headers[name]?.trim() : undefined
    return found === undefined || found === '' ? [] : [place(target, page.request, found)]
  }
  return { kind: 'header_cursor', first: (request) => request, next }
}
