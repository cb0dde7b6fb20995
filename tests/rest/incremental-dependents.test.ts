import { offset, resource } from '@tributary/core'
import { jsonResponse, type MockApi } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import { type Parts, serve } from '../support/connector.ts'
import { type Item, pairs, run, since } from '../support/cursors.ts'
import { duckdbPlace } from '../support/places.ts'

describe('dependents', () => {
  /** Posts that change, each with comments that change. */
  interface World {
    posts: Item[]
    comments: Record<string, Item[]>
    failing?: string
  }
  const blog = async (world: World): Promise<MockApi> =>
    await serve({
      '/posts': since(() => world.posts),
      '/posts/:post/comments': (request) =>
        request.params.post === world.failing
          ? jsonResponse({}, { status: 404 })
          : since(() => world.comments[request.params.post!] ?? [])(request),
    })

  const parts = (
    dispositions: { posts?: 'merge' | 'append'; comments?: 'merge' | 'append' } = {},
    posts: object = {},
  ): Parts => ({
    resources: {
      posts: resource({
        primaryKey: 'id' as never,
        cursor: 'at' as never,
        writeDisposition: dispositions.posts ?? 'merge',
        endpoint: { path: 'posts', dataSelector: 'data', paginator: offset({ limit: 3 }), ...posts },
      }),
      comments: resource({
        primaryKey: 'id' as never,
        cursor: 'at' as never,
        writeDisposition: dispositions.comments ?? 'merge',
        endpoint: {
          path: 'posts/{resources.posts.id}/comments',
          dataSelector: 'data',
          paginator: offset({ limit: 3 }),
          incremental: { startParam: 'since' },
        },
      }),
    },
  })
  const incrementalPosts = { incremental: { startParam: 'since' } }
  const world = (): World => ({
    posts: [1, 2, 3, 4].map((id) => ({ id, at: id })),
    comments: Object.fromEntries(
      [1, 2, 3, 4].map((id) => [id, [1, 2, 3, 4, 5].map((n) => ({ id: id * 10 + n, at: id * 100 + n }))]),
    ),
  })
  const askedOf = (api: MockApi, from: number): string[] =>
    api.requests
      .slice(from)
      .filter(({ path, query }) => path.endsWith('/comments') && query.get('offset') === '0')
      .map(({ path, query }) => `${path.split('/')[2]} since ${query.get('since')}`)

  it('keep a cursor for each parent [incremental.per-parent]', async () => {
    const state = world()
    const api = await blog(state)
    const place = duckdbPlace()
    await run(api, place, parts())
    expect(await place.rows('crm', 'comments')).toHaveLength(20)
    const before = api.requests.length
    state.comments['2']!.push({ id: 29, at: 999 })
    state.posts.push({ id: 5, at: 5 })
    state.comments['5'] = [{ id: 51, at: 7 }]
    const { resources } = await run(api, place, parts())
    expect(askedOf(api, before).sort()).toEqual(['1 since 105', '2 since 205', '3 since 305', '4 since 405', '5 since null'])
    expect(resources.comments!.tables.comments).toMatchObject({ inserted: 2 })
    expect(await place.rows('crm', 'comments')).toHaveLength(22)
  })

  it.each(['merge', 'append'] as const)(
    'of an incremental parent are read for what changed of it, into %s',
    async (disposition) => {
      const state = world()
      const api = await blog(state)
      const place = duckdbPlace()
      const shape = parts({ posts: disposition, comments: disposition }, incrementalPosts)
      await run(api, place, shape)
      const before = api.requests.length
      state.posts.push({ id: 5, at: 5 })
      state.comments['5'] = [{ id: 51, at: 7 }]
      await run(api, place, shape)
      // The post at the boundary comes again; what is appended does not.
      expect(askedOf(api, before)).toEqual(disposition === 'merge' ? ['4 since 405', '5 since null'] : ['5 since null'])
      expect(await place.rows('crm', 'comments')).toHaveLength(21)
      expect(await place.rows('crm', 'posts')).toHaveLength(5)
    },
  )

  it.each(['merge', 'append'] as const)(
    'that failed are read later for all that they missed, into %s [incremental.failed-child]',
    async (disposition) => {
      const state = world()
      state.failing = '3'
      const api = await blog(state)
      const place = duckdbPlace()
      const shape = parts({ posts: disposition, comments: disposition }, incrementalPosts)
      const first = await run(api, place, shape)
      expect([first.resources.posts!.status, first.resources.comments!.status]).toEqual(['ok', 'failed'])
      expect(await place.tables('crm')).toEqual(['posts'])
      delete state.failing
      state.posts.push({ id: 5, at: 5 })
      state.comments['5'] = [{ id: 51, at: 7 }]
      const second = await run(api, place, shape)
      expect(second.status).toBe('ok')
      expect(await place.rows('crm', 'comments')).toHaveLength(21)
      expect(pairs(await place.rows('crm', 'posts'))).toEqual(['1@1', '2@2', '3@3', '4@4', '5@5'])
      // From then on, both go on from the same place.
      const before = api.requests.length
      await run(api, place, shape)
      expect(api.requests[before]!.query.get('since')).toBe('5')
      expect(await place.rows('crm', 'comments')).toHaveLength(21)
      expect(await place.rows('crm', 'posts')).toHaveLength(5)
    },
  )

  it('that were not asked for at first get all that there is, when they are [incremental.late-child]', async () => {
    const state = world()
    const api = await blog(state)
    const place = duckdbPlace()
    const shape = parts({ posts: 'append' }, incrementalPosts)
    await run(api, place, shape, { resources: ['posts'] })
    await run(api, place, shape)
    expect(await place.rows('crm', 'comments')).toHaveLength(20)
    expect(await place.rows('crm', 'posts')).toHaveLength(4)
  })
})
