import { createHash } from 'node:crypto'
import type { ColumnType } from '@tributary/core'
import { batchesOf, planOf, schemaOf, stateOf } from '@tributary/testkit'
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
    const repeats = [
      { id: 1, c700: 'M' },
      { id: 1, c1499: 'Z' },
    ]
    await load(destination, { ...plan, id: 3, records: repeats, strategy: 'upsert', came: true })
    expect(await rowsOf(destination, 'wide')).toMatchObject([{ id: 1, c0: 'A', c700: 'M', c1499: 'Z', _sync_load_id: 3 }])
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

  const numbers = (from: number, to: number): Record<string, number> =>
    Object.fromEntries(Array.from({ length: to - from }, (_, index) => [`c${from + index}`, index / 7]))

  const ADVICE = /1600 columns.*8 kB.*maxTableNesting.*json.*processingSteps.*another destination/

  it('columns past 1600, dropped ones among them, of a table that is there are an error that names it and says what to do, and nothing changes [postgres.too-wide.advice]', async () => {
    const records = [{ id: 1, c0: 1 }]
    await load(destination, { id: 1, tables: [wide(900, 'double')], records })
    const others = Array.from({ length: 650 }, (_, index) => `mine${index}`)
    await database.query(`ALTER TABLE shop.wide ${others.map((name) => `ADD ${name} int`).join(', ')}`)
    await database.query(`ALTER TABLE shop.wide ${others.map((name) => `DROP ${name}`).join(', ')}`)
    const failed = load(destination, { id: 2, tables: [wide(1000, 'double')], records: [{ id: 2, c999: 1 }] })
    await expect(failed).rejects.toMatchObject({
      code: 'TABLE_TOO_WIDE',
      recovery: 'fix-config',
      message: expect.stringMatching(/changing the table shop\.wide failed: tables can have at most 1600 columns/),
    })
    await expect(failed).rejects.toThrow(ADVICE)
    expect(await rowsOf(destination, 'wide')).toMatchObject(records)
  })

  const upsert = { disposition: 'merge', strategy: 'upsert', primaryKey: ['id'], came: true } as const

  it.each([
    ['by what is stored', [numbers(800, 1500)]],
    ['by what the same load has of its key', [numbers(0, 800), numbers(800, 1500)]],
  ])(
    'a row that grows past 8 kB %s is an error that names the table and says what to do, and nothing changes [postgres.too-wide.advice]',
    async (_by, values) => {
      const tables = [wide(1500, 'double')]
      await load(destination, { ...upsert, id: 1, tables, records: [{ id: 1, ...numbers(0, 800) }] })
      const failed = load(destination, { ...upsert, id: 2, tables, records: values.map((some) => ({ id: 1, ...some })) })
      await expect(failed).rejects.toMatchObject({ code: 'TABLE_TOO_WIDE', recovery: 'fix-config' })
      await expect(failed).rejects.toThrow(/committing load 2 failed: row is too big: [^.]*, in the table wide\./)
      await expect(failed).rejects.toThrow(ADVICE)
      expect(await rowsOf(destination, 'wide')).toMatchObject([{ id: 1, c799: expect.any(Number), _sync_load_id: 1 }])
    },
  )

  it('columns past 1600 that came to a table after its rows are an error that names it [postgres.too-wide.advice]', async () => {
    const dataset = await destination.open('shop')
    try {
      const session = await dataset.begin(planOf({ table: 'wide' }))
      for (const batch of batchesOf([wide(3, 'double')], [{ id: 1 }])) await session.write(batch)
      const failed = session.commit(stateOf([wide(1700, 'double')]))
      await expect(failed).rejects.toMatchObject({ code: 'TABLE_TOO_WIDE', recovery: 'fix-config' })
      await expect(failed).rejects.toThrow(/committing load 1 failed: tables can have at most 1600 columns, in the table wide\./)
      await expect(failed).rejects.toThrow(ADVICE)
    } finally {
      await dataset.close()
    }
    expect(await destination.datasets()).toEqual([])
  })

  it('a value that is too long for an index of somebody else is an error of its own [postgres.index-value]', async () => {
    const tables = [schemaOf('notes', { id: 'bigint', text: 'text' })]
    await load(destination, { id: 1, tables, records: [{ id: 1, text: 'short' }] })
    await database.query('CREATE INDEX ON shop.notes (text)')
    // Such as compresses to little less.
    const text = Array.from({ length: 500 }, (_, index) => createHash('sha256').update(`${index}`).digest('base64')).join('')
    await expect(load(destination, { id: 2, tables, records: [{ id: 2, text }] })).rejects.toMatchObject({
      code: 'INDEX_VALUE_TOO_LONG',
      recovery: 'fix-config',
      message: expect.stringMatching(/index row .*Drop it/),
    })
    expect(await rowsOf(destination, 'notes')).toHaveLength(1)
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
