import { type Incremental, type JsonValue, offset, resource } from '@tributary/core'
import { jsonResponse, type MockApi } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import { type Parts, serve } from '../support/connector.ts'
import { type Item, pairs, run, since } from '../support/cursors.ts'
import { duckdbPlace, places } from '../support/places.ts'

interface Shape {
  incremental?: Incremental
  disposition?: 'merge' | 'append' | 'replace'
  cursor?: string
}

const items = ({ incremental = {}, disposition = 'merge', cursor = 'at' }: Shape = {}): Parts => ({
  resources: {
    items: resource({
      primaryKey: 'id' as never,
      cursor: cursor as never,
      writeDisposition: disposition,
      endpoint: {
        path: 'items',
        dataSelector: 'data',
        paginator: offset({ limit: 3 }),
        incremental: { startParam: 'since', ...incremental },
      },
    }),
  },
})

const firstOf = (api: MockApi, index: number): URLSearchParams =>
  api.requests.filter(({ query }) => query.get('offset') === '0' || !query.has('offset')).at(index)!.query

const values: readonly (readonly [kind: string, JsonValue[]])[] = [
  ['integers', [1, 2, 3, 4, 5, 6]],
  ['integers past 2^53', [1n, 2n, 3n, 4n, 5n, 6n].map((n) => 9_007_199_254_740_993n + n)],
  ['dates', ['2026-01-01', '2026-01-02', '2026-01-03', '2026-02-01', '2026-02-02', '2027-01-01']],
  ['timestamps', [1, 2, 3, 4, 5, 6].map((n) => `2026-01-0${n}T10:00:00Z`)],
  ['timestamps with zones', [1, 2, 3, 4, 5, 6].map((n) => `2026-01-01T${12 + n}:30:00+02:00`)],
  ['text', ['a', 'b', 'c', 'd', 'e', 'f']],
]

