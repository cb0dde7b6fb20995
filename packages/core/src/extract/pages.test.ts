import { describe, expect, it } from 'vitest'
import type { JsonValue, Page, PageRequest } from '../http/request.ts'
import type { Paginator } from '../paginate/paginator.ts'
import { listPages } from './pages.ts'

const requestOf = (id: JsonValue): PageRequest => ({
  method: 'GET',
  url: 'https://a.example/x',
  params: { id: id as string },
  headers: {},
})

/** The requests that follow each id. */
const tree = (following: Record<string, string[]>): Paginator => ({
  first: (request) => request,
  next: ({ request }) => (following[String(request.params.id)] ?? []).map(requestOf),
})

function fetcher(delays: Record<string, number> = {}, failing?: string) {
  const log = { begun: [] as string[], inFlight: 0, most: 0 }
  const fetchPage = async (request: PageRequest): Promise<Page> => {
    const id = String(request.params.id)
    log.begun.push(id)
    log.most = Math.max(log.most, ++log.inFlight)
    for (let turn = 0; turn < (delays[id] ?? 0); turn++) await undefined
    log.inFlight--
    if (id === failing) throw new Error(`page ${id}`)
    return { request, status: 200, headers: {}, bytes: 0, body: null, records: [id], mayRepeat: false }
  }
  return { log, fetchPage }
}

async function list(following: Record<string, string[]>, concurrency: number, delays?: Record<string, number>) {
  const { log, fetchPage } = fetcher(delays)
  const pages: JsonValue[] = []
  const pending: string[][] = []
  for await (const listed of listPages({ paginator: tree(following), start: [requestOf('1')], concurrency, fetchPage })) {
    pages.push(...listed.page.records)
    pending.push(listed.pending().map(({ params }) => String(params.id)))
  }
  return { pages, pending, ...log }
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

  it('reads no further than is taken', async () => {
    const { log, fetchPage } = fetcher()
    const following = { 1: Array.from({ length: 50 }, (_, index) => `1.${index}`) }
    const listing = listPages({ paginator: tree(following), start: [requestOf('1')], concurrency: 3, fetchPage })
    await listing.next()
    for (let turn = 0; turn < 100; turn++) await undefined
    expect(log.begun).toEqual(['1', '1.0', '1.1'])
    await listing.return()
  })

  it('goes on from several requests', async () => {
    const { fetchPage } = fetcher({ 7: 5 })
    const start = ['7', '9'].map(requestOf)
    const pages: JsonValue[] = []
    for await (const { page } of listPages({ paginator: tree({ 7: ['8'] }), start, concurrency: 2, fetchPage }))
      pages.push(...page.records)
    expect(pages).toEqual(['7', '8', '9'])
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
    const { fetchPage } = fetcher({ 2: 9 }, '3')
    const pages: JsonValue[] = []
    const read = async (): Promise<void> => {
      const options = { paginator: tree({ 1: ['2', '3', '4'] }), start: [requestOf('1')], concurrency: 4, fetchPage }
      for await (const { page } of listPages(options)) pages.push(...page.records)
    }
    await expect(read()).rejects.toThrow('page 3')
    expect(pages).toEqual(['1', '2'])
  })
})
