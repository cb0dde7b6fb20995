import { bearerAuth, type JsonValue, offset, resource, type SyncEvent, sync } from '@tributary/core'
import { type Handler, jsonResponse, type MockApi, offsetPages } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import { crm, type Parts, serve } from '../support/connector.ts'
import { duckdbPlace, type Place, places, type Row } from '../support/places.ts'

interface Post {
  [key: string]: JsonValue
  id: number
  title: string
}

const posts = (count: number): Post[] =>
  Array.from({ length: count }, (_, index) => ({ id: index + 1, title: `Post ${index + 1}` }))

/** Comments of a post: as many as its id has units. */
const commentsOf = (post: string): JsonValue[] =>
  Array.from({ length: Number(post) % 10 }, (_, index) => ({ id: Number(post) * 100 + index, text: `${post}.${index}` }))

const likesOf = (comment: string): JsonValue[] => (Number(comment) % 3 === 0 ? [{ id: `${comment}-a`, by: 'ann' }] : [])

const page = offset({ limit: 4 })

const threeLevels: Parts = {
  resourceDefaults: { primaryKey: 'id', writeDisposition: 'merge' },
  resources: {
    posts: resource({ endpoint: { path: 'posts', dataSelector: 'data', paginator: page } }),
    comments: resource({
      includeFromParent: ['title'],
      endpoint: { path: 'posts/{resources.posts.id}/comments', dataSelector: 'data', paginator: page },
    }),
    likes: resource({ endpoint: { path: 'comments/{resources.comments.id}/likes', dataSelector: 'data', paginator: page } }),
  },
}

async function blog(all: readonly Post[], extra: Record<string, Handler> = {}): Promise<MockApi> {
  return await serve({
    '/posts': offsetPages(() => all),
    '/posts/:post/comments': (request) => offsetPages(commentsOf(request.params.post!))(request),
    '/comments/:comment/likes': (request) => offsetPages(likesOf(request.params.comment!))(request),
    ...extra,
  })
}

const ids = (rows: readonly Row[]): string[] => rows.map(({ id }) => String(id)).sort()
const idsOf = (records: readonly JsonValue[]): string[] =>
  records.map((record) => String((record as { id: JsonValue }).id)).sort()
const countOf = (api: MockApi, path: string): number => api.requests.filter((request) => request.path === path).length

async function run(api: MockApi, place: Place, parts: Parts, options: object = {}) {
  return await sync({ connector: crm(api.url, parts), destination: place.destination, ...options })
}

describe.each(places)('dependent resources in %s', (_kind, makePlace) => {
  it('are read for each record of their parent, three levels deep, parents requested once [depend.levels]', async () => {
    const all = posts(23)
    const api = await blog(all)
    const place = makePlace()
    const result = await run(api, place, threeLevels)
    expect(result.status).toBe('ok')
    const comments = all.flatMap(({ id }) => commentsOf(String(id)))
    const likes = idsOf(comments).flatMap(likesOf)
    expect(ids(await place.rows('crm', 'posts'))).toEqual(idsOf(all))
    expect(ids(await place.rows('crm', 'comments'))).toEqual(idsOf(comments))
    expect(ids(await place.rows('crm', 'likes'))).toEqual(idsOf(likes))
    expect(countOf(api, '/posts')).toBe(6)
    for (const { id } of all) expect(countOf(api, `/posts/${id}/comments`)).toBe(Math.max(1, Math.ceil((id % 10) / 4)))
    expect(result.resources.comments).toMatchObject({ records: comments.length, status: 'ok' })
  })

  it('take fields of their parent along [depend.include-from-parent]', async () => {
    const api = await blog(posts(5))
    const place = makePlace()
    await run(api, place, threeLevels)
    const rows = await place.rows('crm', 'comments')
    expect(rows.length).toBeGreaterThan(0)
    for (const { id, _posts_title: title } of rows) expect(title).toBe(`Post ${Math.floor(Number(id) / 100)}`)
  })

  it('equal a second run, and double nothing [depend.again]', async () => {
    const api = await blog(posts(12))
    const place = makePlace()
    await run(api, place, threeLevels)
    const first = await place.rows('crm', 'comments')
    const { resources } = await run(api, place, threeLevels)
    expect(ids(await place.rows('crm', 'comments'))).toEqual(ids(first))
    expect(resources.comments!.tables.comments).toMatchObject({ inserted: 0 })
  })
})