describe.each(places)('incremental runs into %s', (_kind, makePlace) => {
  it.each(values)('load what is new, with %s [incremental.types]', async (_what, at) => {
    let all: Item[] = at.slice(0, 4).map((value, index) => ({ id: index, at: value }))
    const api = await serve({ '/items': since(() => all, { ignores: true }) })
    const place = makePlace()
    await run(api, place, items({ disposition: 'append' }))
    expect(firstOf(api, -1).has('since')).toBe(false)
    all = at.map((value, index) => ({ id: index, at: value }))
    const { resources, errors } = await run(api, place, items({ disposition: 'append' }))
    expect(errors).toEqual([undefined])
    expect(firstOf(api, -1).get('since')).toBe(String(at[3]))
    expect(resources.items).toMatchObject({ records: 6, filtered: 4 })
    expect((await place.rows('crm', 'items')).map(({ id }) => Number(id)).sort()).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('load rows at the boundary once, and changed ones again [incremental.boundary]', async () => {
    let all: Item[] = [
      { id: 1, at: 1 },
      { id: 2, at: 2, note: 'old' },
      { id: 3, at: 2 },
    ]
    const api = await serve({ '/items': since(() => all) })
    const place = makePlace()
    await run(api, place, items({ disposition: 'append' }))
    all = [...all.slice(0, 1), { id: 2, at: 2, note: 'new' }, { id: 3, at: 2 }, { id: 4, at: 2 }]
    await run(api, place, items({ disposition: 'append' }))
    await run(api, place, items({ disposition: 'append' }))
    const rows = (await place.rows('crm', 'items')).map(({ id, note = '' }) => `${String(id)} ${String(note)}`.trim())
    expect(rows.sort()).toEqual(['1', '2 new', '2 old', '3', '4'])
  })
})

describe('the request', () => {
  const all: Item[] = [1, 2, 3, 4, 5].map((at) => ({ id: at, at }))

  it('starts at the initial value, and leaves it out where there is none, without converting [incremental.no-start]', async () => {
    const api = await serve({ '/items': since(() => all) })
    const converted: unknown[] = []
    const convert = (value: unknown): string => {
      converted.push(value)
      return String(value)
    }
    await run(api, duckdbPlace(), items({ incremental: { convert } }))
    expect([firstOf(api, -1).has('since'), converted]).toEqual([false, []])
    await run(api, duckdbPlace(), items({ incremental: { convert, initialValue: 3 } }))
    expect([firstOf(api, -1).get('since'), converted]).toEqual(['3', [3]])
  })

  it('has the value as the API wants it [incremental.convert]', async () => {
    const api = await serve({ '/items': since(() => all, { param: 'x' }) })
    const place = duckdbPlace()
    const parts = items({ incremental: { convert: (value) => `at:${String(value)}` } })
    await run(api, place, parts)
    await run(api, place, parts)
    expect(firstOf(api, -1).get('since')).toBe('at:5')
  })

  it('has the initial value of every run where it asks for that one [incremental.initial-placeholder]', async () => {
    const api = await serve({ '/items': () => jsonResponse({ data: all }) })
    const place = duckdbPlace()
    const parts: Parts = {
      resources: {
        items: resource({
          cursor: 'at' as never,
          endpoint: {
            path: 'items',
            dataSelector: 'data',
            params: { from: '{incremental.initial_value}', since: '{incremental.start_value}' },
            incremental: { initialValue: 2 },
          },
        }),
      },
    }
    for (const since of ['2', '5']) {
      await run(api, place, parts)
      expect(Object.fromEntries(api.requests.at(-1)!.query)).toEqual({ from: '2', since })
    }
  })

  it('has placeholders of the cursor, left out where there is no value [incremental.placeholders]', async () => {
    const api = await serve({ '/items': (request) => jsonResponse({ data: all, asked: request.query.toString() }) })
    const place = duckdbPlace()
    const parts: Parts = {
      resources: {
        items: resource({
          primaryKey: 'id' as never,
          cursor: 'at' as never,
          writeDisposition: 'merge',
          endpoint: {
            path: 'items',
            method: 'POST',
            dataSelector: 'data',
            params: { q: 'at>={incremental.start_value}', fixed: 1 },
            headers: { 'X-Since': '{incremental.last_value}' },
            json: { filter: { from: '{incremental.start_value}' }, size: 3 },
            incremental: {},
          },
        }),
      },
    }
    await run(api, place, parts)
    await run(api, place, parts)
    const asked = api.requests.map(({ query, headers, body }) => [query.toString(), headers['x-since'], JSON.parse(body)])
    expect(asked).toEqual([
      ['fixed=1', undefined, { filter: {}, size: 3 }],
      ['q=at%3E%3D5&fixed=1', '5', { filter: { from: 5 }, size: 3 }],
    ])
  })

  it('stops early where the order of rows says that the rest is outside [incremental.row-order]', async () => {
    const falling = [...all].reverse()
    const api = await serve({ '/items': since(() => falling, { ignores: true }) })
    const place = duckdbPlace()
    const parts = items({ incremental: { rowOrder: 'desc' } })
    await run(api, place, parts)
    falling.unshift({ id: 6, at: 6 })
    const before = api.requests.length
    const { resources } = await run(api, place, parts)
    expect(resources.items).toMatchObject({ warnings: [], tables: { items: { inserted: 1 } } })
    // The first page has the new row, the second none.
    expect(resources.items!.pages).toBe(2)
    expect(api.requests.length - before).toBeLessThanOrEqual(2)
    expect(await place.rows('crm', 'items')).toHaveLength(6)
  })

  it('starts before the last value by the lag, and appends nothing twice [incremental.lag]', async () => {
    const api = await serve({ '/items': since(() => all) })
    const place = duckdbPlace()
    const parts = items({ disposition: 'append', incremental: { lag: 2 } })
    await run(api, place, parts)
    const late = [...all, { id: 9, at: 4 }, { id: 10, at: 6 }]
    const later = await serve({ '/items': since(() => late) })
    await run(later, place, parts)
    expect(firstOf(later, -1).get('since')).toBe('3')
    expect((await place.rows('crm', 'items')).map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 9, 10])
    await run(later, place, parts)
    expect(firstOf(later, -1).get('since')).toBe('4')
    expect(await place.rows('crm', 'items')).toHaveLength(7)
  })

  it('reads backwards where the smallest value counts [incremental.last-value-func]', async () => {
    let older = all.slice(2)
    const api = await serve({ '/items': () => jsonResponse({ data: older, total: older.length }) })
    const place = duckdbPlace()
    const parts = items({ disposition: 'append', incremental: { lastValue: 'min' } })
    await run(api, place, parts)
    older = [...all, { id: 99, at: 99 }]
    await run(api, place, parts)
    expect(api.requests.at(-1)!.query.get('since')).toBe('3')
    expect((await place.rows('crm', 'items')).map(({ id }) => Number(id)).sort()).toEqual([1, 2, 3, 4, 5])
  })
})

describe('backfill', () => {
  const all: Item[] = [1, 2, 3, 4, 5, 6].map((at) => ({ id: at, at }))

  it('by an end value reads the window each time, and leaves no state [incremental.end-value]', async () => {
    const api = await serve({ '/items': since(() => all) })
    const place = duckdbPlace()
    const parts = items({ incremental: { initialValue: 2, endValue: 5, endParam: 'until' } })
    for (let time = 0; time < 2; time++) {
      await run(api, place, parts)
      expect([firstOf(api, -1).get('since'), firstOf(api, -1).get('until')]).toEqual(['2', '5'])
      expect(pairs(await place.rows('crm', 'items'))).toEqual(['2@2', '3@3', '4@4'])
    }
    // A run without the end starts as if there had been none.
    await run(api, place, items())
    expect(firstOf(api, -1).has('since')).toBe(false)
  })

  it('by an end value leaves the cursor of other runs alone', async () => {
    const api = await serve({ '/items': since(() => all) })
    const place = duckdbPlace()
    await run(api, place, items())
    await run(api, place, items({ incremental: { initialValue: 1, endValue: 3 } }))
    await run(api, place, items())
    expect(firstOf(api, -1).get('since')).toBe('6')
  })

  it.each([
    ['closed', 'open', ['2@2', '3@3', '4@4']],
    ['open', 'open', ['3@3', '4@4']],
    ['closed', 'closed', ['2@2', '3@3', '4@4', '5@5']],
    ['open', 'closed', ['3@3', '4@4', '5@5']],
  ] as const)('has %s start and %s end [incremental.range]', async (rangeStart, rangeEnd, expected) => {
    const api = await serve({ '/items': since(() => all, { ignores: true }) })
    const place = duckdbPlace()
    await run(api, place, items({ incremental: { initialValue: 2, endValue: 5, rangeStart, rangeEnd } }))
    expect(pairs(await place.rows('crm', 'items'))).toEqual(expected)
  })
})

describe('rows without a cursor', () => {
  const all: Item[] = [{ id: 1, at: 1 }, { id: 2 }, { id: 3, at: null }]

  it.each([
    ['raise', undefined],
    ['include', [1, 2, 3]],
    ['exclude', [1]],
  ] as const)('%s [incremental.missing]', async (onCursorValueMissing, expected) => {
    const api = await serve({ '/items': since(() => all, { ignores: true }) })
    const place = duckdbPlace()
    const { status, errors } = await run(api, place, items({ incremental: { onCursorValueMissing } }))
    if (expected === undefined) {
      expect(status).toBe('failed')
      expect(errors[0]).toMatch(/record 2 has no value at its cursor at/)
      expect(await place.tables('crm')).toEqual([])
    } else {
      expect((await place.rows('crm', 'items')).map(({ id }) => Number(id)).sort()).toEqual(expected)
    }
  })
})

describe('a failed run', () => {
  it('moves nothing [incremental.failed]', async () => {
    const all: Item[] = [1, 2, 3, 4, 5].map((at) => ({ id: at, at }))
    let broken = false
    const handler = since(() => all)
    const api = await serve({
      '/items': (request) =>
        broken && request.query.get('offset') !== '0' ? jsonResponse({}, { status: 400 }) : handler(request),
    })
    const place = duckdbPlace()
    await run(api, place, items())
    all.push(...[6, 7, 8, 9].map((at) => ({ id: at, at })))
    broken = true
    expect((await run(api, place, items())).status).toBe('failed')
    broken = false
    await run(api, place, items())
    expect(firstOf(api, -1).get('since')).toBe('5')
    expect(await place.rows('crm', 'items')).toHaveLength(9)
  })

  it.each([
    [{ rowOrder: 'asc' }, '6'],
    [{}, null],
  ] as const)(
    'that is a sample moves the cursor only where the order is told: %j [incremental.limit]',
    async (incremental, asked) => {
      const all: Item[] = [1, 2, 3, 4, 5, 6, 7, 8].map((at) => ({ id: at, at }))
      const api = await serve({ '/items': since(() => all) })
      const place = duckdbPlace()
      await run(api, place, items({ incremental }), { limit: 2 })
      expect(await place.rows('crm', 'items')).toHaveLength(6)
      await run(api, place, items({ incremental }))
      expect(firstOf(api, -1).get('since')).toBe(asked)
      expect(await place.rows('crm', 'items')).toHaveLength(8)
    },
  )
})

describe('a replaced table', () => {
  it('is complete in every run, also with a cursor', async () => {
    const all: Item[] = [1, 2, 3].map((at) => ({ id: at, at }))
    const api = await serve({ '/items': since(() => all) })
    const place = duckdbPlace()
    await run(api, place, items({ disposition: 'replace' }))
    all.push({ id: 4, at: 4 })
    await run(api, place, items({ disposition: 'replace' }))
    expect(await place.rows('crm', 'items')).toHaveLength(4)
  })
})

it('a sample that takes the place of a whole table says so [incremental.limit]', async () => {
  const all: Item[] = [1, 2, 3, 4].map((at) => ({ id: at, at }))
  const api = await serve({ '/items': since(() => all) })
  const place = duckdbPlace()
  await run(api, place, items({ disposition: 'replace' }))
  const { resources } = await run(api, place, items({ disposition: 'replace' }), { limit: 1 })
  expect(resources.items!.warnings).toEqual([expect.stringContaining('The sample takes the place of the whole table')])
  expect(await place.rows('crm', 'items')).toHaveLength(3)
  expect((await run(api, place, items(), { limit: 1 })).resources.items!.warnings).toEqual([])
})
