import { isDeepStrictEqual } from 'node:util'
import { TributaryError } from '../errors.ts'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import type { Listing } from './branch.ts'
import type { ExtractOptions } from './extract.ts'

/** What is known of one listing that is being read. */
interface Watched {
  previous: readonly JsonValue[]
  alike: number
  received: number
  shrunk: boolean
  endedEarly: boolean
  expected: number | undefined
}

/** Notices an API that ignores the paginator's parameters, and a listing that ends before the total that it told. */
export function watchListing({ resource, isResumed, warn }: Pick<ExtractOptions, 'resource' | 'isResumed' | 'warn'>): {
  page(page: Page, listing: Listing, total: number | undefined): void
  end(listing: Listing): void
} {
  const listings = new Map<Listing, Watched>()
  const watchedOf = (listing: Listing): Watched => {
    const known = listings.get(listing)
    if (known !== undefined) return known
    const fresh = { previous: [], alike: 0, received: 0, shrunk: false, endedEarly: false, expected: undefined }
    listings.set(listing, fresh)
    return fresh
  }
  return {
    page({ records, mayRepeat, endsListing, request }, listing, total) {
      const watched = watchedOf(listing)
      if (mayRepeat) {
        watched.shrunk = true
        return
      }
      if (endsListing === true) watched.endedEarly = true
      watched.alike = records.length > 0 && isDeepStrictEqual(records, watched.previous) ? watched.alike + 1 : 0
      // Records with a key are never twice the same; without one, equal pages can be honest for a while.
      if (watched.alike >= (resource.primaryKey.length > 0 ? 1 : 10)) throw ignoresPaging(resource.name, request)
      watched.previous = records
      watched.received += records.length
      watched.expected = total
    },
    end(listing) {
      const { expected, received, shrunk, endedEarly } = watchedOf(listing)
      listings.delete(listing)
      // In an ordered listing, what lies outside of the range is not asked for.
      if (isResumed || shrunk || endedEarly || resource.incremental?.rowOrder !== undefined) return
      if (expected !== undefined && received < expected) {
        warn(`The API told of ${expected} records, but sent ${received}. Run again, or check the endpoint's parameters.`)
      }
    },
  }
}

function ignoresPaging(name: string, request: PageRequest): TributaryError {
  return new TributaryError({
    code: 'PAGES_REPEAT',
    recovery: 'fix-config',
    message: `${name}: the API repeats itself: two pages of ${request.url} in a row have the same records, so it seems to ignore the paginator's parameters. Check their names.`,
  })
}

/** What a body is, for a message. */
export function describeBody(body: JsonValue): string {
  if (Array.isArray(body)) return `a list of ${body.length}`
  if (typeof body !== 'object' || body === null) return `${body === null ? 'null' : `a ${typeof body}`}`
  const keys = Object.keys(body)
  return keys.length === 0
    ? 'an empty object'
    : `the keys ${keys
        .slice(0, 20)
        .map((key) => key.slice(0, 40))
        .join(', ')}`
}
