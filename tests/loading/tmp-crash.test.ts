import { dirname, join } from 'node:path'
import { ticketing } from '@tributary/connector-ticketing'
import { sync, type WriteDisposition } from '@tributary/core'
import { delayed, type MockApi, offsetPages, startMockApi, withApiKey } from '@tributary/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { blog, blogRoutes, commentsOf, likesOf, posts } from '../support/blog.ts'
import { type Place, places, type Row } from '../support/places.ts'
import { start } from '../support/process.ts'
import { API_KEY, tickets } from '../support/tickets.ts'

const SCRIPT = join(import.meta.dirname, 'tmp-sync.ts')
const ROWS = 3000
const CHECKPOINT = 700

/** What the process has shown when it is killed. Of a replace, the only commit is its end. */
const moments: { disposition: WriteDisposition; moment: string }[] = [
  ...['page 1', 'page 9', 'page 16', 'page 29', 'committed 1', 'committed 3'].flatMap((moment) => [
    { disposition: 'merge' as const, moment },
    { disposition: 'append' as const, moment },
  ]),
  ...['page 1', 'page 15', 'page 30'].map((moment) => ({ disposition: 'replace' as const, moment })),
]

describe.each(places)('%s: a sync that is killed, and run again', (_kind, makePlace) => {
  it.each(moments)('equals one that was not: $disposition, killed at $moment', async ({ disposition, moment }) => {
    const api = await startApi()
    const killed = makePlace()
    const args = [SCRIPT, 'tickets', api.url, API_KEY, killed.to, String(CHECKPOINT), disposition]
    const running = start(args, { cwd: dirname(killed.path) })
    await running.shown(`${moment}\n`)
    running.child.kill('SIGKILL')
    expect((await running.ended).signal).toBe('SIGKILL')

    await runToEnd(killed, api.url, disposition)
    const clean = makePlace()
    await runToEnd(clean, api.url, disposition)
    expect(await content(killed)).toEqual(await content(clean))
    expect(await killed.rows('ticketing', 'ticket_data')).toHaveLength(ROWS)
  })

  it('goes on from its last checkpoint rather than from the start', async () => {
    const api = await startApi()
    const killed = makePlace()
    const args = [SCRIPT, 'tickets', api.url, API_KEY, killed.to, String(CHECKPOINT), 'append']
    const running = start(args, { cwd: dirname(killed.path) })
    await running.shown('committed 2\n')
    running.child.kill('SIGKILL')
    await running.ended
    const before = api.requests.length
    await runToEnd(killed, api.url, 'append')
    expect(api.requests.length - before).toBeLessThanOrEqual((ROWS - 2 * CHECKPOINT) / 100)
    const [resumed] = api.requests.slice(before)
    expect(Number(resumed?.query.get('offset'))).toBeGreaterThanOrEqual(2 * CHECKPOINT)
  })
})

describe.each(places)('%s: resources that depend on others, killed, and run again', (_kind, makePlace) => {
  const moments = ['page 2', 'page 90', 'page 300', 'committed 1', 'committed 2', 'committed 3', 'committed 4', 'committed 6']
  const cases = moments.flatMap((moment) => (['merge', 'append'] as const).map((disposition) => ({ disposition, moment })))

  it.each(cases)('equal a run that was not: $disposition, killed at $moment', async ({ disposition, moment }) => {
    const api = await startMockApi(blogRoutes(1))
    onTestFinished(() => api.close())
    const killed = makePlace()
    const running = start([SCRIPT, 'blog', api.url, '', killed.to, '100', disposition], { cwd: dirname(killed.path) })
    await running.shown(`${moment}\n`)
    running.child.kill('SIGKILL')
    expect((await running.ended).signal).toBe('SIGKILL')

    const clean = makePlace()
    for (const { destination } of [killed, clean]) {
      const result = await sync({ connector: blog(api.url, disposition), destination })
      expect(Object.values(result.resources).map(({ error }) => error?.message)).toEqual([undefined, undefined, undefined])
    }
    const withoutIds = async (place: Place): Promise<unknown[]> =>
      Object.entries(await content(place, 'crm')).map(([table, rows]) => [
        table,
        rows.map(({ id }) => Number(id)).sort((a, b) => a - b),
      ])
    expect(await withoutIds(killed)).toEqual(await withoutIds(clean))
    const comments = posts.flatMap((_, index) => commentsOf(index + 1)) as { id: number }[]
    expect(await killed.rows('crm', 'posts')).toHaveLength(posts.length)
    expect(await killed.rows('crm', 'comments')).toHaveLength(comments.length)
    expect(await killed.rows('crm', 'likes')).toHaveLength(comments.flatMap(({ id }) => likesOf(id)).length)
  })
})

async function startApi(): Promise<MockApi> {
  const pages = withApiKey(offsetPages(tickets(ROWS)), { value: API_KEY })
  const api = await startMockApi({ '/v1/tickets': delayed(pages, 8) })
  onTestFinished(() => api.close())
  return api
}

async function runToEnd({ destination }: Place, baseUrl: string, writeDisposition: WriteDisposition): Promise<void> {
  const connector = ticketing({ baseUrl, apiKey: API_KEY })
  const result = await sync({ connector, destination, writeDisposition, checkpoint: { rows: CHECKPOINT } })
  expect(result.resources.ticket_data.error).toBeUndefined()
  expect(result.status).toBe('ok')
}

/** All rows, but for the load that brought them. */
async function content(place: Place, dataset = 'ticketing'): Promise<Record<string, Row[]>> {
  const tables = await place.tables(dataset)
  const entries = tables.map(async (table) => {
    const rows = await place.rows(dataset, table)
    return [table, rows.map(({ _sync_load_id: _, ...row }) => row)] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}
