import type { ColumnType } from '@tributary/core'
import { schemaOf } from '@tributary/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { postgres } from './destination.ts'
import { load, rowsOf } from './testing/load.ts'
import { type TestDatabase, testServer } from './testing/server.ts'

const server = await testServer()

const wide = (number: number, type: ColumnType): ReturnType<typeof schemaOf> =>
  schemaOf('wide', { id: 'bigint', ...Object.fromEntries(Array.from({ length: number }, (_, index) => [`c${index}`, type])) })

describe.skipIf(server.missing !== undefined)('limits of PostgreSQL', () => {
  let database: TestDatabase
  let destination: ReturnType<typeof postgres>
  beforeEach(async () => {
    database = await server.database()
    destination = postgres({ url: database.url })
  })
  afterEach(() => database.drop())

  it('1500 columns are loaded and merged [postgres.wide]', async () => {
    const tables = [wide(1500, 'text')]
    const plan = { tables, primaryKey: ['id'], disposition: 'merge' } as const
    await load(destination, { ...plan, id: 1, records: [{ id: 1, c0: 'a', c1499: 'z' }] })
    await load(destination, { ...plan, id: 2, records: [{ id: 1, c0: 'A' }], strategy: 'upsert' })
    expect(await rowsOf(destination, 'wide')).toMatchObject([{ id: 1, c0: 'A', _sync_load_id: 2 }])
  })

  it.each([
    ['more than 1600 columns', 1700, {}],
    // The server only sees this in the last of the rows that it gets.
    ['a row of more than 8 kB', 1300, Object.fromEntries(Array.from({ length: 1300 }, (_, index) => [`c${index}`, index / 7]))],
  ])('%s is an error that says so, and leaves nothing behind [postgres.too-wide]', async (_what, number, values) => {
    const records = [{ id: 1 }, { id: 2, ...values }]
    const failed = load(destination, { id: 1, tables: [wide(number, 'double')], records })
    await expect(failed).rejects.toMatchObject({
      code: 'TABLE_TOO_WIDE',
      recovery: 'fix-config',
      message: expect.stringContaining('wide'),
    })
    expect(await destination.datasets()).toEqual([])
    await load(destination, { id: 2, tables: [wide(3, 'double')], records: [{ id: 1 }] })
    expect(await rowsOf(destination, 'wide')).toHaveLength(1)
  })

  it.each([
    ['n'.repeat(64), 'DATASET_NAME_INVALID'],
    ['', 'DATASET_NAME_INVALID'],
    ['pg_shop', 'DATASET_NAME_RESERVED'],
    ['information_schema', 'DATASET_NAME_RESERVED'],
  ])('a dataset cannot be called %j [postgres.dataset-names]', async (dataset, code) => {
    await expect(destination.open(dataset)).rejects.toMatchObject({ code, recovery: 'fix-config' })
  })
})
