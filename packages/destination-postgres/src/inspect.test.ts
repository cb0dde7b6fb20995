import { schemaOf } from '@tributary/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { postgres } from './destination.ts'
import { DATASET, load } from './testing/load.ts'
import { type TestDatabase, testServer } from './testing/server.ts'

const server = await testServer()
const items = schemaOf('items', { id: 'bigint', name: 'text' })

describe.skipIf(server.missing !== undefined)('a reader', () => {
  let database: TestDatabase
  let destination: ReturnType<typeof postgres>
  beforeEach(async () => {
    database = await server.database()
    destination = postgres({ url: database.url })
  })
  afterEach(() => database.drop())

  it('sees the dataset as it was when it came, also while others commit, and several tables at once [postgres.inspect.snapshot]', async () => {
    const many = Array.from({ length: 7000 }, (_, id) => ({ id, name: `item ${id}` }))
    await load(destination, { id: 1, tables: [items], records: many })
    const reader = await destination.inspect(DATASET)
    let pairs = 0
    const others = reader.rows('items')[Symbol.asyncIterator]()
    for await (const row of reader.rows('items')) {
      if (pairs++ === 10) await load(destination, { id: 2, tables: [items], disposition: 'replace' })
      const other = await others.next()
      expect(other.value).toEqual(row)
    }
    expect(pairs).toBe(7000)
    expect((await reader.read()).loads).toHaveLength(1)
    await reader.close()
  })

  it('fetches long rows a few at a time, and may stop before the last [postgres.inspect.stream]', async () => {
    const records = Array.from({ length: 12 }, (_, id) => ({ id, name: String(id % 10).repeat(3_000_000) }))
    await load(destination, { id: 1, tables: [items], records })
    const reader = await destination.inspect(DATASET)
    let seen = 0
    for await (const { name } of reader.rows('items')) {
      expect(String(name)).toHaveLength(3_000_000)
      if (++seen === 3) break
    }
    await expect(reader.rows('nothing')[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND' })
    expect((await reader.read()).loads).toHaveLength(1)
    await reader.close()
  })

  it('lists datasets that were loaded to, and no other schemas [postgres.datasets]', async () => {
    await database.query('CREATE SCHEMA theirs; CREATE TABLE theirs._sync_loads (id int)')
    expect(await destination.datasets()).toEqual([])
    await load(destination, { id: 1, tables: [items] })
    expect(await destination.datasets()).toEqual([DATASET])
  })
})
