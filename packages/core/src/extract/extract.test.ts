import { afterEach, describe, expect, it } from 'vitest'
import type { Endpoint } from '../connector/resource.ts'
import type { JsonValue } from '../http/request.ts'
import { cursor } from '../paginate/cursor.ts'
import { jsonLink } from '../paginate/json-link.ts'
import { offset } from '../paginate/offset.ts'
import type { CursorBounds } from './incremental.ts'
import { type Answer, closeServers, type Options, type Reading, readResource } from './testing/read-resource.ts'

afterEach(closeServers)

const from = (query: URLSearchParams, all: readonly JsonValue[]): JsonValue[] => {
  const start = Number(query.get('offset'))
  return all.slice(start, start + Number(query.get('limit')))
}
const five = [1, 2, 3, 4, 5].map((id) => ({ id }))

describe.each([
  ['records', false],
  ['rows', true],
])('pages read as %s', (_as, asRows) => {
  const read = (answer: Answer, options?: Options, reading?: Reading) => readResource(answer, options, { ...reading, asRows })

  describe('extract', () => {
    it('reads all pages', async () => {
      const { records, warnings } = await read((query) => ({ data: from(query, five), total: 5 }))
      expect({ records, warnings }).toEqual({ records: five, warnings: [] })
    })

    it.each<[string, JsonValue | undefined]>([
      ['204', undefined],
      ['null', null],
      ['an empty list', { data: [] }],
      ['null in the place of the list', { data: null }],
    ])('%s is an empty page', async (_what, body) => {
      expect(await read(() => body)).toMatchObject({ records: [], warnings: [] })
    })

    it('a selector without a match is an error that shows what there is [detect.selector.required]', async () => {
      const failing = read(() => ({ items: [], meta: {} }))
      await expect(failing).rejects.toMatchObject({ code: 'SELECTOR_NO_MATCH', recovery: 'fix-config' })
      await expect(failing).rejects.toThrow(/^things: the records should be at data .* answered with the keys items, meta\./)
    })

    it('a selector without a match is a warning where that is allowed [detect.selector.no-match]', async () => {
      const { records, warnings } = await read(() => ({ items: [] }), { required: false })
      expect([records, warnings]).toEqual([[], [expect.stringContaining('data matches nothing')]])
      expect(warnings[0]).toContain('the keys items')
    })

    it('an API that ignores the page is an error, not a loop', async () => {
      const failing = read(() => ({ data: five.slice(0, 2) }), { primaryKey: 'id' as never })
      await expect(failing).rejects.toMatchObject({
        code: 'PAGES_REPEAT',
        message: expect.stringContaining('the API repeats itself'),
      })
      await expect(read(() => ({ data: five.slice(0, 2) }))).rejects.toMatchObject({ code: 'PAGES_REPEAT' })
    })

    it.each([
      ['with a key', { primaryKey: 'id' as never }, 3],
      ['without one', {}, 14],
    ])('an API that goes round and round is noticed, records %s [paginate.round]', async (_what, options, most) => {
      let page = 0
      const answer: Answer = () => ({ data: [{ id: page % 2 }, { id: 10 + (page % 2) }], next: `c${page++}` })
      const failing = read(answer, { ...options, on: { paginator: cursor({ cursorPath: 'next' }) } } as never)
      await expect(failing).rejects.toMatchObject({ code: 'PAGES_REPEAT' })
      // Whatever was asked for ahead.
      expect(page).toBeLessThanOrEqual(most + 4)
    })

    it('pages that differ only between a few of their records are none of that, where a step gives the key [paginate.round]', async () => {
      const values = (page: number): JsonValue[] => Array.from({ length: 9 }, (_, at) => ({ value: at === 3 ? page : 0 }))
      const steps = [{ map: (record: JsonValue) => ({ ...(record as object), id: 1 }) }]
      const answer: Answer = (query) => {
        const page = Number(query.get('cursor') ?? 1)
        return { data: values(page), next: page < 5 ? page + 1 : null }
      }
      const options = { primaryKey: 'id' as never, processingSteps: steps, on: { paginator: cursor({ cursorPath: 'next' }) } }
      expect((await read(answer, options as never)).records).toHaveLength(45)
    })

    it('a page that comes again because the listing has grown is none of that [paginate.round]', async () => {
      const all = [...five]
      let asked = 0
      const { records } = await read(
        (query) => {
          if (asked++ === 1) all.unshift({ id: -1 }, { id: 0 })
          return { data: from(query, all), total: all.length }
        },
        { primaryKey: 'id' as never, parallelized: false },
      )
      expect(new Set(records.map((record) => (record as { id: number }).id))).toEqual(new Set([1, 2, 3, 4, 5]))
    })

    it('equal pages may be honest where records have no key', async () => {
      const all = Array.from({ length: 6 }, () => ({ note: 'same' }))
      expect((await read((query) => ({ data: from(query, all) }))).records).toHaveLength(6)
    })

    it('a listing that ends before its total says so', async () => {
      const { records, warnings } = await read((query) => ({ data: from(query, five), total: 9 }))
      expect(records).toHaveLength(5)
      expect(warnings).toEqual([expect.stringMatching(/told of 9 records, but sent 5/)])
    })

    it('a listing that has lost its beginning does not', async () => {
      const { warnings } = await read((query) => ({ data: from(query, five), total: 9 }), {}, { isResumed: true })
      expect(warnings).toEqual([])
    })

    it('a secret in the link to the next page stays there, for the next page is asked for with it [http.redact.link]', async () => {
      const { records, warnings, requests } = await read(
        (query) => ({
          data: [{ id: Number(query.get('page')) }],
          next: query.get('page') === '1' ? '/things?tenant=a-long-secret&page=2' : null,
        }),
        { on: { params: { tenant: 'a-long-secret', page: 1 }, paginator: jsonLink() } },
      )
      expect(records).toEqual([{ id: 1 }, { id: 2 }])
      expect(requests).toEqual(['/things?tenant=a-long-secret&page=1', '/things?tenant=a-long-secret&page=2'])
      expect(warnings).toEqual([])
    })

    it('a secret that the API sends back does not get into the records', async () => {
      const { records, warnings } = await read((query) => ({ data: from(query, [{ id: 1, url: 'x?key=a-long-secret' }]) }))
      expect(records).toEqual([{ id: 1, url: 'x?key=[redacted]' }])
      expect(warnings).toEqual([expect.stringContaining('redacted in 1 value')])
    })
  })

  describe('a data selector that nobody gave', () => {
    const detected = { path: '/things', paginator: jsonLink() }
    const detecting = { endpoint: detected }

    it('is that of the first page for the pages that follow [detect.selector.kept]', async () => {
      const answer: Answer = (query) =>
        query.get('page') === '2'
          ? { data: [{ id: 'other' }], posts: [{ id: 2 }] }
          : { posts: [{ id: 1 }], next: '/things?page=2' }
      expect(await read(answer, detecting)).toMatchObject({ records: [{ id: 1 }, { id: 2 }], warnings: [] })
    })

    it('is found out for each listing by itself [detect.selector.kept]', async () => {
      const endpoint = { ...detected, path: '/posts/{resources.posts.id}/things' }
      const answer: Answer = (_query, path) => (path === '/posts/1/things' ? { a: [{ id: 1 }] } : { b: [{ id: 2 }] })
      expect(await read(answer, { endpoint }, { parents: [{ id: 1 }, { id: 2 }] })).toMatchObject({
        records: [{ id: 1 }, { id: 2 }],
        warnings: [],
      })
    })

    it('warns where a later page has nothing there, and loses nothing else [detect.selector.no-match]', async () => {
      const answer: Answer = (query) =>
        query.get('page') === '2' ? { done: true } : { posts: [{ id: 1 }], next: '/things?page=2' }
      const { records, warnings } = await read(answer, detecting)
      expect(records).toEqual([{ id: 1 }])
      expect(warnings).toEqual([expect.stringMatching(/posts matches nothing in .*page=2, which has the keys done\./)])
    })

    it('takes a single object for one record [detect.selector.one-row]', async () => {
      const endpoint = { path: '/posts/{resources.posts.id}' }
      const answer: Answer = (_query, path) => ({ path, comments: [1, 2] })
      expect((await read(answer, { endpoint }, { parents: [{ id: 1 }, { id: 2 }] })).records).toEqual([
        { path: '/posts/1', comments: [1, 2] },
        { path: '/posts/2', comments: [1, 2] },
      ])
    })
  })

  describe('the records of a dependent resource', () => {
    const endpoint = {
      path: '/posts/{resources.posts.id}/things',
      dataSelector: 'data',
      paginator: offset({ limit: 2, totalPath: 'total' }),
    }
    const answer: Answer = (query, path) => {
      const all = [1, 2, 3].map((id) => ({ id, path }))
      return { data: from(query, all), total: 3 }
    }
    const parents = [
      { id: 1, title: 'a' },
      { id: 2, title: 'b' },
    ]

    it('are asked for once for each parent, and come in the order of these [depend.children.order]', async () => {
      const { records, requests } = await read(answer, { endpoint }, { parents })
      expect(records.map((record) => JSON.stringify(record))).toEqual(
        ['/posts/1/things', '/posts/2/things'].flatMap((path) => [1, 2, 3].map((id) => JSON.stringify({ id, path }))),
      )
      expect([...requests].sort()).toEqual([
        '/posts/1/things?offset=0&limit=2',
        '/posts/1/things?offset=2&limit=2',
        '/posts/2/things?offset=0&limit=2',
        '/posts/2/things?offset=2&limit=2',
      ])
    })

    it('may be the same for several parents: only one listing that repeats itself is an error [depend.children.repeat]', async () => {
      const same: Answer = (query) => ({ data: from(query, [{ id: 1 }, { id: 2 }]), total: 2 })
      const options: Options = { endpoint, primaryKey: 'id' as never }
      const { records, warnings } = await read(same, options, { parents })
      expect({ records, warnings }).toEqual({ records: [{ id: 1 }, { id: 2 }, { id: 1 }, { id: 2 }], warnings: [] })
    })

    it('are told of for the parent whose listing ends before its total [depend.children.repeat]', async () => {
      const short: Answer = (query, path) => ({ data: from(query, [{ path }]), total: path === '/posts/2/things' ? 3 : 1 })
      const { warnings } = await read(short, { endpoint }, { parents })
      expect(warnings).toEqual([expect.stringMatching(/told of 3 records, but sent 1/)])
    })

    it('have fields of the parent, before the steps see them [depend.include-from-parent]', async () => {
      const options: Options = {
        endpoint,
        includeFromParent: ['id', 'title'],
        processingSteps: [{ filter: (record) => (record as { _posts_title: string })._posts_title === 'b' }],
      }
      const { records } = await read(answer, options, { parents })
      expect(records).toEqual([1, 2, 3].map((id) => ({ id, path: '/posts/2/things', _posts_id: 2, _posts_title: 'b' })))
    })

    it('are counted as the API sent them, and given as the steps leave them [step.order]', async () => {
      const options: Options = { endpoint, processingSteps: [{ filter: (record) => (record as { id: number }).id > 2 }] }
      const { records, received } = await read(answer, options, { parents: parents.slice(0, 1) })
      expect([records, received]).toEqual([[{ id: 3, path: '/posts/1/things' }], [2, 1]])
    })
  })

  describe('a listing in the order of its cursor', () => {
    const at = (...values: (number | null)[]) => values.map((value) => ({ at: value }))
    const paged =
      (all: readonly JsonValue[]): Answer =>
      (query) => ({ data: from(query, all), total: all.length })
    const ordered = (rowOrder: 'asc' | 'desc', more: NonNullable<Endpoint['incremental']> = {}): Options => ({
      cursor: 'at' as never,
      on: { incremental: { rowOrder, ...more } },
    })

    it.each<[string, Options, readonly JsonValue[], CursorBounds, readonly JsonValue[]]>([
      ['falls below its start', ordered('desc'), at(9, 8, 7, 6, 5, 4, 3, 2), { start: 7 }, at(9, 8, 7, 6, 5, 4)],
      ['grows beyond its end', ordered('asc'), at(1, 2, 3, 4, 5, 6, 7, 8), { start: 1, end: 4 }, at(1, 2, 3, 4, 5, 6)],
      [
        'falls beyond its end, being read backwards',
        ordered('desc', { lastValue: 'min' }),
        at(9, 8, 7, 6, 5, 4, 3, 2),
        { start: 9, end: 7 },
        at(9, 8, 7, 6),
      ],
      [
        'grows above its start, being read backwards',
        ordered('asc', { lastValue: 'min' }),
        at(1, 2, 3, 4, 5, 6, 7, 8),
        { start: 3 },
        at(1, 2, 3, 4, 5, 6),
      ],
    ])(
      'ends with the first page that %s, also where pages were asked for ahead [incremental.row-order]',
      async (_what, options, all, bounds, expected) => {
        const { records, warnings } = await read(paged(all), options, { bounds })
        expect({ records, warnings }).toEqual({ records: expected, warnings: [] })
      },
    )

    it('asks for no further page where each waits for the one before [incremental.row-order]', async () => {
      const options = { ...ordered('desc'), parallelized: false }
      const { requests } = await read(paged(at(9, 8, 7, 6, 5, 4, 3, 2)), options, { bounds: { start: 9 } })
      expect(requests).toEqual(['/things?offset=0&limit=2', '/things?offset=2&limit=2'])
    })

    it.each<[string, Options, readonly JsonValue[], CursorBounds]>([
      ['no order is told', { cursor: 'at' as never, on: { incremental: {} } }, at(1, 2, 9, 8), { start: 9 }],
      ['a page lies partly in the range', ordered('desc'), at(9, 2, 3, 1), { start: 3 }],
      ['it has only begun', ordered('asc'), at(1, 2, 3, 9), { start: 9 }],
      ['there is no start', ordered('desc'), at(4, 3, 2, 1), {}],
      ['a value is missing, which may be', ordered('desc', { onCursorValueMissing: 'include' }), at(2, null, 1, 9), { start: 9 }],
      [
        'the steps leave nothing of a page',
        { ...ordered('desc'), processingSteps: [{ filter: (record) => (record as { at: number }).at !== 5 }] },
        at(5, 5, 9, 9),
        { start: 9 },
      ],
    ])('goes on where %s [incremental.row-order]', async (_what, options, all, bounds) => {
      expect((await read(paged(all), options, { bounds })).received).toEqual([2, 2])
    })

    it('ends for each parent by itself [incremental.row-order]', async () => {
      const lists: Record<string, JsonValue[]> = { '/posts/1/things': at(5, 4, 3, 2, 1), '/posts/2/things': at(9, 8, 7, 6, 5) }
      const options: Options = {
        cursor: 'at' as never,
        on: { path: '/posts/{resources.posts.id}/things', incremental: { rowOrder: 'desc' } },
      }
      const answer: Answer = (query, path) => ({ data: from(query, lists[path]!), total: 5 })
      const { records } = await read(answer, options, { parents: [{ id: 1 }, { id: 2 }], bounds: { start: 6 } })
      expect(records).toEqual([...at(5, 4), ...at(9, 8, 7, 6, 5)])
    })
  })
})
