import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listPages } from '../extract/pages.ts'
import type { Page, PageRequest } from '../http/request.ts'
import { type OffsetOptions, offset } from './offset.ts'

/** What happens to the listing before a request is answered: records vanish from, or are added at, a place of it. */
interface Change {
  readonly place: number
  readonly remove: number
  readonly add: number
}

interface World {
  readonly count: number
  readonly limit: number
  /** The API never gives more than this. */
  readonly cap: number
  readonly total: 'always' | 'first' | 'never' | 'text'
  readonly concurrency: number
  /** By the number of the request. */
  readonly changes: readonly (Change | undefined)[]
  /** How many turns each answer takes: answers overtake each other. */
  readonly delays: readonly number[]
}

const FIRST: PageRequest = { method: 'GET', url: 'https://a.example/x', params: {}, headers: {} }

/** Reads a listing to its end. `always`: the records that were there throughout. */
async function read(world: World, options: Partial<OffsetOptions> = {}) {
  const listing = Array.from({ length: world.count }, (_, id) => id)
  let nextId = world.count
  const always = new Set(listing)
  const asked: { offset: number; limit: number; rereads: boolean }[] = []
  const paginator = offset({ limit: world.limit, ...options })

  const change = ({ place, remove, add }: Change): void => {
    const at = Math.min(place, listing.length)
    for (const id of listing.splice(at, remove, ...Array.from({ length: add }, () => nextId++))) always.delete(id)
  }
  const answer = (request: PageRequest): Page => {
    const number = asked.length
    const { offset: from, limit } = request.params as { offset: number; limit: number }
    asked.push({ offset: from, limit, rereads: request.rereads === true })
    if (asked.length > 2000) throw new Error('the listing does not end')
    const happens = world.changes[number]
    if (happens !== undefined) change(happens)
    const records = listing.slice(from, from + Math.min(limit, world.cap))
    const told = world.total === 'always' || world.total === 'text' || (world.total === 'first' && number === 0)
    const total = world.total === 'text' ? String(listing.length) : listing.length
    return {
      request,
      status: 200,
      headers: {},
      bytes: 0,
      body: told ? { total } : {},
      records,
      mayRepeat: request.rereads === true,
    }
  }
  const fetchPage = async (request: PageRequest): Promise<Page> => {
    const turns = world.delays[asked.length % Math.max(1, world.delays.length)] ?? 0
    const page = answer(request)
    for (let turn = 0; turn < turns; turn++) await undefined
    return page
  }

  const received: number[] = []
  const starts = [{ request: paginator.first(FIRST), start: undefined }]
  for await (const { page } of listPages({ paginator, starts, concurrency: world.concurrency, fetchPage })) {
    received.push(...(page.records as number[]))
  }
  return { received, always, asked }
}

const unchanging = fc.record<World>({
  count: fc.nat(60),
  limit: fc.integer({ min: 1, max: 15 }),
  cap: fc.integer({ min: 1, max: 15 }),
  total: fc.constantFrom('always', 'first', 'never', 'text'),
  concurrency: fc.integer({ min: 1, max: 5 }),
  changes: fc.constant([]),
  delays: fc.array(fc.nat(6), { maxLength: 6 }),
})

/** Changes that can be noticed: the total is always told, and no change both removes and adds. */
const changing = (kind: 'remove' | 'add') =>
  fc.record<World>({
    count: fc.integer({ min: 1, max: 60 }),
    limit: fc.integer({ min: 1, max: 15 }),
    cap: fc.constant(1000),
    total: fc.constantFrom('always', 'text'),
    concurrency: fc.integer({ min: 1, max: 5 }),
    changes: fc.array(
      fc.option(
        fc.record({
          place: fc.nat(60),
          remove: kind === 'remove' ? fc.nat(4) : fc.constant(0),
          add: kind === 'add' ? fc.nat(4) : fc.constant(0),
        }),
        { nil: undefined },
      ),
      { maxLength: 30 },
    ),
    delays: fc.array(fc.nat(6), { maxLength: 6 }),
  })

function expectEachOffsetOnce(asked: readonly { offset: number; rereads: boolean }[]): void {
  const offsets = asked.filter(({ rereads }) => !rereads).map((request) => request.offset)
  expect(new Set(offsets).size).toBe(offsets.length)
}

describe('offset pagination, against a model of an API', () => {
  it('reads a listing that stays as it is: each record once, in order [paginate.once]', async () => {
    await fc.assert(
      fc.asyncProperty(unchanging, async (world) => {
        const { received, asked } = await read(world)
        expect(received).toEqual(Array.from({ length: world.count }, (_, id) => id))
        expectEachOffsetOnce(asked)
        expect(asked.some(({ rereads }) => rereads)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  const losesNone = (worlds: fc.Arbitrary<World>, settings: fc.Parameters<[World]>): Promise<void> =>
    fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { received, always, asked } = await read(world)
        expect([...always].filter((id) => !received.includes(id))).toEqual([])
        expectEachOffsetOnce(asked)
      }),
      settings,
    )

  it('loses no record that was there throughout when others are added [paginate.total.reread]', async () => {
    await losesNone(changing('add'), { numRuns: 500 })
  })

  it('loses no record when up to a page of others vanishes [paginate.offset.drift]', async () => {
    const once = fc.tuple(changing('remove'), fc.nat(10)).map(([world, when]) => {
      const change = world.changes.find((each) => each !== undefined) ?? { place: 0, remove: 1, add: 0 }
      const changes = Array.from({ length: when + 1 }, (_, index) => (index === when ? change : undefined))
      return { ...world, limit: Math.max(world.limit, change.remove), changes }
    })
    await losesNone(once, { numRuns: 500 })
  })

  it('loses no record when others vanish at any time [paginate.offset.drift]', async () => {
    await losesNone(changing('remove'), { numRuns: 500, seed: 1 })
  })

  const examples = { cap: 100, total: 'always', concurrency: 1, delays: [] } as const

  // Pages of one fan-out ask for the same stretch again: that is no API that repeats itself.
  it('reads on when two pages or more vanish at once', async () => {
    const changes = [undefined, { place: 0, remove: 2, add: 0 }]
    const { received, always } = await read({ ...examples, count: 6, limit: 1, changes })
    expect(received).toEqual(expect.arrayContaining([...always]))
  })

  it('steps back again when records vanish while it has stepped back', async () => {
    const vanish = { place: 0, remove: 1, add: 0 }
    const { received, always } = await read({ ...examples, count: 3, limit: 2, changes: [undefined, vanish, vanish] })
    expect(received).toEqual(expect.arrayContaining([...always]))
  })

  it('begins where it is told and ends before the maximum', async () => {
    const bounded = fc.tuple(unchanging, fc.nat(30), fc.integer({ min: 1, max: 60 }))
    await fc.assert(
      fc.asyncProperty(bounded, async ([world, start, maximumOffset]) => {
        const { received, asked } = await read(world, { offset: start, maximumOffset })
        // The first request is always made.
        expect(asked.slice(1).every((request) => request.offset < maximumOffset)).toBe(true)
        const first = asked[0]!
        expect(first.offset).toBe(start)
        const wanted = Array.from({ length: world.count }, (_, id) => id).filter((id) => id >= start && id < maximumOffset)
        expect(received).toEqual(expect.arrayContaining(wanted))
      }),
    )
  })
})
