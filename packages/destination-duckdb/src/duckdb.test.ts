import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { LoadPlan, LoadResult, Reject, TableSchema } from '@tributary/core'
import { batchesOf, planOf, type RecordValues, schemaOf, stateOf } from '@tributary/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { duckdb } from './destination.ts'
import { queryDuckDB } from './query.ts'

const tickets = schemaOf('tickets', { id: 'bigint', title: 'text' })
const tags = schemaOf('tags', { value: 'text' }, { parent: tickets })
const keyed = { disposition: 'merge', primaryKey: ['id'] } as const

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-duckdb-'))
  path = join(folder, 'test.duckdb')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

interface Load {
  readonly id: number
  readonly tables: readonly TableSchema[]
  readonly records?: readonly RecordValues[]
  readonly rejects?: readonly Reject[]
  readonly plan?: Partial<LoadPlan>
}

async function load({ id, tables, records = [], rejects = [], plan }: Load, memoryLimit?: string): Promise<LoadResult> {
  const dataset = await duckdb({ path, ...(memoryLimit !== undefined && { memoryLimit }) }).open('shop')
  try {
    const whole = planOf({ table: tables[0]!.name, id, ...plan })
    const session = await dataset.begin(whole)
    const came = whole.strategy === 'upsert' || whole.strategy === 'mirror'
    for (const batch of batchesOf(tables, records, { loadId: id, primaryKey: whole.primaryKey, came })) await session.write(batch)
    if (rejects.length > 0) await session.reject(rejects)
    return await session.commit(stateOf(tables))
  } finally {
    await dataset.close()
  }
}

const query = async (sql: string): Promise<readonly (readonly unknown[])[]> => (await queryDuckDB(path, sql)).rows

/** By hand, as somebody else. */
async function run(...statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  for (const statement of statements) await connection.run(statement)
  connection.closeSync()
  instance.closeSync()
}

const columnsOf = async (table: string): Promise<unknown> =>
  query(`SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '${table}' ORDER BY ordinal_position`)

const reject = (loadId: number, sequence: number): Reject => ({
  loadId,
  resource: 'tickets',
  sequence,
  table: 'tickets',
  reason: 'columns',
  kind: 'record',
  message: 'extra is new',
  record: { id: sequence, extra: true },
})

describe('the tables of a dataset', () => {
  it('have their own types, in their own schema, and no index [duckdb.layout]', async () => {
    const all = schemaOf('all', {
      text: 'text',
      bigint: 'bigint',
      double: 'double',
      bool: 'bool',
      timestamp: 'timestamp',
      date: 'date',
      time: 'time',
      decimal: { type: 'decimal', precision: 12, scale: 3 },
      json: 'json',
      uuid: 'uuid',
      binary: 'binary',
    })
    await load({ id: 1, tables: [all], plan: { table: 'all' } })
    expect(await columnsOf('all')).toEqual([
      ['text', 'VARCHAR'],
      ['bigint', 'BIGINT'],
      ['double', 'DOUBLE'],
      ['bool', 'BOOLEAN'],
      ['timestamp', 'TIMESTAMP WITH TIME ZONE'],
      ['date', 'DATE'],
      ['time', 'TIME'],
      ['decimal', 'DECIMAL(12,3)'],
      ['json', 'JSON'],
      ['uuid', 'UUID'],
      ['binary', 'BLOB'],
      ['_sync_id', 'VARCHAR'],
      ['_sync_load_id', 'BIGINT'],
    ])
    expect(await query('SELECT table_schema FROM information_schema.tables GROUP BY ALL')).toEqual([['shop']])
    expect(await query('SELECT count(*) FROM duckdb_indexes()')).toEqual([[0]])
  })

  it('tell their versions by three columns [duckdb.layout.versions]', async () => {
    const versions: TableSchema = { ...tickets, versioned: true }
    await load({ id: 1, tables: [versions], records: [{ id: 1 }], plan: { ...keyed, strategy: 'scd2' } })
    expect(await columnsOf('tickets')).toEqual([
      ['id', 'BIGINT'],
      ['title', 'VARCHAR'],
      ['_sync_id', 'VARCHAR'],
      ['_sync_load_id', 'BIGINT'],
      ['_sync_row_hash', 'VARCHAR'],
      ['_sync_valid_from', 'TIMESTAMP WITH TIME ZONE'],
      ['_sync_valid_to', 'TIMESTAMP WITH TIME ZONE'],
    ])
  })

  it('say what their columns mean, also once they were altered [types.comments]', async () => {
    const described = (description: string, type: 'bigint' | 'double'): TableSchema =>
      schemaOf('tickets', { id: { type, description } })
    const comments = (): Promise<unknown> =>
      query(`SELECT comment FROM duckdb_columns() WHERE table_name = 'tickets' AND column_name = 'id'`)
    await load({ id: 1, tables: [described("the ticket's number; --", 'bigint')] })
    expect(await comments()).toEqual([["the ticket's number; --"]])
    await load({ id: 2, tables: [described("the ticket's number; --", 'double')] })
    expect(await comments()).toEqual([["the ticket's number; --"]])
    await load({ id: 3, tables: [described('its number', 'double')] })
    expect(await comments()).toEqual([['its number']])
  })

  it('of others are never touched, and a name of theirs is not taken [settled.foreign.duckdb]', async () => {
    await run('CREATE SCHEMA shop', 'CREATE TABLE shop.tickets (mine INTEGER)', 'INSERT INTO shop.tickets VALUES (1)')
    await expect(load({ id: 1, tables: [tickets] })).rejects.toMatchObject({ code: 'TABLE_NOT_OURS' })
    expect(await query('SELECT * FROM shop.tickets')).toEqual([[1]])
    expect(await query('SELECT table_name FROM information_schema.tables')).toEqual([['tickets']])
    const other = { ...tickets, name: 'other_tickets' }
    await load({
      id: 1,
      tables: [other],
      plan: { table: other.name, resource: 'tickets', disposition: 'replace', recreate: true },
    })
    expect(await query('SELECT * FROM shop.tickets')).toEqual([[1]])
  })

  it('keep the lists of rows in an upsert whose records have all but those [dispositions.upsert.lists]', async () => {
    const plan = { ...keyed, strategy: 'upsert' } as const
    await load({ id: 1, tables: [tickets, tags], records: [{ id: 1, title: 'a', tags: [{ value: 'x' }] }], plan })
    const { tables } = await load({ id: 2, tables: [tickets, tags], records: [{ id: 1, title: 'b' }], plan })
    expect(tables.tickets__tags).toEqual({ inserted: 0, updated: 0, deleted: 0, unchanged: 1 })
    expect(await query('SELECT title, value FROM shop.tickets, shop.tickets__tags')).toEqual([['b', 'x']])
  })

  it('take many staged rows with little memory [duckdb.memory]', async () => {
    const rows = 40_000
    const records = Array.from({ length: rows }, (_, id) => ({ id, title: `${id} `.repeat(150), tags: [{ value: `${id}` }] }))
    await load({ id: 1, tables: [tickets, tags], records, plan: keyed }, '64MB')
    const changed = records.map((record) => ({ ...record, tags: [{ value: 'new' }] }))
    const { tables } = await load(
      { id: 2, tables: [tickets, tags], records: changed, plan: { ...keyed, strategy: 'upsert' } },
      '64MB',
    )
    expect(tables.tickets).toEqual({ inserted: 0, updated: rows, deleted: 0, unchanged: 0 })
    expect(await query('SELECT count(*), count(DISTINCT id), sum(length(title)) FROM shop.tickets')).toEqual([
      [rows, rows, expect.anything()],
    ])
    expect(await query("SELECT count(*) FROM shop.tickets__tags WHERE value = 'new'")).toEqual([[rows]])
  })
})