describe('parents', () => {
  it('that are not selected are requested, and not loaded [depend.unselected-parent]', async () => {
    const api = await blog(posts(6))
    const place = duckdbPlace()
    const { resources } = await run(api, place, threeLevels, { resources: ['comments'] })
    expect(Object.keys(resources)).toEqual(['comments'])
    expect(await place.tables('crm')).toEqual(['comments'])
    expect(countOf(api, '/posts')).toBe(2)
    expect(api.requests.some(({ path }) => path.endsWith('/likes'))).toBe(false)
  })

  it('that the connector leaves unselected are not loaded either', async () => {
    const parts: Parts = {
      ...threeLevels,
      resources: { ...threeLevels.resources, posts: { ...threeLevels.resources.posts!, selected: false } },
    }
    const place = duckdbPlace()
    await run(await blog(posts(6)), place, parts)
    expect(await place.tables('crm')).toEqual(['comments', 'likes'])
  })

  it('have filters that hold for their dependents [depend.filters]', async () => {
    const api = await blog(posts(9))
    const place = duckdbPlace()
    const even = { filter: (record: JsonValue) => Number((record as Post).id) % 2 === 0 }
    await run(api, place, {
      ...threeLevels,
      resources: { ...threeLevels.resources, posts: { ...threeLevels.resources.posts!, processingSteps: [even] } },
    })
    expect(ids(await place.rows('crm', 'posts'))).toEqual(['2', '4', '6', '8'])
    expect(
      api.requests.filter(({ path }) => path.endsWith('/comments')).every(({ path }) => Number(path.split('/')[2]) % 2 === 0),
    ).toBe(true)
    expect(ids(await place.rows('crm', 'comments'))).toEqual(idsOf(['2', '4', '6', '8'].flatMap(commentsOf)))
  })

  it('have steps whose results their dependents see [depend.steps]', async () => {
    const api = await blog(posts(3))
    const rename = { map: (record: JsonValue) => ({ number: (record as Post).id, title: 'x' }) }
    const place = duckdbPlace()
    const { status } = await run(api, place, {
      resources: {
        posts: resource({ processingSteps: [rename], endpoint: { path: 'posts', dataSelector: 'data', paginator: page } }),
        comments: resource({
          endpoint: { path: 'posts/{resources.posts.number}/comments', dataSelector: 'data', paginator: page },
        }),
      },
    })
    expect(status).toBe('ok')
    expect(await place.rows('crm', 'comments')).toHaveLength(6)
  })
})

