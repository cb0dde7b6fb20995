import { type Connector, offset, resource, sync } from '@tributary/core'
import { offsetPages } from '@tributary/testkit'
import { expect, it } from 'vitest'
import { crm, serve } from '../support/connector.ts'
import { duckdbPlace } from '../support/places.ts'
import { type Ticket, tickets } from '../support/tickets.ts'
import { countStatements } from './statements.ts'

/** What a load of two tables runs, the dataset opened and closed. Measured when the bounds were set: 35 first, 46 again. */
const MOST = { first: 38, again: 49 }

it('DuckDB runs as many statements for fifty thousand rows as for a thousand [guard.statements]', async () => {
  let records: Ticket[] = []
  const api = await serve({ '/tickets': offsetPages(() => records) })
  const connector: Connector = crm(api.url, {
    resources: {
      tickets: resource({
        primaryKey: 'id',
        writeDisposition: 'merge',
        endpoint: { path: 'tickets', dataSelector: 'data', paginator: offset({ limit: 1000 }) },
      }),
    },
  })
  const { statements } = countStatements()
  const counts: { first: number; again: number }[] = []
  for (const count of [1000, 50_000]) {
    records = tickets(count)
    const { destination } = duckdbPlace()
    const load = async (): Promise<number> => {
      const before = statements.length
      const { status, resources } = await sync({ connector, destination })
      expect([status, resources.tickets?.records]).toEqual(['ok', count])
      return statements.length - before
    }
    counts.push({ first: await load(), again: await load() })
  }
  expect(counts[1]).toEqual(counts[0])
  // Something was counted.
  expect(counts[0]!.first).toBeGreaterThan(10)
  expect(counts[0]!.first).toBeLessThanOrEqual(MOST.first)
  expect(counts[0]!.again).toBeLessThanOrEqual(MOST.again)
})
