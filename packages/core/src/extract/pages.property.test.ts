import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Page, PageRequest } from '../http/request.ts'
import type { Paginator } from '../paginate/paginator.ts'
import { type ListingStart, listPages } from './pages.ts'

/** A page, how long it takes, and the pages that it asks for. */
interface Node {
  readonly delay: number
  readonly following: readonly Node[]
}

const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.record({
    delay: fc.nat(12),
    following: fc.oneof({ depthSize: 'small' }, fc.constant([]), fc.array(tie('node'), { maxLength: 4 })),
  }),
}))

/** The id of a page is the way to it: `2` is the listing, `2.0.1` the second page that its first one asks for. */
const requestOf = (id: string): PageRequest => ({ method: 'GET', url: 'https://a.example/x', params: { id }, headers: {} })
const idOf = ({ params }: PageRequest): string => String(params.id)
const startOf = (id: string): ListingStart<string> => ({ request: requestOf(id), start: id.split('.', 1)[0]! })

function modelOf(listings: readonly Node[]) {
  const nodes = new Map<string, Node>()
  const order: string[] = []
  const visit = (each: Node, id: string): void => {
    nodes.set(id, each)
    order.push(id)
    for (const [index, child] of each.following.entries()) visit(child, `${id}.${index}`)
  }
  for (const [index, each] of listings.entries()) visit(each, String(index))
  const paginator: Paginator = {
    first: (request) => request,
    next: ({ request }) => nodes.get(idOf(request))!.following.map((_, index) => requestOf(`${idOf(request)}.${index}`)),
  }
  const fetchPage = async (request: PageRequest): Promise<Page> => {
    for (let turn = 0; turn < nodes.get(idOf(request))!.delay; turn++) await undefined
    return { request, status: 200, headers: {}, bytes: 0, body: null, records: [], mayRepeat: false }
  }
  return { order, paginator, fetchPage }
}

type Model = Pick<ReturnType<typeof modelOf>, 'paginator' | 'fetchPage'>

/** Ids of the pages from `starts` on; after `stop` pages and some turns, with what is then pending. */
async function read(
  { paginator, fetchPage }: Model,
  starts: ListingStart<string>[],
  concurrency: number,
  stop = Infinity,
  turns = 0,
) {
  const ids: string[] = []
  const lasts: string[] = []
  for await (const { page, start, isLast, pending } of listPages({ paginator, fetchPage, starts, concurrency })) {
    const id = idOf(page.request)
    expect(start).toBe(id.split('.', 1)[0])
    ids.push(id)
    if (isLast) lasts.push(id)
    if (ids.length < stop) continue
    for (let turn = 0; turn < turns; turn++) await undefined
    return { ids, lasts, pending: pending().map(idOf) }
  }
  return { ids, lasts, pending: [] }
}

const listings = fc.array(node, { minLength: 1, maxLength: 4 })
const concurrency = fc.integer({ min: 1, max: 6 })

describe('listPages', () => {
  it('gives each page of all listings once, in order, at any concurrency [depend.children.order]', async () => {
    await fc.assert(
      fc.asyncProperty(listings, concurrency, async (trees, atOnce) => {
        const model = modelOf(trees)
        const { ids, lasts } = await read(
          model,
          trees.map((_, index) => startOf(String(index))),
          atOnce,
        )
        expect(ids).toEqual(model.order)
        const lastOfEach = new Map(model.order.map((id) => [id.split('.', 1)[0], id]))
        expect(lasts).toEqual([...lastOfEach.values()])
      }),
      { numRuns: 300 },
    )
  })

  it('goes on with exactly the rest, from what is pending behind any page', async () => {
    await fc.assert(
      fc.asyncProperty(listings, concurrency, concurrency, fc.nat(), fc.nat(60), async (trees, before, after, place, turns) => {
        const model = modelOf(trees)
        const stop = 1 + (place % model.order.length)
        const cutOff = await read(
          model,
          trees.map((_, index) => startOf(String(index))),
          before,
          stop,
          turns,
        )
        expect(cutOff.ids).toEqual(model.order.slice(0, stop))
        const resumed = await read(model, cutOff.pending.map(startOf), after)
        expect(resumed.ids).toEqual(model.order.slice(stop))
      }),
      { numRuns: 300 },
    )
  })
})