describe('requests of dependents', () => {
  const echo: Handler = ({ path, query, headers, body }) =>
    jsonResponse([{ path, query: query.toString(), header: headers['x-post'] ?? null, body: body === '' ? null : body }])

  it('have placeholders in path, params, headers and body [depend.places]', async () => {
    const api = await blog(posts(2), { '/echo/:post': echo })
    const place = duckdbPlace()
    await run(api, place, {
      resources: {
        posts: threeLevels.resources.posts!,
        echoes: resource({
          maxTableNesting: 0,
          endpoint: {
            path: 'echo/{resources.posts.id}',
            method: 'POST',
            params: { title: '{resources.posts.title}', both: '{resources.posts.id}-{{x}}' },
            headers: { 'X-Post': 'post {resources.posts.id}' },
            json: { id: '{resources.posts.id}', text: 'is {resources.posts.id}', list: ['{resources.posts.title}'] },
          },
        }),
      },
    })
    const rows = await place.rows('crm', 'echoes')
    expect(rows.map(({ path, query, header, body }) => [path, query, header, JSON.parse(String(body))])).toEqual(
      [1, 2].map((id) => [
        `/echo/${id}`,
        `title=Post+${id}&both=${id}-%7Bx%7D`,
        `post ${id}`,
        { id, text: `is ${id}`, list: [`Post ${id}`] },
      ]),
    )
  })

  it('never leave the path, whatever the parent holds [depend.encoding]', async () => {
    const names = ['a/b', '../../admin', 'x?y=1', 'x#y', '100%', 'ü ✓', '%2e%2e', 'a\\b', '{x}', '..%2f']
    const api = await blog(
      names.map((title, index) => ({ id: index + 1, title })),
      { '/named/:name/of': ({ params }) => jsonResponse([{ name: params.name! }]) },
    )
    const place = duckdbPlace()
    const { status } = await run(api, place, {
      resources: {
        posts: threeLevels.resources.posts!,
        named: resource({ endpoint: { path: 'named/{resources.posts.title}/of' } }),
      },
    })
    expect(status).toBe('ok')
    expect(new Set((await place.rows('crm', 'named')).map(({ name }) => name))).toEqual(new Set(names))
  })

  it.each([
    ['null', null, /the field title of its parent posts is null in a record that has the fields id, title/],
    ['missing', undefined, /the field title of its parent posts is missing in a record that has the fields id\b/],
    ['..', '..', /in its path, \{resources\.posts\.title\} is "\.\."/],
    ['empty', '', /is ""/],
    ['a list', ['x'], /is a list/],
  ])('fail where the parent has %s, and load nothing [depend.path-value]', async (_what, title, message) => {
    const api = await blog([{ id: 1, ...(title !== undefined && { title }) } as never])
    const place = duckdbPlace()
    const { status, resources } = await run(api, place, {
      resources: {
        posts: threeLevels.resources.posts!,
        named: resource({ endpoint: { path: 'named/{resources.posts.title}/of' } }),
      },
    })
    expect(status).toBe('failed')
    expect(resources.named).toMatchObject({
      status: 'failed',
      error: { code: 'PLACEHOLDER_INVALID', message: expect.stringMatching(message) },
    })
    expect(resources.posts).toMatchObject({ status: 'ok' })
  })

  it('are refused where a secret stood in the parent, rather than asked for something else [depend.secret]', async () => {
    const all = [{ id: 1, title: 'a-secret-of-ours' }]
    const api = await blog(all)
    const parts: Parts = {
      client: { auth: bearerAuth({ token: 'a-secret-of-ours' }) },
      resources: {
        posts: threeLevels.resources.posts!,
        named: resource({ endpoint: { path: 'named/{resources.posts.title}/of' } }),
      },
    }
    const { resources } = await run(api, duckdbPlace(), parts)
    expect(resources.named).toMatchObject({ status: 'failed', error: { code: 'PLACEHOLDER_INVALID' } })
    expect(api.requests.map(({ path }) => path)).toEqual(['/posts'])
  })

  it('are made at once for different parents, but not more than the concurrency [depend.concurrency]', async () => {
    const slow: Handler = async ({ params }) => {
      await new Promise((resolve) => setTimeout(resolve, 15))
      return jsonResponse(commentsOf(params.post!))
    }
    const most = async (parallelized: boolean): Promise<number> => {
      const api = await blog(posts(20), { '/posts/:post/comments': slow })
      const comments = resource({ parallelized, endpoint: { path: 'posts/{resources.posts.id}/comments' } })
      await run(api, duckdbPlace(), {
        client: { concurrency: 3 },
        resources: { posts: { ...threeLevels.resources.posts!, parallelized: false }, comments },
      })
      return api.maximumInFlight
    }
    expect(await most(true)).toBe(3)
    expect(await most(false)).toBeLessThanOrEqual(2)
  })

  it('keep the order of their parents, also when answers come out of order', async () => {
    const jumbled: Handler = async ({ params }) => {
      await new Promise((resolve) => setTimeout(resolve, Number(params.post) % 2 === 0 ? 12 : 1))
      return jsonResponse(commentsOf(params.post!))
    }
    const api = await blog(posts(16), { '/posts/:post/comments': jumbled })
    const place = duckdbPlace()
    await run(api, place, {
      resources: {
        posts: threeLevels.resources.posts!,
        comments: resource({ endpoint: { path: 'posts/{resources.posts.id}/comments' } }),
      },
    })
    const rows = await place.rows('crm', 'comments')
    rows.sort((a, b) => Number(String(a._sync_id).split('.')[1]) - Number(String(b._sync_id).split('.')[1]))
    expect(rows.map(({ id }) => id)).toEqual(
      posts(16).flatMap(({ id }) => commentsOf(String(id)).map((record) => (record as Post).id)),
    )
  })

  it('of a path that ends in a placeholder are for one object, unpaged [depend.single-entity]', async () => {
    const api = await blog(posts(3), {
      '/details/:post': ({ params }) => jsonResponse({ id: params.post!, items: [1, 2], next: `${params.post}` }),
    })
    const place = duckdbPlace()
    await run(api, place, {
      resources: {
        posts: threeLevels.resources.posts!,
        details: resource({
          primaryKey: 'id' as never,
          writeDisposition: 'merge',
          endpoint: { path: 'details/{resources.posts.id}' },
        }),
      },
    })
    expect(ids(await place.rows('crm', 'details'))).toEqual(['1', '2', '3'])
    expect(await place.tables('crm')).toContain('details__items')
  })
})

