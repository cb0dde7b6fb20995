import {
  type Connector,
  type JsonValue,
  offset,
  pageNumber,
  type Resources,
  resource,
  type SyncOptions,
  sync,
} from '@tributary/core'
import { type Handler, json, jsonResponse, memoryDestination, offsetPages } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import { crm, serve } from '../support/connector.ts'
import { rowsOf, type Settings, things } from './things.ts'

const mirror = { writeDisposition: 'merge', mergeStrategy: 'mirror', primaryKey: 'id' } as const
const scd2 = { writeDisposition: 'merge', mergeStrategy: 'scd2', primaryKey: 'id' } as const
const endpoint = { path: 'things', dataSelector: 'data', paginator: offset({ limit: 2 }) }
const day = (id: number, more: Record<string, JsonValue> = {}): Record<string, JsonValue> => ({
  id,
  at: `2026-01-0${id}`,
  ...more,
})
const all = [1, 2, 3, 4, 5].map((id) => day(id))

/** What a run is told that keeps it from reading everything, after a run that did. */
const parts: [reason: string, settings: Partial<Settings>, options: Partial<SyncOptions>][] = [
  ['there was a limit', {}, { limit: 1 }],
  ['a window was asked for', { cursor: 'at' }, { window: { from: '2026-01-02' } }],
  [
    'a part of things was asked for',
    { cursor: 'at', endpoint: { ...endpoint, incremental: { startParam: 'since', initialValue: '2026-01-02' } } },
    {},
  ],
  [
    'a part of things was asked for',
    {
      cursor: 'at',
      endpoint: { ...endpoint, incremental: { startParam: 'since', initialValue: '2026-01-02', rowOrder: 'desc' } },
    },
    {},
  ],
  [
    'the cursor of things left records out',
    { cursor: 'seen', endpoint: { ...endpoint, incremental: { startParam: 'since', onCursorValueMissing: 'exclude' } } },
    {},
  ],
  ['a step of things left records out', { processingSteps: [{ filter: (record) => (record as { id: number }).id > 2 }] }, {}],
  ['the paginator of things has a maximum', { endpoint: { ...endpoint, paginator: offset({ limit: 2, maximumOffset: 4 }) } }, {}],
  [
    'the paginator of things has a maximum',
    { endpoint: { ...endpoint, paginator: pageNumber({ pageParam: 'offset', page: 1, maximumPage: 2, totalPath: null }) } },
    {},
  ],
  ['a contract left records out', { schemaContract: { columns: 'discard_row' } }, {}],
]

