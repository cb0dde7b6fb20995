import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listPages } from '../extract/pages.ts'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import { sentParam } from '../http/url.ts'
import { auto } from './auto.ts'
import { cursor } from './cursor.ts'
import { headerCursor } from './header-cursor.ts'
import { headerLink } from './header-link.ts'
import { jsonLink } from './json-link.ts'
import { offset } from './offset.ts'
import { pageNumber } from './page-number.ts'
import type { Paginator } from './paginator.ts'
import { sentFields } from './sent.ts'
import { singlePage } from './single-page.ts'

/** What an API tells of the page that begins at `from`. */
interface Stretch {
  readonly from: number
  readonly size: number
  readonly count: number
}

/** An API, and a paginator that is to read it. */
interface Model {
  readonly paginator: () => Paginator
  /** Records that come before what is asked for. */
  readonly from: (request: PageRequest, size: number) => number
  /** Beside the records. */
  readonly tells: (stretch: Stretch, request: PageRequest) => { readonly [key: string]: JsonValue }
  readonly headers?: (stretch: Stretch) => Record<string, string>
  readonly first?: Partial<PageRequest>
}

const nothing = (): Record<string, never> => ({})
const query = (name: string) => (request: PageRequest) => Number(sentParam(request, name) ?? 0)
const numbered =
  (base: number, name = 'page') =>
  (request: PageRequest, size: number) =>
    (Number(sentParam(request, name) ?? base) - base) * size
const inBody = (name: string) => (request: PageRequest) => Number(sentFields(request)[name] ?? 0)
const pages = ({ size, count }: Stretch): number => Math.ceil(count / size)
const hasNext = ({ from, size, count }: Stretch): boolean => from + size < count
const nextFrom = (stretch: Stretch): number | null => (hasNext(stretch) ? stretch.from + stretch.size : null)
/** A cursor is opaque: text that a server understands. */
const nextToken = (stretch: Stretch): string | null => (hasNext(stretch) ? `c${stretch.from + stretch.size}` : null)
const token = (name: string) => (request: PageRequest) => Number(String(sentFields(request)[name] ?? 'c0').slice(1))
const post: Partial<PageRequest> = { method: 'POST', json: { filter: { state: 'open' } } }
const relative = (stretch: Stretch): string => (hasNext(stretch) ? `?from=${nextFrom(stretch)}` : '')
const absolute = (stretch: Stretch): string | null =>
  hasNext(stretch) ? `https://a.example/v1/x?from=${nextFrom(stretch)}` : null
const header = (stretch: Stretch): Record<string, string> => {
  const self = `<https://a.example/v1/x?from=${stretch.from}>; rel="self"`
  return { link: hasNext(stretch) ? `${self} , </v1/x?from=${nextFrom(stretch)}>; rel="next"; title="a, b"` : self }
}