describe('what a dataset keeps about itself', () => {
  it('is in four tables, of which that of rejects comes with the first of them [duckdb.system-tables]', async () => {
    const systemTables = (): Promise<unknown> =>
      query(`SELECT table_name FROM information_schema.tables WHERE table_name LIKE '\\_sync%' ESCAPE '\\' ORDER BY 1`)
    await load({ id: 1, tables: [tickets], records: [{ id: 1 }] })
    expect(await systemTables()).toEqual([['_sync_loads'], ['_sync_schema'], ['_sync_state']])
    await load({ id: 2, tables: [tickets], records: [{ id: 2 }], rejects: [reject(2, 7)] })
    expect(await systemTables()).toEqual([['_sync_loads'], ['_sync_rejects'], ['_sync_schema'], ['_sync_state']])
    expect(await query('SELECT load_id, resource, schema_version, status FROM shop._sync_loads ORDER BY 1')).toEqual([
      [1, 'tickets', 1, 'committed'],
      [2, 'tickets', 1, 'committed'],
    ])
  })

  it('has rejects that SQL can read [duckdb.rejects]', async () => {
    await load({ id: 1, tables: [tickets], rejects: [reject(1, 3), { ...reject(1, 4), key: '4', column: 'extra' }] })
    const { columns, rows } = await queryDuckDB(path, 'FROM shop._sync_rejects ORDER BY sequence')
    expect(columns.map(({ name }) => name)).toEqual([
      'load_id',
      'resource',
      'sequence',
      'record_key',
      'table_name',
      'column_name',
      'reason',
      'kind',
      'message',
      'record',
    ])
    const record = (id: number): string => JSON.stringify({ id, extra: true })
    expect(rows).toEqual([
      [1, 'tickets', 3, null, 'tickets', null, 'columns', 'record', 'extra is new', record(3)],
      [1, 'tickets', 4, '4', 'tickets', 'extra', 'columns', 'record', 'extra is new', record(4)],
    ])
    expect(await query("SELECT record::JSON ->> '$.id' FROM shop._sync_rejects ORDER BY 1")).toEqual([['3'], ['4']])
  })

  it('may come from before there were rejects [duckdb.earlier]', async () => {
    await load({ id: 1, tables: [tickets], records: [{ id: 1 }] })
    const dataset = await duckdb({ path }).open('shop')
    try {
      expect((await dataset.read()).loads).toHaveLength(1)
      for await (const found of dataset.rejects('tickets')) expect.unreachable(JSON.stringify(found))
    } finally {
      await dataset.close()
    }
    await load({ id: 2, tables: [tickets], plan: { disposition: 'replace' } })
    await load({ id: 3, tables: [tickets], plan: { replays: 1 } })
    await load({ id: 4, tables: [tickets], rejects: [reject(4, 1)] })
    expect(await query('SELECT load_id FROM shop._sync_rejects')).toEqual([[4]])
  })
})
