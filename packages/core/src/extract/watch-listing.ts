import { createHash } from 'node:crypto'
import { TributaryError } from '../errors.ts'
import { stringifyJson } from '../http/json.ts'
import { recordAt, recordCount } from '../http/page.ts'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import type { Listing } from './branch.ts'
import type { ExtractOptions } from './extract.ts'
import { valueAt } from './path.ts'

/** What is known of one listing that is being read. */
interface Watched {
  /** What the pages so far looked like, and the whole of those that looked like one before. */
  readonly seen: Map<string, Set<string>>
  /** Pages in a row that looked like one before. */
  alike: number
  received: number
  shrunk: boolean
  endedEarly: boolean
  expected: number | undefined
}

/** Notices an API that ignores the paginator's parameters, and a listing that ends before the total that it told. */
export function watchListing({
  resource,
  isResumed,
  warn,
  fallsShort,
}: Pick<ExtractOptions, 'resource' | 'isResumed' | 'warn' | 'fallsShort'>): {
  page(page: Page, listing: Listing, total: number | undefined): void
  end(listing: Listing): void
} {
  const listings = new Map<Listing, Watched>()
  const watchedOf = (listing: Listing): Watched => {
    const known = listings.get(listing)
    if (known !== undefined) return known
    const fresh = {
      seen: new Map<string, Set<string>>(),
      alike: 0,
      received: 0,
      shrunk: false,
      endedEarly: false,
      expected: undefined,
    }
    listings.set(listing, fresh)
    return fresh
  }
  return {
    page(page, listing, total) {
      const { mayRepeat, endsListing, request } = page
      const count = recordCount(page)
      const watched = watchedOf(listing)
      if (mayRepeat) {
        watched.shrunk = true
        return
      }
      if (endsListing === true) watched.endedEarly = true
      // What was added in front of a listing moves its records into later pages.
      const hasGrown = total !== undefined && watched.expected !== undefined && total > watched.expected
      const isAgain = count > 0 && cameBefore(watched.seen, page, resource.primaryKey)
      watched.alike = isAgain && !hasGrown ? watched.alike + 1 : 0
      // Records with a key are never twice the same; without one, equal pages can be honest for a while.
      if (watched.alike >= (resource.primaryKey.length > 0 ? 1 : 10)) throw ignoresPaging(resource.name, request)
      watched.received += count
      watched.expected = total
    },
    end(listing) {
      const { expected, received, shrunk, endedEarly } = watchedOf(listing)
      listings.delete(listing)
      // In an ordered listing, what lies outside of the range is not asked for.
      const endsWithRange = resource.incremental?.rowOrder !== undefined && Object.keys(listing.bounds).length > 0
      if (isResumed || shrunk || endedEarly || endsWithRange) return
      if (expected !== undefined && received < expected) {
        fallsShort(`the API sent fewer records of ${resource.name} than it told of`)
        warn(`The API told of ${expected} records, but sent ${received}. Run again, or check the endpoint's parameters.`)
      }
    },
  }
}

/**
 * Whether a page has come before, as far as can be told without keeping them: by a few of its records, which are enough
 * where they have their keys; else, as where a step or a parent gives them, by all of them, looked at only where those few
 * have been seen.
 */
function cameBefore(seen: Map<string, Set<string>>, page: Page, primaryKey: readonly string[]): boolean {
  const count = recordCount(page)
  const few = [0, 0.25, 0.5, 0.75, 1].map((part) => recordAt(page, Math.round(part * (count - 1))))
  const looks = hash([count, ...few])
  const alike = seen.get(looks)
  if (alike === undefined) {
    seen.set(looks, new Set())
    return false
  }
  const haveKeys = few.every((record) => primaryKey.every((path) => valueAt(record, path) !== undefined))
  if (primaryKey.length > 0 && haveKeys) return true
  const whole = hash([...page.records])
  if (alike.has(whole)) return true
  alike.add(whole)
  return false
}

const hash = (value: JsonValue): string => createHash('sha1').update(stringifyJson(value)).digest('base64')

function ignoresPaging(name: string, request: PageRequest): TributaryError {
  return new TributaryError({
    code: 'PAGES_REPEAT',
    recovery: 'fix-config',
    message: `${name}: the API repeats itself: ${request.url} sent the same records twice, so it seems to ignore the paginator's parameters. Check their names.`,
  })
}
