import { describe, expect, it } from 'vitest'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import type { Paginator } from '../paginate/paginator.ts'
import { type ListingOptions, listPages } from './pages.ts'

const requestOf = (id: string): PageRequest => ({
  method: 'GET',
  url: 'https://a.example/x',
  params: { id },
  headers: {},
})

/** The first request of a listing, or those that were pending in it. */
const startsOf = (start: string, ...ids: string[]) => ids.map((id) => ({ request: requestOf(id), start }))

/** The requests that follow each id. */
const tree = (following: Record<string, string[]>): Paginator => ({
  first: (request) => request,
  next: ({ request }) => (following[String(request.params.id)] ?? []).map(requestOf),
})

interface Fetching {
  readonly delays?: Record<string, number>
  readonly failing?: string
  /** The response to it says that nothing follows. */
  readonly ending?: string
}

function fetcher({ delays = {}, failing, ending }: Fetching = {}) {
  const log = { begun: [] as string[], inFlight: 0, most: 0 }
  const fetchPage = async (request: PageRequest): Promise<Page> => {
    const id = String(request.params.id)
    log.begun.push(id)
    log.most = Math.max(log.most, ++log.inFlight)
    for (let turn = 0; turn < (delays[id] ?? 0); turn++) await undefined
    log.inFlight--
    if (id === failing) throw new Error(`page ${id}`)
    const endsListing = id === ending
    return { request, status: 200, headers: {}, bytes: 0, body: null, records: [id], endsListing, mayRepeat: false }
  }
  return { log, fetchPage }
}

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await undefined
}

async function list(
  following: Record<string, string[]>,
  concurrency: number,
  delays?: Record<string, number>,
  options: Partial<ListingOptions<string>> & Fetching = {},
) {
  const { log, fetchPage } = fetcher({ ...options, ...(delays !== undefined && { delays }) })
  const pages: JsonValue[] = []
  const pending: string[][] = []
  const lasts: JsonValue[] = []
  const listings: string[] = []
  const { starts = startsOf('only', '1'), isEnd } = options
  const listing = listPages({ paginator: tree(following), starts, concurrency, fetchPage, ...(isEnd !== undefined && { isEnd }) })
  for await (const listed of listing) {
    pages.push(...listed.page.records)
    listings.push(listed.start)
    if (listed.isLast) lasts.push(...listed.page.records)
    pending.push(listed.pending().map(({ params }) => String(params.id)))
  }
  return { pages, pending, lasts, listings, ...log }
}

describe('listPages', () => {
  it('hands pages on in order, whichever comes first', async () => {
    const { pages } = await list({ 1: ['2', '3', '4'], 2: ['2a', '2b'], 3: ['3a'] }, 4, { 2: 9, 3: 1, '2a': 5 })
    expect(pages).toEqual(['1', '2', '2a', '2b', '3', '3a', '4'])
  })

  it.each([1, 2, 5])('keeps %i in flight at most', async (concurrency) => {
    const delays = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [String(index + 2), 20 + ((index * 7) % 5)]))
    const { most, pages } = await list({ 1: Object.keys(delays) }, concurrency, delays)
    expect([most, pages.length]).toEqual([concurrency, 21])
  })

  it('tells what is left behind each page', async () => {
    const { pending } = await list({ 1: ['2', '3'], 2: ['2a'] }, 1)
    expect(pending).toEqual([['2', '3'], ['2a', '3'], ['3'], []])
  })

  it('does not count what a page asked for that is still to be handed on itself', async () => {
    const { fetchPage } = fetcher()
    const listing = listPages({
      paginator: tree({ 1: ['2'], 2: ['3'] }),
      starts: startsOf('only', '1'),
      concurrency: 4,
      fetchPage,
    })
    const { value } = await listing.next()
    await turns(50)
    expect(value!.pending()).toEqual([requestOf('2')])
    await listing.return()
  })

  it('reads no further than is taken', async () => {
    const { log, fetchPage } = fetcher()
    const following = { 1: Array.from({ length: 50 }, (_, index) => `1.${index}`) }
    const listing = listPages({ paginator: tree(following), starts: startsOf('only', '1'), concurrency: 3, fetchPage })
    await listing.next()
    await turns(100)
    expect(log.begun).toEqual(['1', '1.0', '1.1'])
    await listing.return()
  })

  it('asks for nothing more once nobody reads on', async () => {
    const { log, fetchPage } = fetcher({ delays: { 2: 30 } })
    const listing = listPages({
      paginator: tree({ 1: ['2'], 2: ['3'] }),
      starts: startsOf('only', '1'),
      concurrency: 4,
      fetchPage,
    })
    await listing.next()
    await listing.return()
    await turns(100)
    expect(log.begun).toEqual(['1', '2'])
  })

  it('goes on from several requests', async () => {
    const { pages, lasts } = await list({ 7: ['8'] }, 2, { 7: 5 }, { starts: startsOf('only', '7', '9') })
    expect([pages, lasts]).toEqual([['7', '8', '9'], ['9']])
  })

  it.each([
    ['the page itself', { 1: ['1'] }],
    ['one before', { 1: ['2'], 2: ['3'], 3: ['1'] }],
    ['one that is still to come', { 1: ['2', '3'], 2: ['3'] }],
  ])('refuses to request a page twice: %s', async (_what, following) => {
    await expect(list(following, 1)).rejects.toMatchObject({
      code: 'PAGES_REPEAT',
      recovery: 'fix-config',
      message: expect.stringContaining('The API repeats itself'),
    })
  })

  it('hands on what came before a failure, then fails', async () => {
    const { fetchPage } = fetcher({ delays: { 2: 9 }, failing: '3' })
    const pages: JsonValue[] = []
    const read = async (): Promise<void> => {
      const options = { paginator: tree({ 1: ['2', '3', '4'] }), starts: startsOf('only', '1'), concurrency: 4, fetchPage }
      for await (const { page } of listPages(options)) pages.push(...page.records)
    }
    await expect(read()).rejects.toThrow('page 3')
    expect(pages).toEqual(['1', '2'])
  })
})

