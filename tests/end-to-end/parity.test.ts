import { serviceDesk } from '@tributary/connector-service-desk'
import { ticketing } from '@tributary/connector-ticketing'
import { type Connector, sync } from '@tributary/core'
import { offsetPages, startMockApi, withApiKey } from '@tributary/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { otherKinds } from '../matrix/kinds.ts'
import { duckdbPlace, type Place } from '../support/places.ts'
import { API_KEY, type Ticket, ticket, tickets } from '../support/tickets.ts'

const connectors: { name: string; root: string; make: (baseUrl: string) => Connector }[] = [
  { name: 'ticketing', root: 'ticket_data', make: (baseUrl) => ticketing({ baseUrl, apiKey: API_KEY }) },
  { name: 'service_desk', root: 'service_desk_tickets', make: (baseUrl) => serviceDesk({ baseUrl, apiKey: API_KEY }) },
]

const kinds = await otherKinds()

async function serve(records: () => readonly Ticket[]): Promise<string> {
  const api = await startMockApi({ 'GET /v1/tickets': withApiKey(offsetPages(records), { value: API_KEY }) })
  onTestFinished(() => api.close())
  return api.url
}

describe.each(connectors)('$name', ({ name, root, make }) => {
  it.for(kinds)(
    'gives the same tables in $name as in DuckDB, first, after changes, and after a full refresh',
    async (kind, { skip }) => {
      skip(kind.missing !== undefined, kind.missing)
      let records = tickets(1037)
      const connector = make(await serve(() => records))
      const [one, other] = [duckdbPlace(), await kind.make()]
      const runBoth = async (options = {}, { comparesCounts = true } = {}): Promise<void> => {
        const [a, b] = [await run(one, options), await run(other, options)]
        if (comparesCounts) expect(b).toEqual(a)
        expect(await everything(other, name)).toEqual(await everything(one, name))
      }
      const run = async ({ destination }: Place, options: object): Promise<unknown> => {
        const result = await sync({ connector, destination, ...options })
        expect(result.resources[root]?.error).toBeUndefined()
        expect(result.status).toBe('ok')
        return result.resources[root]!.tables
      }

      await runBoth()
      const tables = await one.tables(name)
      expect(tables).toEqual([root, `${root}__tags`])
      const first = await one.rows(name, root)
      expect(first.map((row) => row.id).sort((a, b) => Number(a) - Number(b))).toEqual(records.map(({ id }) => id))
      expect(first.find((row) => row.id === 11)).toMatchObject({
        _sync_id: '11',
        venue__name: 'Hall 4',
        venue__seat__row: 11,
        note: 'only on some, like 11',
        updated_at: '2026-01-01T00:11:00Z',
      })

      // Some are changed, one loses its tags, one is new with a field that was never seen.
      records = [
        ...records.map((record) => (Number(record.id) % 100 === 3 ? { ...record, status: 'changed', tags: [] } : record)),
        ticket(5000, { brand_new: 2 ** 40, tags: ['late'] }),
      ]
      await runBoth()
      const second = await one.rows(name, root)
      expect(second).toHaveLength(1038)
      expect(second.filter((row) => row.status === 'changed')).toHaveLength(11)
      expect(second.find((row) => row.id === 5000)).toMatchObject({ brand_new: 1_099_511_627_776 })

      // Nothing has changed: nothing is doubled.
      await runBoth()
      expect(await one.rows(name, root)).toHaveLength(1038)

      records = records.slice(0, 10)
      await runBoth({ fullRefresh: true })
      expect(await one.rows(name, root)).toHaveLength(10)
      await runBoth({ writeDisposition: 'append' })
      expect(await one.rows(name, root)).toHaveLength(20)
      // What append has doubled, a merge brings down to one row of each key, with its children. DuckDB
      // counts the doubles as deleted, and PostgreSQL does not.
      await runBoth({}, { comparesCounts: kind.name !== 'postgres' })
      expect(await one.rows(name, root)).toHaveLength(10)
      await runBoth({ writeDisposition: 'replace' })
      expect(await one.rows(name, root)).toHaveLength(10)
    },
  )

  it('counts what a second sync does', async () => {
    let records = tickets(250)
    const connector = make(await serve(() => records))
    const { destination } = duckdbPlace()
    await sync({ connector, destination })
    records = records.map((record) =>
      Number(record.id) <= 7 ? { ...record, subject: 'changed', event_name: 'changed' } : record,
    )
    const { resources, status } = await sync({ connector, destination })
    expect(status).toBe('ok')
    expect(resources[root]!.tables[root]).toMatchObject({ inserted: 0, updated: 7, unchanged: 243, deleted: 0 })
    expect(resources[root]).toMatchObject({ records: 250, pages: 3, retries: 0, requests: 3 })
  })
})

async function everything(place: Place, dataset: string): Promise<Record<string, unknown>> {
  const tables = await place.tables(dataset)
  const rows = await Promise.all(tables.map(async (table) => [table, await place.rows(dataset, table)] as const))
  return { ...Object.fromEntries(rows), loads: await place.loads(dataset) }
}