const MODELS: Record<string, Model> = {
  'pageNumber, until a page is empty': { paginator: () => pageNumber(), from: numbered(0), tells: nothing },
  'pageNumber from 1, with a total': {
    paginator: () => pageNumber({ basePage: 1, totalPath: 'meta.pages' }),
    from: numbered(1),
    tells: (stretch) => ({ meta: { pages: String(pages(stretch)) } }),
  },
  'pageNumber, a total that only the first page tells': {
    paginator: () => pageNumber({ totalPath: 'total' }),
    from: numbered(0),
    tells: (stretch) => (stretch.from === 0 ? { total: pages(stretch) } : {}),
  },
  'pageNumber, a total of records': {
    paginator: () => pageNumber(),
    from: numbered(0),
    tells: ({ count }) => ({ total: count }),
  },
  'pageNumber, has more': {
    paginator: () => pageNumber({ hasMorePath: 'more', stopAfterEmptyPage: false }),
    from: numbered(0),
    tells: (stretch) => ({ more: hasNext(stretch) ? 'yes' : 'no' }),
  },
  'pageNumber in the body': {
    paginator: () => pageNumber({ pageBodyPath: 'page' }),
    from: (request, size) => inBody('page')(request) * size,
    tells: nothing,
    first: post,
  },
  'offset in the body': {
    paginator: () => offset({ limit: 100, offsetBodyPath: 'from', limitBodyPath: 'size' }),
    from: inBody('from'),
    tells: ({ count }) => ({ total: count }),
    first: post,
  },
  cursor: { paginator: () => cursor(), from: token('cursor'), tells: (stretch) => ({ cursors: { next: nextToken(stretch) } }) },
  'cursor in the body, has more': {
    paginator: () => cursor({ cursorPath: '$.next[0]', cursorBodyPath: 'after', hasMorePath: 'more' }),
    from: token('after'),
    tells: (stretch) => ({ next: [`c${stretch.from + stretch.size}`], more: hasNext(stretch) }),
    first: post,
  },
  'jsonLink, absolute': { paginator: () => jsonLink(), from: query('from'), tells: (stretch) => ({ next: absolute(stretch) }) },
  'jsonLink, relative': {
    paginator: () => jsonLink({ nextUrlPath: 'links.next' }),
    from: query('from'),
    tells: (stretch) => ({ links: { next: relative(stretch) } }),
    first: post,
  },
  headerLink: { paginator: () => headerLink(), from: query('from'), tells: nothing, headers: header },
  headerCursor: {
    paginator: () => headerCursor({ cursorKey: 'X-Next' }),
    from: token('cursor'),
    tells: nothing,
    headers: (stretch) => ({ 'x-next': nextToken(stretch) ?? '' }),
  },
  singlePage: { paginator: () => singlePage(), from: () => 0, tells: nothing },
  'auto: headerLink': { paginator: () => auto(), from: query('from'), tells: nothing, headers: header },
  'auto: jsonLink': {
    paginator: () => auto(),
    from: query('from'),
    tells: (stretch) => ({ '@odata.nextLink': absolute(stretch) }),
  },
  'auto: pageNumber from 0': {
    paginator: () => auto(),
    from: numbered(0),
    tells: (stretch) => ({ page: stretch.from / stretch.size, total_pages: pages(stretch) }),
  },
  'auto: pageNumber from 1': {
    paginator: () => auto(),
    from: numbered(1),
    tells: (stretch) => ({ meta: { current_page: 1 + stretch.from / stretch.size, pages: pages(stretch) } }),
  },
  'auto: pageNumber, told by nothing': {
    paginator: () => auto(),
    from: numbered(1),
    tells: (stretch) => ({ pages: pages(stretch) }),
  },
  'auto: cursor': {
    paginator: () => auto(),
    from: token('pageToken'),
    tells: (stretch) => ({ nextPageToken: nextToken(stretch) }),
  },
  'auto: offset': {
    paginator: () => auto(),
    from: query('skip'),
    tells: ({ from, size, count }) => ({ skip: from, limit: size, total: count }),
  },
  'auto: page and total of records': {
    paginator: () => auto(),
    from: numbered(1),
    tells: ({ from, size, count }) => ({ page: 1 + from / size, per_page: size, total: count }),
  },
}

interface World {
  readonly count: number
  readonly size: number
  readonly concurrency: number
  /** How many turns each answer takes: answers overtake each other. */
  readonly delays: readonly number[]
}

const world: fc.Arbitrary<World> = fc.record({
  count: fc.nat(40),
  size: fc.integer({ min: 1, max: 7 }),
  concurrency: fc.integer({ min: 1, max: 5 }),
  delays: fc.array(fc.nat(6), { maxLength: 6 }),
})

const FIRST: PageRequest = { method: 'GET', url: 'https://a.example/v1/x', params: { sort: 'id' }, headers: { 'X-A': 'b' } }

function answer(model: Model, request: PageRequest, size: number, listing: readonly number[]): Page {
  const from = model.from(request, size)
  const stretch = { from, size, count: listing.length }
  const records = listing.slice(from, from + size)
  const body = { data: records, ...model.tells(stretch, request) }
  const headers = model.headers?.(stretch) ?? {}
  return { request, status: 200, headers, bytes: 0, body, records, mayRepeat: false }
}

interface Reading {
  readonly received: number[]
  /** Those of pages that were not read again on purpose. */
  readonly once: number[]
  readonly asked: PageRequest[]
  /** What was pending behind each page, and the records up to it. */
  readonly cuts: { pending: PageRequest[]; received: number }[]
}

