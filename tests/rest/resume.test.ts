import {
  type Connector,
  cursor,
  type Destination,
  offset,
  type Paginator,
  pageNumber,
  resource,
  type SyncOptions,
  sync,
} from '@tributary/core'
import { type Handler, jsonResponse, memoryDestination, offsetPages } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import { crm, serve } from '../support/connector.ts'

/** Runs until so many pages of `of` are loaded and kept. */
async function cutOff(connector: Connector, destination: Destination, of: string, pages: number): Promise<void> {
  const stop = new AbortController()
  let seen = 0
  const onEvent: SyncOptions['onEvent'] = (event) => {
    if (event.type === 'page' && event.resource === of && ++seen > pages) stop.abort(new Error('stopped'))
  }
  await sync({ connector, destination, checkpoint: { rows: 1 }, signal: stop.signal, onEvent })
}

const numbers = Array.from({ length: 11 }, (_, index) => ({ id: index + 1 }))

describe('a run that goes on where one was cut off', () => {
  it('asks for the same range, also when another table wanted more of it [engine.resume.range]', async () => {
    const posts = [5, 3, 9, 12, 1, 7, 11, 2, 10, 14].map((at, index) => ({ id: index + 1, at }))
    const failing = new Set(['/posts/5/comments'])
    const since: Handler = (request) =>
      offsetPages(posts.filter(({ at }) => at >= Number(request.query.get('since') ?? 0)))(request)
    const api = await serve({
      '/posts': since,
      '/posts/:id/comments': ({ path }) => jsonResponse({ data: [{ id: 1 }] }, { status: failing.has(path) ? 404 : 200 }),
    })
    const pages = { dataSelector: 'data', paginator: offset({ limit: 2 }) }
    const connector = crm(api.url, {
      resourceDefaults: { primaryKey: 'id', writeDisposition: 'merge' },
      resources: {
        posts: resource({ cursor: 'at', endpoint: { path: 'posts', ...pages, incremental: { startParam: 'since' } } }),
        comments: resource({ endpoint: { path: 'posts/{resources.posts.id}/comments', ...pages } }),
      },
    })
    const destination = memoryDestination()
    await sync({ connector, destination, resources: ['posts'] })
    for (const [id, at] of [
      [1, 20],
      [3, 23],
      [5, 15],
      [9, 21],
      [10, 22],
    ] as const)
      posts[id - 1] = { id, at }
    // The comments want all posts, and fail; the posts alone want those since 14.
    await cutOff(connector, destination, 'posts', 3)
    const before = api.requests.length
    failing.clear()
    await sync({ connector, destination, resources: ['posts'] })
    expect(api.requests.slice(before).map(({ query }) => query.toString())).toEqual(['offset=6&limit=2', 'offset=8&limit=2'])
    const rows = await destination.readTable('crm', 'posts')
    expect(rows.map(({ id, at }) => `${id}@${at}`).sort()).toEqual(posts.map(({ id, at }) => `${id}@${at}`).sort())
  })

  const byPage: Handler = ({ query }) => {
    const start = Number(query.get('page') ?? 0) * 2
    return jsonResponse({ data: numbers.slice(start, start + 2) })
  }
  it.each<[string, Paginator, Paginator, Handler]>([
    ['page numbers become offsets', pageNumber(), offset({ limit: 2 }), offsetPages(numbers)],
    ['offsets become page numbers', offset({ limit: 2 }), pageNumber(), byPage],
    [
      'offsets are given in another parameter',
      offset({ limit: 2, offsetParam: 'from' }),
      offset({ limit: 2 }),
      offsetPages(numbers),
    ],
  ])('starts anew where %s, and says so [engine.resume.paginator]', async (_what, before, after, handler) => {
    let served: Handler = () => jsonResponse({ data: [{ id: 1 }] })
    const api = await serve({ '/things': (request) => served(request) })
    const things = (paginator: Paginator): Connector =>
      crm(api.url, {
        resourceDefaults: { primaryKey: 'id', writeDisposition: 'merge' },
        resources: { things: resource({ endpoint: { path: 'things', dataSelector: 'data', paginator } }) },
      })
    const destination = memoryDestination()
    let page = 0
    served = () => jsonResponse({ data: [{ id: 100 + page++ }] })
    await cutOff(things(before), destination, 'things', 3)
    served = handler
    const { resources } = await sync({ connector: things(after), destination })
    expect(resources.things?.warnings[0]).toMatch(
      /cut off, and its pages are counted otherwise by now: they are read from the beginning/,
    )
    const ids = (await destination.readTable('crm', 'things')).map(({ id }) => Number(id)).filter((id) => id < 100)
    expect(ids.sort((a, b) => a - b)).toEqual(numbers.map(({ id }) => id))
  })

  it('says that it goes on where the API refuses what was left, for a cursor may be too old [engine.resume.refused]', async () => {
    let isOld = false
    const api = await serve({
      '/things': ({ query }) => {
        const start = Number(query.get('cursor') ?? 0)
        if (isOld && start > 0) return jsonResponse({ error: 'expired' }, { status: 410 })
        return jsonResponse({ data: numbers.slice(start, start + 2), cursors: { next: start + 2 } })
      },
    })
    const things = resource({
      primaryKey: 'id' as never,
      writeDisposition: 'merge',
      endpoint: { path: 'things', dataSelector: 'data', paginator: cursor() },
    })
    const connector = crm(api.url, { resources: { things } })
    const destination = memoryDestination()
    await cutOff(connector, destination, 'things', 2)
    isOld = true
    const { resources } = await sync({ connector, destination })
    expect(resources.things?.error?.message).toMatch(
      /410 Gone.*goes on where one was cut off.*a full refresh starts from the beginning/,
    )
  })
})

describe('a run', () => {
  it('that is a sample asks for no page that it does not take [engine.limit.requests]', async () => {
    const api = await serve({ '/things': offsetPages(numbers) })
    const things = resource({ endpoint: { path: 'things', dataSelector: 'data', paginator: offset({ limit: 2 }) } })
    await sync({ connector: crm(api.url, { resources: { things } }), destination: memoryDestination(), limit: 3 })
    expect(api.requests).toHaveLength(3)
  })

  it.each(['constructor', '__proto__', 'hasOwnProperty'])(
    'counts and remembers a resource called %s [engine.names]',
    async (name) => {
      const api = await serve({ '/things': () => jsonResponse([{ id: 1, at: 1 }]) })
      const one = resource({ cursor: 'at' as never, tableName: name, endpoint: { path: 'things', incremental: {} } })
      const connector = crm(api.url, { resources: Object.fromEntries([[name, one]]) })
      const destination = memoryDestination()
      const [first, second] = [await sync({ connector, destination }), await sync({ connector, destination })]
      const result = Object.entries(first.resources).find(([key]) => key === name)?.[1]
      expect(Object.values(result!.tables).map(({ inserted }) => inserted)).toEqual([1])
      expect(second.loadIds).toEqual([])
    },
  )
})
