import { batchOf, planOf, schemaOf, stateOf } from '@tributary/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { postgres } from './destination.ts'
import { load, rowsOf } from './testing/load.ts'
import { type TestDatabase, testServer } from './testing/server.ts'

const server = await testServer()

describe.skipIf(server.missing !== undefined)('values', () => {
  let database: TestDatabase
  let destination: ReturnType<typeof postgres>
  beforeEach(async () => {
    database = await server.database()
    destination = postgres({ url: database.url })
  })
  afterEach(() => database.drop())

  it('have the types that users of PostgreSQL expect [postgres.types]', async () => {
    const decimal = { type: 'decimal', precision: 12, scale: 2 } as const
    const columns = {
      text: 'text',
      bigint: 'bigint',
      double: 'double',
      bool: 'bool',
      timestamp: 'timestamp',
      date: 'date',
      time: 'time',
      decimal,
      json: 'json',
      uuid: 'uuid',
      binary: 'binary',
    } as const
    await load(destination, { id: 1, tables: [schemaOf('typed', columns)] })
    const found = await database.query(
      `SELECT column_name AS name, data_type AS type, numeric_precision AS precision, numeric_scale AS scale
       FROM information_schema.columns WHERE table_name = 'typed' ORDER BY ordinal_position`,
    )
    expect(
      found.map(({ name, type, precision, scale }) => [name, type === 'numeric' ? `numeric(${precision},${scale})` : type]),
    ).toEqual([
      ['text', 'text'],
      ['bigint', 'bigint'],
      ['double', 'double precision'],
      ['bool', 'boolean'],
      ['timestamp', 'timestamp with time zone'],
      ['date', 'date'],
      ['time', 'time without time zone'],
      ['decimal', 'numeric(12,2)'],
      ['json', 'jsonb'],
      ['uuid', 'uuid'],
      ['binary', 'bytea'],
      ['_sync_id', 'text'],
      ['_sync_load_id', 'bigint'],
    ])
  })

  it('are described by comments on their columns, which change with the schema [types.comments]', async () => {
    const described = (description: string): ReturnType<typeof schemaOf> =>
      schemaOf('items', { id: { type: 'bigint', description }, name: 'text' })
    const comments = async (): Promise<unknown[]> => {
      const rows = await database.query(
        `SELECT col_description('shop.items'::regclass, 1) AS id, col_description('shop.items'::regclass, 2) AS name`,
      )
      return Object.values(rows[0]!)
    }
    await load(destination, { id: 1, tables: [described('The item\'s \\ "number"\0;\n-- 東京')] })
    expect(await comments()).toEqual(['The item\'s \\ "number"␀;\n-- 東京', null])
    await load(destination, { id: 2, tables: [described('Another')] })
    expect(await comments()).toEqual(['Another', null])
  })

  it('of columns whose names PostgreSQL has taken lie beside them, and are read under their own [postgres.taken-names]', async () => {
    const names = ['ctid', 'xmin', '_xmin', 'xmax', 'cmin', 'cmax', 'tableoid', 'oid']
    const tables = [schemaOf('boxes', { id: 'bigint', ...Object.fromEntries(names.map((name) => [name, 'text' as const])) })]
    const record = { id: 1, ...Object.fromEntries(names.map((name) => [name, `of ${name}`])) }
    const plan = { tables, records: [record], primaryKey: ['id'], disposition: 'merge' } as const
    await load(destination, { ...plan, id: 1 })
    const { tables: changes } = await load(destination, { ...plan, id: 2, skipUnchanged: true })
    expect(changes.boxes).toMatchObject({ unchanged: 1 })
    expect(await rowsOf(destination, 'boxes')).toEqual([{ ...record, _sync_id: '1', _sync_load_id: 1 }])
    expect(await database.query('SELECT "_xmin", "__xmin" FROM shop.boxes')).toEqual([{ _xmin: 'of xmin', __xmin: 'of _xmin' }])
  })

  it('that PostgreSQL cannot hold have another in their place, and a warning counts them [postgres.unstorable]', async () => {
    const tables = [schemaOf('odd', { id: 'text', text: 'text', json: 'json' })]
    const deep = '['.repeat(7000) + ']'.repeat(7000)
    const records = [
      { id: 'a\0', text: 'x\0y', json: '{"k\\u0000":"\\ud800"}' },
      { id: 'b', text: 'plain', json: '[1e999]' },
      { id: 'c', text: '\0', json: '[1e999999]' },
      { id: 'd', text: 'fine', json: deep },
      // Deep, but not too deep.
      { id: 'e', text: 'fine', json: deep.slice(1000, -1000) },
    ]
    const { warnings } = await load(destination, { id: 1, tables, records, primaryKey: ['id'], disposition: 'merge' })
    const rows = await rowsOf(destination, 'odd')
    expect(rows.map(({ id, text }) => [id, text])).toEqual([
      ['a␀', 'x␀y'],
      ['b', 'plain'],
      ['c', '␀'],
      ['d', 'fine'],
      ['e', 'fine'],
    ])
    const [first, second, third, fourth] = rows.slice(0, 4).map(({ json }) => JSON.parse(String(json)))
    expect(first).toEqual({ 'k␀': '\ufffd' })
    expect(String(rows[1]!.json)).toMatch(/^\[10{999}\]$/)
    expect(second).toEqual([Number.POSITIVE_INFINITY])
    expect(third).toBe('[1e999999]')
    expect(fourth).toBe(deep)
    expect(rows[4]!.json).toBe(deep.slice(1000, -1000))
    expect([...warnings!].sort()).toEqual([
      expect.stringMatching(/^odd, in the row's id: 1 value held U\+0000/),
      expect.stringMatching(/^odd\.id: 1 value held U\+0000, which PostgreSQL cannot keep: ␀ \(U\+2400\)/),
      expect.stringMatching(/^odd\.json: 1 value held U\+0000/),
      expect.stringMatching(/^odd\.json: 1 value held half of a surrogate pair/),
      expect.stringMatching(/^odd\.json: 2 values were JSON that jsonb cannot hold/),
      expect.stringMatching(/^odd\.text: 2 values held U\+0000/),
    ])
  })

  it('of decimals keep every digit [postgres.decimals]', async () => {
    const wholes = ['0', '7', '123', '1234', '12345', '10000', '100000000', '12345678901234567890', '99990000']
    const fractions = ['', '0', '5', '0001', '00001', '123456789', '100000000', '000000009', '99995']
    const amounts = wholes
      .flatMap((whole) => fractions.map((fraction) => (fraction === '' ? whole : `${whole}.${fraction}`)))
      .flatMap((text) => [text, `-${text}`])
    const amount = { type: 'decimal', precision: 38, scale: 9 } as const
    const records = amounts.map((text, id) => ({ id, amount: text }))
    await load(destination, { id: 1, tables: [schemaOf('sums', { id: 'bigint', amount })], records })
    const stored = await database.query('SELECT amount::text AS amount FROM shop.sums ORDER BY id')
    const padded = (text: string): string => {
      const [whole = '', fraction = ''] = text.split('.')
      return `${/^-0\.?0*$/.test(text) ? '0' : whole}.${fraction.padEnd(9, '0')}`
    }
    expect(stored.map(({ amount: found }) => found)).toEqual(amounts.map(padded))
  })

  it('from before its calendar are -infinity, and a warning counts them [postgres.early]', async () => {
    const table = schemaOf('times', { id: 'bigint', at: 'timestamp', day: 'date' })
    const dataset = await destination.open('shop')
    const batch = batchOf(table, [{ id: 1, at: '1970-01-01T00:00:00Z', day: '1970-01-01' }])
    for (const column of batch.columns) {
      if (column.kind === 'int64' && column !== batch.columns[0]) column.values[0] = -(2n ** 63n)
      if (column.kind === 'int32') column.values[0] = 2 ** 31 - 1
    }
    const session = await dataset.begin(planOf({ table: 'times' }))
    await session.write(batch)
    const { warnings } = await session.commit(stateOf([table]))
    await dataset.close()
    expect(await rowsOf(destination, 'times')).toMatchObject([{ at: '-infinity', day: 'infinity' }])
    expect(warnings).toEqual([expect.stringContaining('4713 BC'), expect.stringContaining('5874897')])
  })

  it('are compared by code point in dedup_sort, whatever the collation of the database [dispositions.dedup-sort.text]', async () => {
    await database.query(`CREATE COLLATION public.people (provider = icu, locale = 'en-US')`)
    // People, and most databases, sort a before B; code points do not. An emoji is beyond U+FFFD by code point, and not by UTF-16.
    const [small] = await database.query(`SELECT 'a' < 'B' COLLATE public.people AS smaller`)
    expect(small).toEqual({ smaller: true })
    await load(destination, { id: 1, tables: [schemaOf('items', { id: 'bigint', version: 'text' })] })
    await database.query('ALTER TABLE shop.items ALTER COLUMN version TYPE text COLLATE public.people')
    const plan = {
      tables: [schemaOf('items', { id: 'bigint', version: 'text' })],
      primaryKey: ['id'],
      disposition: 'merge',
    } as const
    const dedupSort = { column: 'version', order: 'desc' } as const
    const first = [
      { id: 1, version: 'a' },
      { id: 2, version: '\u{1f600}' },
    ]
    const second = [
      { id: 1, version: 'B' },
      { id: 2, version: '\ufffd' },
    ]
    await load(destination, { ...plan, id: 2, dedupSort, records: first })
    await load(destination, { ...plan, id: 3, dedupSort, records: second })
    expect((await rowsOf(destination, 'items')).map(({ version }) => version)).toEqual(['a', '\u{1f600}'])
  })
})
