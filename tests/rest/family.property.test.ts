import { type Connector, type JsonValue, offset, resource, sync, type WriteDisposition } from '@tributary/core'
import { type Handler, jsonResponse, memoryDestination, offsetPages, startMockApi } from '@tributary/testkit'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { crm } from '../support/connector.ts'

/** A change of the world, told by what it changes. Every change of a comment or a like moves what it belongs to, as forums do. */
type Change = { post: number; comment?: number; like?: number }

interface Item {
  [key: string]: JsonValue
  id: number
  at: number
}

/** What goes wrong in a run: listings whose path ends so fail; after so many pages the run is stopped. */
interface Run {
  changes: readonly Change[]
  failing: 'none' | 'posts' | '3/comments' | '1/likes'
  stopAfter: number
  checkpointRows: number
  resources: readonly string[] | undefined
}

class World {
  private clock = 0
  readonly posts = new Map<number, Item>()
  readonly comments = new Map<number, Map<number, Item>>()
  readonly likes = new Map<number, Map<number, Item>>()

  apply({ post, comment, like }: Change): void {
    const set = (items: Map<number, Item>, id: number): unknown => items.set(id, { id, at: this.clock })
    this.clock++
    set(this.posts, post)
    if (comment === undefined) return
    const commentId = post * 10 + comment
    set(within(this.comments, post), commentId)
    if (like !== undefined) set(within(this.likes, commentId), commentId * 10 + like)
  }

  all(table: string): Item[] {
    const lists = table === 'posts' ? [this.posts] : [...(table === 'comments' ? this.comments : this.likes).values()]
    return lists.flatMap((items) => [...items.values()])
  }
}

const within = (all: Map<number, Map<number, Item>>, key: number): Map<number, Item> => {
  const items = all.get(key) ?? new Map<number, Item>()
  all.set(key, items)
  return items
}

const change = fc.record(
  { post: fc.integer({ min: 1, max: 7 }), comment: fc.integer({ min: 1, max: 4 }), like: fc.integer({ min: 1, max: 3 }) },
  { requiredKeys: ['post'] },
)
const run: fc.Arbitrary<Run> = fc.record({
  changes: fc.array(change, { maxLength: 14 }),
  failing: fc.constantFrom('none', 'none', 'posts', '3/comments', '1/likes'),
  stopAfter: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 1, max: 12 })),
  checkpointRows: fc.constantFrom(1, 5, 1000),
  resources: fc.constantFrom(undefined, undefined, ['posts'], ['comments'], ['posts', 'likes'], ['likes']),
})

/**
 * In the order in which items came to be, so that none moves while it is read. `ignores`: the API sends everything, whatever
 * it is asked.
 */
const listing =
  (items: () => Iterable<Item>, ignores: boolean): Handler =>
  (request) => {
    const since = request.query.get('since')
    const matches = [...items()].filter(({ at }) => ignores || since === null || at >= Number(since))
    return offsetPages(matches)(request)
  }

function forum(baseUrl: string, writeDisposition: WriteDisposition): Connector {
  const pages = { dataSelector: 'data', paginator: offset({ limit: 2 }), incremental: { startParam: 'since' } }
  return crm(baseUrl, {
    resourceDefaults: { primaryKey: 'id', writeDisposition },
    resources: {
      posts: resource({ cursor: 'at', endpoint: { path: 'posts', ...pages } }),
      comments: resource({ cursor: 'at', endpoint: { path: 'posts/{resources.posts.id}/comments', ...pages } }),
      likes: resource({ cursor: 'at', endpoint: { path: 'comments/{resources.comments.id}/likes', ...pages } }),
    },
  })
}

const TABLES = ['posts', 'comments', 'likes']
const versions = (rows: readonly Record<string, unknown>[]): string[] =>
  rows.map(({ id, at }) => `${String(id)}@${String(at)}`).sort()

it.each(['merge', 'append'] as const)(
  'whatever fails, is stopped, or is not asked for, a family ends complete and without doubles: %s [incremental.family]',
  async (disposition) => {
    let world = new World()
    let failing: Run['failing'] = 'none'
    let ignores = false
    const failable =
      (handler: Handler): Handler =>
      (request) =>
        failing !== 'none' && request.path.endsWith(failing) ? jsonResponse({}, { status: 404 }) : handler(request)
    await using api = await startMockApi({
      '/posts': failable((request) => listing(() => world.posts.values(), ignores)(request)),
      '/posts/:id/comments': failable((request) =>
        listing(() => within(world.comments, Number(request.params.id)).values(), ignores)(request),
      ),
      '/comments/:id/likes': failable((request) =>
        listing(() => within(world.likes, Number(request.params.id)).values(), ignores)(request),
      ),
    })
    const connector = forum(api.url, disposition)

    await fc.assert(
      fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 5 }), fc.boolean(), async (runs, apiIgnores) => {
        world = new World()
        ignores = apiIgnores
        const destination = memoryDestination()
        for (const { changes, failing: path, stopAfter, checkpointRows, resources } of runs) {
          for (const each of changes) world.apply(each)
          failing = path
          const stop = new AbortController()
          let pages = 0
          await sync({
            connector,
            destination,
            // Of an API that filters, a listing that is gone on with may have gained items before the place where it was cut off.
            checkpoint: { rows: ignores ? checkpointRows : 1_000_000 },
            signal: stop.signal,
            onEvent: ({ type }) => {
              if (type === 'page' && ++pages === stopAfter) stop.abort(new Error('stopped'))
            },
            ...(resources !== undefined && { resources }),
          })
        }
        failing = 'none'
        // The first one ends what was cut off, as of then; the second brings what has changed since.
        for (let time = 0; time < 2; time++) expect((await sync({ connector, destination })).status).toBe('ok')
        for (const table of TABLES) {
          const rows = await destination.readTable('crm', table).catch(() => [])
          const loaded = versions(rows)
          if (disposition === 'merge') expect(loaded).toEqual(versions(world.all(table)))
          else {
            expect(new Set(loaded).size).toBe(loaded.length)
            expect(loaded).toEqual(expect.arrayContaining(versions(world.all(table))))
          }
        }
        // Nothing has changed: nothing is loaded again.
        const again = await sync({ connector, destination })
        for (const table of TABLES) expect(again.resources[table]!.tables[table]?.inserted ?? 0).toBe(0)
      }),
      { numRuns: 60 },
    )
  },
  240_000,
)