/** Reads to the end. `listing` is asked for each answer, by the number of the request: it may have changed. */
async function read(
  model: Model,
  { size, concurrency, delays }: World,
  listing: (number: number) => readonly number[],
  start?: readonly PageRequest[],
): Promise<Reading> {
  const paginator = model.paginator()
  const reading: Reading = { received: [], once: [], asked: [], cuts: [] }
  const fetchPage = async (request: PageRequest): Promise<Page> => {
    const number = reading.asked.push(request) - 1
    if (number > 500) throw new Error('the listing does not end')
    const page = answer(model, deepFrozen(request), size, listing(number))
    for (let turn = 0; turn < (delays[number % Math.max(1, delays.length)] ?? 0); turn++) await undefined
    expect([...paginator.next(page)]).toEqual([...model.paginator().next(page)])
    return page
  }
  const requests = start ?? [paginator.first({ ...FIRST, ...model.first })]
  const starts = requests.map((request) => ({ request, start: undefined }))
  for await (const { page, pending } of listPages({ paginator, starts, concurrency, fetchPage })) {
    reading.received.push(...(page.records as number[]))
    if (page.request.rereads !== true) reading.once.push(...(page.records as number[]))
    reading.cuts.push({ pending: pending(), received: reading.received.length })
  }
  return reading
}

/** A paginator that changes what it was given fails here. */
function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(Object.freeze(value))) deepFrozen(inner)
  return value
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, id) => id)

describe.each(Object.entries(MODELS))('%s, against a model of an API', (name, model) => {
  const expected = ({ count, size }: World): number[] => upTo(name === 'singlePage' ? Math.min(count, size) : count)

  it('reads each record once, in order, and ends [paginate.once]', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (each) => {
        const { received, asked } = await read(model, each, () => upTo(each.count))
        expect(received).toEqual(expected(each))
        // Beyond the pages there are, at most as many again are asked for in vain.
        expect(asked.length).toBeLessThanOrEqual(2 * Math.ceil(each.count / each.size) + 1)
      }),
      { numRuns: 50 },
    )
  })

  it('goes on from the requests that were pending behind any page, on another machine [paginate.resume]', async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.nat(50), async (each, cut) => {
        const { received, cuts } = await read(model, each, () => upTo(each.count))
        const { pending, received: before } = cuts[cut % cuts.length]!
        const stored = JSON.parse(JSON.stringify(pending)) as PageRequest[]
        expect(stored).toEqual(pending)
        const rest = await read(model, each, () => upTo(each.count), stored)
        expect(rest.received).toEqual(received.slice(before))
      }),
      { numRuns: 50 },
    )
  })
})

/** Those that know a total, or that look at each page for what follows. */
const MOVING = Object.entries(MODELS).filter(
  ([name]) => name !== 'singlePage' && name !== 'pageNumber, a total that only the first page tells',
)

describe.each(MOVING)('%s, a listing that moves at its end', (_name, model) => {
  it.each<[string, fc.Arbitrary<number>]>([
    ['grows', fc.integer({ min: 0, max: 5 })],
    ['shrinks', fc.integer({ min: -5, max: 0 })],
  ])('that %s: each record that was there throughout comes once [paginate.total.reread]', async (_what, step) => {
    await fc.assert(
      fc.asyncProperty(world, fc.array(step, { maxLength: 10 }), async (each, steps) => {
        const counts = [each.count]
        for (const change of steps) counts.push(Math.max(0, counts.at(-1)! + change))
        const at = (number: number): number => counts[Math.min(number, counts.length - 1)]!
        const { received, once } = await read(model, each, (number) => upTo(at(number)))
        expect(new Set(once).size).toBe(once.length)
        expect(received).toEqual(expect.arrayContaining(upTo(Math.min(...counts))))
      }),
      { numRuns: 50 },
    )
  })
})

describe('an API that always tells of the same next page', () => {
  const next = 'https://a.example/v1/x?from=5'
  const same = { body: { next, cursors: { next: 'c5' } }, headers: { link: `<${next}>; rel="next"`, next: 'c5' } }

  it.each<[string, () => Paginator]>([
    ['cursor', cursor],
    ['jsonLink', jsonLink],
    ['headerLink', headerLink],
    ['headerCursor', headerCursor],
    ['auto', auto],
  ])('ends %s with an error, and not never [paginate.repeats]', async (_name, paginatorOf) => {
    const paginator = paginatorOf()
    const fetchPage = async (request: PageRequest): Promise<Page> => ({
      request,
      status: 200,
      bytes: 0,
      records: [1, 2],
      mayRepeat: false,
      ...same,
    })
    const starts = [{ request: paginator.first(FIRST), start: undefined }]
    const reading = async (): Promise<void> => {
      for await (const { page } of listPages({ paginator, starts, concurrency: 2, fetchPage }))
        expect(page.records).toHaveLength(2)
    }
    await expect(reading()).rejects.toMatchObject({ code: 'PAGES_REPEAT' })
  })
})
