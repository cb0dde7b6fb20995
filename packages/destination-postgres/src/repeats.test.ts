import { type RecordValues, schemaOf } from '@tributary/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { postgres } from './destination.ts'
import { load, rowsOf } from './testing/load.ts'
import { type TestDatabase, testServer } from './testing/server.ts'

const server = await testServer()

/** More than there are bits in a few bytes. */
const FIELDS = 40
const items = schemaOf('items', {
  id: 'bigint',
  gone: 'bool',
  ...Object.fromEntries(
    Array.from({ length: FIELDS }, (_, index) => [`c${index}`, (['text', 'json', 'bool', 'binary'] as const)[index % 4]!]),
  ),
})
const tags = schemaOf('tags', { value: 'text' }, { parent: items })
const notes = schemaOf('notes', { value: 'text' }, { parent: items })
const tables = [items, tags, notes]
const upsert = { tables, disposition: 'merge', strategy: 'upsert', primaryKey: ['id'], came: true } as const

/** Of no type has the database an order, but of text. */
const sample = (field: number, row: number): unknown =>
  row % 5 === 0 ? null : [`text ${row}`, JSON.stringify({ row }), row % 2 === 0, new Uint8Array([row & 255, field])][field % 4]

/** Each has some two fields and seldom a list: a key is together only after many of them. */
const recordOf = (row: number, keys: number): RecordValues => {
  const fields = Array.from({ length: FIELDS }, (_, index) => index).filter((index) => (row * 31 + index * 17) % 23 === 0)
  return {
    id: row % keys,
    ...Object.fromEntries(fields.map((index) => [`c${index}`, sample(index, row)])),
    ...(row % 37 === 0 && { tags: [{ value: `tag of ${row}` }, { value: 'same' }] }),
    ...(row % 101 === 0 && { notes: row % 2 === 0 ? [] : [{ value: `note of ${row}` }] }),
  }
}

describe.skipIf(server.missing !== undefined)('rows of one key in one load', () => {
  let database: TestDatabase
  let destination: ReturnType<typeof postgres>
  beforeEach(async () => {
    database = await server.database()
    destination = postgres({ url: database.url })
  })
  afterEach(() => database.drop())

  /** But for the load that they are of. */
  const stored = async (): Promise<unknown[]> =>
    (await Promise.all(tables.map(({ name }) => rowsOf(destination, name)))).map((rows) =>
      rows.map(({ _sync_load_id, ...row }) => row),
    )

  it.each([
    ['3000 of 7 keys, which have all their fields together', 3000, 7],
    ['60 of 7 keys, which leave some to what is stored', 60, 7],
    ['3000 of 1400 keys', 3000, 1400],
  ])('%s are as those that are put together before [postgres.repeats]', async (_what, number, keys) => {
    const before = Array.from({ length: keys }, (_, id) => ({
      ...recordOf(id * 23 * 37 * 101, 1),
      id,
      c1: '"before"',
      tags: [{ value: 'before' }],
    }))
    const records = Array.from({ length: number }, (_, row) => recordOf(row, keys))
    const together = new Map<unknown, RecordValues>()
    for (const record of records) together.set(record.id, { ...together.get(record.id), ...record })
    const results = []
    const rows = []
    for (const those of [records, [...together.values()]]) {
      await load(destination, { ...upsert, id: 1, records: before })
      results.push(await load(destination, { ...upsert, id: 2, records: those }))
      rows.push(await stored())
      await database.query('DROP SCHEMA shop CASCADE')
    }
    expect(rows[0]).toEqual(rows[1])
    expect(results[0]).toEqual(results[1])
    expect(results[0]?.tables.items).toMatchObject({ inserted: 0, deleted: 0, updated: expect.any(Number) })
  })
})
