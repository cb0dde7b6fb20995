import { createHash } from 'node:crypto'
import { TributaryError } from '../errors.ts'
import { stringifyJson } from '../http/json.ts'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import type { Paginator } from '../paginate/paginator.ts'

/** A page, and the requests that are still to be made behind it: what a checkpoint after this page has to remember. */
export interface ListedPage {
  readonly page: Page
  pending(): PageRequest[]
}

interface Slot {
  readonly request: PageRequest
  fetching?: Promise<Page>
}

export interface ListingOptions {
  readonly paginator: Paginator
  /** The first request of the listing, or all that were pending at a checkpoint. */
  readonly start: readonly PageRequest[]
  /** Pages in flight or waiting to be handed on, at most: what bounds the memory. */
  readonly concurrency: number
  readonly fetchPage: (request: PageRequest) => Promise<Page>
}

/**
 * Reads a listing: keeps up to `concurrency` pages in flight, and hands them on in the order of their requests. The
 * requests that follow a page are known as soon as it is here, so they do not wait for the pages before it. Throws
 * `PAGES_REPEAT` where the paginator asks for the same page again.
 */
export async function* listPages({
  paginator,
  start,
  concurrency,
  fetchPage,
}: ListingOptions): AsyncGenerator<ListedPage, void, void> {
  const slots: Slot[] = start.map((request) => ({ request }))
  const seen = new Set(start.map(identity))

  const insertFollowing = (slot: Slot, page: Page): void => {
    const following: Slot[] = []
    for (const request of paginator.next(page)) {
      const key = identity(request)
      if (seen.has(key)) {
        // Several pages may see the same records move, and ask for the same stretch again.
        if (request.rereads === true) continue
        throw repeats(request)
      }
      seen.add(key)
      following.push({ request })
    }
    slots.splice(slots.indexOf(slot) + 1, 0, ...following)
    fill()
  }
  const fetchSlot = async (slot: Slot): Promise<Page> => {
    const page = await fetchPage(slot.request)
    insertFollowing(slot, page)
    return page
  }
  const fill = (): void => {
    for (const slot of slots.slice(0, concurrency)) {
      if (slot.fetching !== undefined) continue
      slot.fetching = fetchSlot(slot)
      // Awaited in its turn; until then a failure must not count as unhandled.
      slot.fetching.catch(() => {})
    }
  }

  fill()
  for (let head = slots[0]; head !== undefined; head = slots[0]) {
    const page = await head.fetching!
    yield { page, pending: () => slots.slice(1).map((slot) => slot.request) }
    slots.shift()
    fill()
  }
}

/** Equal for equal requests, and short, for as many are kept as there are pages. `position` is a part of it, because a re-read on purpose differs there alone. */
function identity(request: PageRequest): string {
  const { url, params, json, position } = request
  const text = stringifyJson([url, params as JsonValue, json ?? null, position ?? null])
  return createHash('sha1').update(text).digest('base64')
}

function repeats(request: PageRequest): TributaryError {
  return new TributaryError({
    code: 'PAGES_REPEAT',
    recovery: 'fix-config',
    message: `The API repeats itself: the page that follows at ${request.url} was requested before. Check the paginator's parameters.`,
  })
}