describe('a run of many', () => {
  it('reads ahead of what is loaded by no more than its concurrency, however many parents there are [depend.memory]', async () => {
    const api = await blog(posts(400), { '/posts/:post/comments': ({ params }) => jsonResponse(commentsOf(params.post!)) })
    let handedOn = 0
    let ahead = 0
    const { status } = await run(
      api,
      duckdbPlace(),
      {
        client: { concurrency: 3 },
        resources: {
          posts: {
            ...threeLevels.resources.posts!,
            endpoint: { path: 'posts', dataSelector: 'data', paginator: offset({ limit: 200 }) },
          },
          comments: resource({ endpoint: { path: 'posts/{resources.posts.id}/comments' } }),
        },
      },
      {
        onEvent: ({ type }: SyncEvent) => {
          if (type !== 'page') return
          handedOn++
          ahead = Math.max(ahead, api.requests.length - handedOn)
        },
      },
    )
    expect([status, handedOn]).toEqual(['ok', 402])
    // Of the root and of the dependents, each.
    expect(ahead).toBeLessThanOrEqual(2 * 3)
  })

  it('as a sample reads all that depends on the pages that it takes, and leaves nothing pending [depend.limit]', async () => {
    const api = await blog(posts(20))
    const place = duckdbPlace()
    await run(api, place, threeLevels, { limit: 1 })
    expect(ids(await place.rows('crm', 'posts'))).toEqual(['1', '2', '3', '4'])
    expect(ids(await place.rows('crm', 'comments'))).toEqual(idsOf(['1', '2', '3', '4'].flatMap(commentsOf)))
    const before = api.requests.length
    await run(api, place, threeLevels)
    expect(api.requests[before]!.query.get('offset')).toBe('0')
    expect(await place.rows('crm', 'posts')).toHaveLength(20)
  })
})

describe('warnings', () => {
  it('of one kind are told once for all parents [depend.warnings]', async () => {
    const api = await blog(posts(30), { '/posts/:post/comments': ({ params }) => jsonResponse(commentsOf(params.post!)) })
    const { resources } = await run(api, duckdbPlace(), {
      resources: {
        posts: threeLevels.resources.posts!,
        comments: resource({ endpoint: { path: 'posts/{resources.posts.id}/comments' } }),
      },
    })
    // Three of the thirty have no comment, and nothing to doubt.
    expect(resources.comments!.warnings).toEqual([expect.stringContaining('No pagination was found'), '26 more like this.'])
  })
})

describe('failures', () => {
  it('of a child leave the parent and other children loaded [depend.failed-child]', async () => {
    const api = await blog(posts(6), {
      '/posts/:post/comments': ({ params }) =>
        params.post === '5' ? jsonResponse({}, { status: 404 }) : jsonResponse({ data: [] }),
      '/posts/:post/tags': ({ params }) => jsonResponse([{ id: params.post! }]),
    })
    const place = duckdbPlace()
    const { status, resources } = await run(api, place, {
      ...threeLevels,
      resources: { ...threeLevels.resources, tags: resource({ endpoint: { path: 'posts/{resources.posts.id}/tags' } }) },
    })
    expect(status).toBe('failed')
    expect(resources.posts).toMatchObject({ status: 'ok' })
    expect(resources.tags).toMatchObject({ status: 'ok', records: 6 })
    expect(resources.comments).toMatchObject({ status: 'failed', error: { code: 'HTTP_STATUS' } })
    expect(resources.likes).toMatchObject({ status: 'skipped', error: { code: 'PARENT_FAILED' } })
    expect(resources.likes!.error!.message).toMatch(
      /^likes was left as it is, because comments, on which it depends, failed: .*404/,
    )
    expect(await place.tables('crm')).toEqual(['posts', 'tags'])
  })

  it('of a parent skip its children, and unrelated resources load [depend.failed-parent]', async () => {
    const api = await blog(posts(6), {
      '/posts': () => jsonResponse({}, { status: 403 }),
      '/users': () => jsonResponse([{ id: 1 }]),
    })
    const place = duckdbPlace()
    const { status, resources } = await run(api, place, {
      ...threeLevels,
      resources: { ...threeLevels.resources, users: resource({ primaryKey: 'id' as never, endpoint: { path: 'users' } }) },
    })
    expect(status).toBe('failed')
    expect(Object.fromEntries(Object.entries(resources).map(([name, result]) => [name, result.status]))).toEqual({
      posts: 'failed',
      comments: 'skipped',
      likes: 'skipped',
      users: 'ok',
    })
    expect(await place.tables('crm')).toEqual(['users'])
  })

  it('of a parent that is not loaded are told by its children', async () => {
    const api = await blog([], { '/posts': () => jsonResponse({}, { status: 403 }) })
    const { resources } = await run(api, duckdbPlace(), threeLevels, { resources: ['likes'] })
    expect(resources.likes).toMatchObject({
      status: 'skipped',
      error: { message: expect.stringMatching(/because posts, .* failed: .*403/) },
    })
  })
})
