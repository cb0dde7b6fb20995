import { createHash } from 'node:crypto'
import { TributaryError } from '../errors.ts'
import { stringifyJson } from '../http/json.ts'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import type { Paginator } from '../paginate/paginator.ts'

/** A page, and the requests that are still to be made behind it: what a checkpoint after this page has to remember. */
export interface ListedPage<TStart> {
  readonly page: Page
  /** What the listing that the page belongs to was started for. */
  readonly start: TStart
  /** No page of that listing follows. */
  readonly isLast: boolean
  pending(): PageRequest[]
}

/** Where a listing starts: its first request, or one of those that were pending at a checkpoint. */
export interface ListingStart<TStart> {
  readonly request: PageRequest
  readonly start: TStart
}

/** One page after another, from one start. */
interface Listing<TStart> {
  readonly start: TStart
  readonly seen: Set<string>
  /** Slots that are still to be handed on. */
  open: number
}

interface Slot<TStart> {
  readonly request: PageRequest
  readonly listing: Listing<TStart>
  fetching?: Promise<Page>
  /** Its page is here, and is the last of its listing. */
  ends?: boolean
  /** Shared with the slots that follow from this one. */
  readonly progress: Progress
  /** Of the page that this request followed from. */
  readonly after?: Progress
}

interface Progress {
  isHandedOn: boolean
}

export interface ListingOptions<TStart> {
  readonly paginator: Paginator
  /** Starts of the same `start` are one listing, that of a resumed run. */
  readonly starts: readonly ListingStart<TStart>[]
  /** Pages that are asked for or waiting to be handed on, at most: what bounds the memory. */
  readonly concurrency: number
  /** Pages that are taken at most, so that none is requested ahead in vain. Default: all. */
  readonly limit?: number | undefined
  readonly fetchPage: (request: PageRequest) => Promise<Page>
  /** Asked of each page that arrives: whether nothing that follows it is wanted any more. */
  readonly isEnd?: (page: Page, start: TStart) => boolean
}

/**
 * Reads listings, one behind the other: keeps up to `concurrency` pages asked for, and hands them on in the order of
 * their requests. The requests that follow a page are known as soon as it is here, so they do not wait for the pages
 * before it. Throws `PAGES_REPEAT` where the paginator asks for the same page of a listing again.
 */
export async function* listPages<TStart>({
  paginator,
  starts,
  concurrency,
  limit = Number.POSITIVE_INFINITY,
  fetchPage,
  isEnd = () => false,
}: ListingOptions<TStart>): AsyncGenerator<ListedPage<TStart>, void, void> {
  const slots: Slot<TStart>[] = openSlots(starts)
  let wanted = limit

  const insertFollowing = (slot: Slot<TStart>, page: Page): void => {
    const { listing } = slot
    const place = slots.indexOf(slot)
    // Dropped meanwhile, because a page before it was the end, or because nobody reads on.
    if (place === -1) return
    const following: Slot<TStart>[] = []
    for (const request of paginator.next(page)) {
      const key = identity(request)
      if (listing.seen.has(key)) {
        // Several pages may see the same records move, and ask for the same stretch again.
        if (request.rereads === true) continue
        throw repeats(request)
      }
      listing.seen.add(key)
      following.push({ request, listing, progress: { isHandedOn: false }, after: slot.progress })
    }
    listing.open += following.length
    slots.splice(place + 1, 0, ...following)
    fill()
  }
  const fetchSlot = async (slot: Slot<TStart>): Promise<Page> => {
    const page = await fetchPage(slot.request)
    slot.ends = page.endsListing === true || isEnd(page, slot.listing.start)
    if (!slot.ends) insertFollowing(slot, page)
    return page
  }
  const fill = (): void => {
    for (const slot of slots.slice(0, Math.min(concurrency, wanted))) {
      if (slot.fetching !== undefined) continue
      slot.fetching = fetchSlot(slot)
      // Awaited in its turn; until then a failure must not count as unhandled.
      slot.fetching.catch(() => {})
    }
  }
  /** Drops what was asked for ahead of a page that turned out to be the end. */
  const dropFollowing = ({ listing }: Slot<TStart>): void => {
    for (let index = slots.length - 1; index > 0; index--) {
      if (slots[index]!.listing === listing) slots.splice(index, 1)
    }
    listing.open = 1
  }

  try {
    fill()
    for (let head = slots[0]; head !== undefined; head = slots[0]) {
      const page = await head.fetching!
      const { listing } = head
      if (head.ends === true) dropFollowing(head)
      listing.open--
      head.progress.isHandedOn = true
      yield {
        page,
        start: listing.start,
        isLast: listing.open === 0,
        // What follows a page that was only fetched ahead will be known again when that page is.
        pending: () => slots.slice(1).flatMap(({ request, after }) => (after?.isHandedOn === false ? [] : [request])),
      }
      slots.shift()
      if (--wanted === 0) return
      fill()
    }
  } finally {
    slots.length = 0
  }
}

function openSlots<TStart>(starts: readonly ListingStart<TStart>[]): Slot<TStart>[] {
  const listings = new Map<TStart, Listing<TStart>>()
  return starts.map(({ request, start }) => {
    const listing = listings.get(start) ?? { start, seen: new Set(), open: 0 }
    listings.set(start, listing)
    listing.seen.add(identity(request))
    listing.open++
    return { request, listing, progress: { isHandedOn: false } }
  })
}

/** Equal for equal requests, and short, for as many are kept as there are pages. `position` is a part of it, because a re-read on purpose differs there alone. */
function identity(request: PageRequest): string {
  const { url, params, json, data, position, rereads } = request
  const text = stringifyJson([
    url,
    params as JsonValue,
    json ?? null,
    (data ?? null) as JsonValue,
    rereads === true ? (position ?? null) : null,
  ])
  return createHash('sha1').update(text).digest('base64')
}

function repeats(request: PageRequest): TributaryError {
  return new TributaryError({
    code: 'PAGES_REPEAT',
    recovery: 'fix-config',
    message: `The API repeats itself: the page that follows at ${request.url} was requested before. Check the paginator's parameters.`,
  })
}