describe('what is absent', () => {
  it.each([
    ['is deleted by mirror [dispositions.mirror.run]', mirror, [{ id: 2, at: 'now' }]],
    [
      'ends by scd2 [dispositions.scd2.run]',
      scd2,
      [
        { id: 2, at: 'now' },
        { id: 1, at: '2026-01-01', ended: true },
        { id: 2, at: '2026-01-02', ended: true },
      ],
    ],
  ] as const)('%s', async (_, strategy, expected) => {
    const api = await things()
    api.has(day(1), day(2))
    await api.run(strategy)
    api.has({ id: 2, at: 'now' })
    expect(await api.run(strategy)).toMatchObject({ status: 'ok', warnings: [] })
    expect(await api.rows()).toEqual(expect.arrayContaining([...expected]))
    expect(await api.rows()).toHaveLength(expected.length)
  })

  describe.each([
    ['mirror', mirror, 'deleted from'],
    ['scd2', scd2, 'ended in'],
  ] as const)('by %s', (_, base, done) => {
    it.each(parts)(`stays where %s [dispositions.absent.incomplete]`, async (reason, settings, options) => {
      const api = await things()
      api.has(day(9), ...all)
      await api.run(base)
      // The last one is for the contract, and for the paginators' maxima.
      api.has(...all, day(6, { extra: true }), day(7))
      const { warnings } = await api.run({ ...base, ...settings }, options)
      expect(warnings).toContain(
        `Nothing that is gone was ${done} things, because ${reason}: what did not come may still be there.`,
      )
      const active = (await api.rows()).filter((row) => row.ended === undefined)
      expect(active).toContainEqual(day(9))
      expect(api.plans.slice(1).filter(({ removesAbsent }) => removesAbsent)).toEqual([])
    })
  })

  it.each<[title: string, { selector?: string; status?: number; pages: JsonValue[] }, reason: string]>([
    [
      'the API has less than it tells of',
      {
        selector: 'data',
        pages: [
          { data: [day(1)], total: 3 },
          { data: [], total: 3 },
        ],
      },
      'the API sent fewer records of things than it told of',
    ],
    ['a response was ignored', { selector: 'data', status: 404, pages: [{ data: [] }] }, 'an answer to things was ignored'],
    [
      'a page has something else than records',
      { pages: [{ data: [day(1), day(3)] }, { oops: true }] },
      'no records were found in an answer to things',
    ],
  ])('stays where %s [dispositions.absent.incomplete]', async (_, { selector, pages, status }, reason) => {
    let answer: Handler = json({ data: [day(1), day(2)], total: 2 })
    const api = await things(memoryDestination(), (request) => answer(request))
    const { dataSelector: __, ...others } = endpoint
    const responseActions = [{ statusCode: 404, action: 'ignore' as const }]
    const settings = { ...mirror, endpoint: { ...others, responseActions, ...(selector && { dataSelector: selector }) } }
    await api.run(settings)
    answer = ({ query }) => jsonResponse(pages[query.get('offset') === '0' ? 0 : 1] ?? {}, { status: status ?? 200 })
    const { warnings, error } = await api.run(settings)
    expect(error).toBeUndefined()
    expect(warnings).toContainEqual(expect.stringContaining(`because ${reason}:`))
    expect(await api.rows()).toContainEqual(day(2))
  })

  it('stays where a run was cut short for two reasons, each of which is told once [dispositions.mirror.reasons]', async () => {
    const api = await things()
    api.has(...all)
    const settings: Settings = { ...mirror, processingSteps: [{ filter: () => false }] }
    const { warnings } = await api.run(settings, { limit: 2 })
    expect(warnings).toEqual([
      'Nothing that is gone was deleted from things, because there was a limit, and a step of things left records out: what did not come may still be there.',
    ])
  })

  it('stays where a value was left out, for the record is there [dispositions.mirror.values]', async () => {
    const api = await things()
    api.has(day(1), day(2))
    await api.run(mirror)
    api.has(day(1, { extra: true }))
    const { warnings } = await api.run({ ...mirror, schemaContract: { columns: 'discard_value' } })
    expect(warnings).toEqual([])
    expect(await api.rows()).toEqual([day(1)])
  })

  it('is gone where a maximum did not cut the listing [dispositions.mirror.maximum]', async () => {
    const api = await things()
    const settings = { ...mirror, endpoint: { ...endpoint, paginator: offset({ limit: 2, maximumOffset: 100 }) } }
    api.has(...all)
    await api.run(settings)
    api.has(day(1))
    expect((await api.run(settings)).warnings).toEqual([])
    expect(await api.rows()).toEqual([day(1)])
  })

  describe('with scd2 and a merge key', () => {
    const bounded = { ...scd2, primaryKey: ['id'], mergeKey: 'shop', cursor: 'at' } as const
    const incremental = { startParam: 'since', initialValue: '2026-01-01' }
    const shop = (id: number, name: string): Record<string, JsonValue> => day(id, { shop: name })

    it('ends also where a cursor asked for a part, within what came [dispositions.scd2.bounded]', async () => {
      const api = await things()
      const settings = { ...bounded, endpoint: { ...endpoint, incremental } }
      api.has(shop(1, 'north'), shop(2, 'north'), shop(3, 'south'))
      await api.run(settings)
      api.has(shop(4, 'north'))
      expect((await api.run(settings)).warnings).toEqual([])
      expect(await api.rows()).toEqual([
        { ...shop(1, 'north'), ended: true },
        { ...shop(2, 'north'), ended: true },
        shop(3, 'south'),
        shop(4, 'north'),
      ])
    })

    it('ends nothing where a limit was [dispositions.scd2.bounded.incomplete]', async () => {
      const api = await things()
      api.has(shop(1, 'north'), shop(2, 'north'))
      await api.run(bounded)
      api.has(shop(3, 'north'), shop(4, 'north'), shop(1, 'north'))
      const { warnings } = await api.run(bounded, { limit: 1 })
      expect(warnings).toEqual([expect.stringContaining('because there was a limit:')])
      expect((await api.rows()).filter(({ ended }) => ended)).toEqual([])
    })

    it('ends nothing where no record came [dispositions.scd2.bounded.nothing]', async () => {
      const api = await things()
      api.has(day(1), day(2))
      // The stored table does not have the column of the merge key.
      await api.run(scd2)
      api.has()
      await api.run(bounded)
      expect(await api.rows()).toEqual([day(1), day(2)])
    })
  })

  describe.each([
    ['mirror', mirror, []],
    [
      'scd2',
      scd2,
      [
        { ...day(1), ended: true },
        { ...day(2), ended: true },
      ],
    ],
  ] as const)('by %s, from a run without records', (_, settings, expected) => {
    it(`is everything, once [dispositions.absent.nothing-came]`, async () => {
      const api = await things()
      api.has(day(1), day(2))
      await api.run(settings)
      api.has()
      const second = await api.run(settings)
      expect(second.loadIds).toHaveLength(1)
      expect(await api.rows()).toEqual(expected)
      const third = await api.run(settings)
      expect(third.loadIds).toEqual([])
      api.has(day(1))
      await api.run(settings)
      api.has()
      expect((await api.run(settings)).loadIds).toHaveLength(1)
      expect((await api.run(settings)).loadIds).toEqual([])
    })
  })

  it('ends by scd2 where the table had no versions before, also if nothing came [dispositions.absent.nothing-came]', async () => {
    const api = await things()
    api.has(day(1))
    await api.run({ writeDisposition: 'merge', primaryKey: 'id' })
    api.has(day(1, { more: true }))
    await api.run({ writeDisposition: 'merge', primaryKey: 'id' })
    api.has()
    expect((await api.run(scd2)).loadIds).toHaveLength(1)
    expect(await api.rows()).toEqual([{ ...day(1), more: true, ended: true }])
  })
})

