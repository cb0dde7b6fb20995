import { asRequestedBy } from '../http/page.ts'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import { build, type Detected, detect } from './detect.ts'
import { doubtAbout } from './doubt.ts'
import type { Paginator } from './paginator.ts'

/** What later requests remember: the paginator that the first page showed, and where that one is. */
interface Position {
  readonly detected: Detected
  readonly position?: JsonValue
}

/**
 * Finds out from the first response how the listing goes on, in this order: a `Link` header; the URL of the next page;
 * a number of pages; the cursor of the next page; offset, limit and total. Otherwise it is one page, with a warning
 * where there could be more. What was found out goes into the position of the requests that follow.
 */
export function auto(): Paginator {
  const built = new Map<string, Paginator>()
  const paginatorOf = (detected: Detected): Paginator => {
    const key = JSON.stringify(detected)
    const paginator = built.get(key) ?? build(detected)
    built.set(key, paginator)
    return paginator
  }

  /** The page as the paginator that was detected would have requested it. */
  const detectedFor = (page: Page): { detected: Detected; paginator: Paginator; page: Page } | undefined => {
    const { position: remembered, ...request } = page.request
    if (remembered !== undefined) {
      const { detected, position } = remembered as unknown as Position
      return { detected, paginator: paginatorOf(detected), page: asRequestedBy(page, withPosition(request, position)) }
    }
    const detected = detect(page)
    if (detected === undefined) return undefined
    const paginator = paginatorOf(detected)
    return { detected, paginator, page: asRequestedBy(page, withPosition(request, paginator.first(request).position)) }
  }

  return {
    kind: 'auto',
    first: (request) => request,
    next: (page) => {
      const found = detectedFor(page)
      if (found === undefined) return []
      const { detected, paginator } = found
      return [...paginator.next(found.page)].map(({ position, ...request }) => {
        const place: Position = { detected, ...(position !== undefined && { position }) }
        return withPosition(request, place as unknown as JsonValue)
      })
    },
    total: (page) => {
      const found = detectedFor(page)
      return found?.paginator.total?.(found.page)
    },
    warning: (page) => (page.request.position === undefined ? doubtAbout(page) : undefined),
  }
}

const withPosition = (request: PageRequest, position: JsonValue | undefined): PageRequest =>
  position === undefined ? request : { ...request, position }