describe('several listings', () => {
  const starts = [...startsOf('a', 'a1'), ...startsOf('b', 'b1'), ...startsOf('c', 'c1')]
  const following = { a1: ['a2'], a2: ['a3'], b1: ['b2', 'b3'] }

  it.each([1, 2, 4, 9])('are handed on one behind the other, %i at once [depend.children.order]', async (concurrency) => {
    const { pages, listings, lasts } = await list(following, concurrency, { a1: 20, b2: 5, c1: 1 }, { starts })
    expect(pages).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'c1'])
    expect(listings.join('')).toBe('aaabbbc')
    expect(lasts).toEqual(['a3', 'b3', 'c1'])
  })

  it('are requested at once, up to the limit [depend.children.concurrent]', async () => {
    const { most, begun } = await list({}, 2, { a1: 20, b1: 20, c1: 20 }, { starts })
    expect([most, begun]).toEqual([2, ['a1', 'b1', 'c1']])
  })

  it('may request the same page, each of them once', async () => {
    const twice = [...startsOf('a', '1'), ...startsOf('b', '1')]
    expect((await list({ 1: ['2'] }, 3, {}, { starts: twice })).pages).toEqual(['1', '2', '1', '2'])
    await expect(list({ 1: ['2'], 2: ['1'] }, 3, {}, { starts: twice })).rejects.toMatchObject({ code: 'PAGES_REPEAT' })
  })

  it('end each by itself where a response says so', async () => {
    const { pages, lasts } = await list(following, 4, {}, { starts, ending: 'b1' })
    expect([pages, lasts]).toEqual([
      ['a1', 'a2', 'a3', 'b1', 'c1'],
      ['a3', 'b1', 'c1'],
    ])
  })
})

describe('a page that is the end', () => {
  const fan = { 1: ['2', '3', '4', '5'], 3: ['3a'], 4: ['4a'] }

  it.each([1, 3, 9])('drops what was asked for ahead, %i at once [incremental.row-order.fan-out]', async (concurrency) => {
    const starts = [...startsOf('a', '1'), ...startsOf('b', 'b1')]
    const isEnd = ({ records }: Page): boolean => records[0] === '2'
    const { pages, lasts, pending } = await list(fan, concurrency, { 2: 20, 4: 30, '3a': 40 }, { starts, isEnd })
    expect([pages, lasts]).toEqual([
      ['1', '2', 'b1'],
      ['2', 'b1'],
    ])
    expect(pending.at(1)).toEqual(['b1'])
  })

  it('is asked about with what its listing was started for', async () => {
    const asked: [JsonValue | undefined, string][] = []
    const isEnd = ({ records }: Page, start: string): boolean => asked.push([records[0], start]) < 0
    await list({ a1: ['a2'] }, 1, {}, { starts: [...startsOf('a', 'a1'), ...startsOf('b', 'b1')], isEnd })
    expect(asked).toEqual([
      ['a1', 'a'],
      ['a2', 'a'],
      ['b1', 'b'],
    ])
  })

  it('leaves a later end without meaning', async () => {
    const isEnd = ({ records }: Page): boolean => records[0] === '4'
    expect((await list(fan, 9, { 4: 0, 2: 30 }, { isEnd })).pages).toEqual(['1', '2', '3', '3a', '4'])
  })
})