describe('what is absent of a resource that depends on others', () => {
  /** Authors have books. `broken`: what is answered for the books of an author. */
  async function openLibrary(): Promise<{
    authors: JsonValue[]
    books: Record<string, JsonValue[]>
    broken: Record<string, number>
    run(parts?: { authors?: object; books?: object }, options?: Partial<SyncOptions>): ReturnType<typeof sync>
    titles(): Promise<unknown[]>
  }> {
    const state = { authors: [] as JsonValue[], books: {} as Record<string, JsonValue[]>, broken: {} as Record<string, number> }
    const booksOf =
      (author: string): Handler =>
      (request) => {
        const status = state.broken[author]
        return status === undefined ? offsetPages(() => state.books[author] ?? [])(request) : jsonResponse({}, { status })
      }
    const api = await serve({
      '/authors': offsetPages(() => state.authors),
      '/authors/1/books': booksOf('1'),
      '/authors/2/books': booksOf('2'),
    })
    const destination = memoryDestination()
    const connector = (parts: { authors?: object; books?: object }): Connector =>
      crm(api.url, {
        resources: {
          authors: resource({
            endpoint: { path: 'authors', dataSelector: 'data', paginator: offset({ limit: 2 }) },
            ...parts.authors,
          }),
          books: resource({
            ...mirror,
            endpoint: {
              path: 'authors/{resources.authors.id}/books',
              dataSelector: 'data',
              paginator: offset({ limit: 2 }),
              responseActions: [{ statusCode: 404, action: 'ignore' }],
            },
            ...parts.books,
          }),
        } as Resources,
      })
    return {
      ...state,
      run: (parts = {}, options = {}) => sync({ connector: connector(parts), destination, resources: ['books'], ...options }),
      titles: async () => (await rowsOf(destination, 'books')).map(({ id }) => id),
    }
  }

  it.each([
    ['everything was read', {}, {}, undefined],
    ['an answer for one parent was ignored', { broken: { 1: 404 } }, {}, 'an answer to books was ignored'],
    [
      'a parent was filtered out',
      {},
      { authors: { processingSteps: [{ filter: ({ id }: { id: number }) => id === 2 }] } },
      'a step of authors left records out',
    ],
    [
      'the parents have a cursor',
      {},
      {
        authors: {
          cursor: 'at',
          endpoint: {
            path: 'authors',
            dataSelector: 'data',
            paginator: offset({ limit: 2 }),
            incremental: { startParam: 'since', initialValue: '2026-01-02' },
          },
        },
      },
      'a part of authors was asked for',
    ],
    [
      'the parents have a maximum',
      {},
      { authors: { endpoint: { path: 'authors', dataSelector: 'data', paginator: offset({ limit: 1, maximumOffset: 1 }) } } },
      'the paginator of authors has a maximum',
    ],
  ])(
    'stays unless everything was read: %s [dispositions.mirror.parents]',
    async (_, { broken = {} }: { broken?: object }, parts, reason) => {
      const library = await openLibrary()
      library.authors.push(day(1), day(2))
      library.books[1] = [{ id: 'a' }, { id: 'b' }]
      library.books[2] = [{ id: 'c' }]
      await library.run()
      library.books[1] = [{ id: 'a' }]
      Object.assign(library.broken, broken)
      const { resources } = await library.run(parts as object)
      expect(resources.books).toMatchObject({ status: 'ok' })
      expect(await library.titles()).toEqual(reason === undefined ? ['a', 'c'] : ['a', 'b', 'c'])
      expect(resources.books!.warnings.join()).toContain(reason === undefined ? '' : `because ${reason}:`)
      expect(resources.books!.warnings).toHaveLength(reason === undefined ? 0 : 1)
    },
  )

  it('stays where the listing of one parent failed, for then nothing of it is loaded [dispositions.mirror.parents]', async () => {
    const library = await openLibrary()
    library.authors.push(day(1), day(2))
    library.books[1] = [{ id: 'a' }]
    library.books[2] = [{ id: 'b' }]
    await library.run()
    library.books[1] = []
    library.broken[2] = 403
    const { resources } = await library.run()
    expect(resources.books).toMatchObject({ status: 'failed' })
    expect(await library.titles()).toEqual(['a', 'b'])
  })

  it('goes where its parent is gone [dispositions.mirror.parents]', async () => {
    const library = await openLibrary()
    library.authors.push(day(1), day(2))
    library.books[1] = [{ id: 'a' }]
    library.books[2] = [{ id: 'b' }]
    await library.run()
    library.authors.pop()
    await library.run()
    expect(await library.titles()).toEqual(['a'])
  })
})
