import { schemaOf } from '@tributary/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { postgres } from './destination.ts'
import { load, rowsOf } from './testing/load.ts'
import { type TestDatabase, testServer } from './testing/server.ts'

const server = await testServer()
const items = schemaOf('items', { id: 'bigint' })

describe.skipIf(server.missing !== undefined)('what Tributary did not make', () => {
  let database: TestDatabase
  let destination: ReturnType<typeof postgres>
  beforeEach(async () => {
    database = await server.database()
    destination = postgres({ url: database.url })
  })
  afterEach(() => database.drop())

  it.each([
    ['a table', 'CREATE TABLE shop.items (theirs int)'],
    ['a view', 'CREATE VIEW shop.items AS SELECT 1 AS theirs'],
    ['a sequence', 'CREATE SEQUENCE shop.items'],
  ])('%s of the same name is never touched [settled.foreign.postgres]', async (_what, statement) => {
    await database.query(`CREATE SCHEMA shop; ${statement}`)
    const before = await database.query('SELECT * FROM shop.items')
    for (const disposition of ['append', 'replace', 'merge'] as const) {
      for (const recreate of [false, true]) {
        const refused = load(destination, {
          id: 1,
          tables: [items],
          records: [{ id: 1 }],
          primaryKey: ['id'],
          disposition,
          recreate,
        })
        await expect(refused).rejects.toMatchObject({
          code: 'TABLE_NOT_OURS',
          recovery: 'fix-config',
          message: expect.stringContaining('shop.items'),
        })
      }
    }
    expect(await database.query('SELECT * FROM shop.items')).toEqual(before)
    expect(await destination.datasets()).toEqual([])
  })

  it('indexes and grants on our tables stay through loads, replacements and wider columns [postgres.indexes]', async () => {
    const plan = { primaryKey: ['id'], disposition: 'merge' } as const
    await load(destination, { ...plan, id: 1, tables: [items], records: [{ id: 1 }] })
    await database.query('CREATE UNIQUE INDEX mine ON shop.items (id); GRANT SELECT ON shop.items TO PUBLIC')
    const wider = [schemaOf('items', { id: 'text', name: 'text' })]
    await load(destination, { ...plan, id: 2, tables: wider, records: [{ id: '1', name: 'a' }] })
    await load(destination, { ...plan, id: 3, tables: wider, records: [{ id: '1', name: 'b' }], disposition: 'replace' })
    expect(await rowsOf(destination, 'items')).toMatchObject([{ id: '1', name: 'b' }])
    expect(await database.query(`SELECT indexname FROM pg_indexes WHERE schemaname = 'shop'`)).toEqual([{ indexname: 'mine' }])
    const [grant] = await database.query(`SELECT has_table_privilege('pg_monitor', 'shop.items', 'SELECT') AS allowed`)
    expect(grant).toEqual({ allowed: true })
  })

  it('a dataset whose schema was dropped starts afresh [state.dropped.postgres]', async () => {
    await load(destination, { id: 1, tables: [items], records: [{ id: 1 }] })
    await database.query('DROP SCHEMA shop CASCADE')
    const dataset = await destination.open('shop')
    expect(await dataset.read()).toEqual({ state: { resources: {}, tables: {} }, loads: [] })
    await dataset.close()
    await load(destination, { id: 1, tables: [items], records: [{ id: 2 }] })
    expect(await rowsOf(destination, 'items')).toMatchObject([{ id: 2 }])
  })
})
