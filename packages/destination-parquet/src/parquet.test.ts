import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { LoadPlan, LoadResult, TableSchema } from '@tributary/core'
import { batchesOf, planOf, type RecordValues, schemaOf, stateOf } from '@tributary/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ParquetOptions, parquet } from './destination.ts'

const tickets = schemaOf('tickets', { id: 'bigint', title: 'text' })
const tags = schemaOf('tags', { value: 'text' }, { parent: tickets })
const keyed = { disposition: 'merge', primaryKey: ['id'] } as const

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-parquet-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the files of a dataset', () => {
  it('are one for each load and table, and those of rows that went are gone [parquet.layout] [parquet.exact]', async () => {
    await load(1, [tickets, tags], [{ id: 1, title: 'a', tags: [{ value: 'x' }] }])
    await load(2, [tickets, tags], [{ id: 2, title: 'b', tags: [{ value: 'y' }] }])
    expect(names('tickets')).toEqual(['1.parquet', '2.parquet'])
    expect(names('tickets__tags')).toEqual(['1.parquet', '2.parquet'])
    await load(3, [tickets, tags], [{ id: 3, title: 'c' }], { disposition: 'replace' })
    expect(names('tickets')).toEqual(['3.parquet'])
    expect(names('.')).toEqual(['_sync_manifest.json', 'tickets', 'tickets__tags'])
  })

  it('stay as they are where a merge changes none of their rows [parquet.untouched]', async () => {
    await load(1, [tickets, tags], [record(1), record(2)], keyed)
    await load(2, [tickets, tags], [record(3), record(4)], keyed)
    const before = [await identity('tickets', 1), await identity('tickets__tags', 1)]
    await load(3, [tickets, tags], [{ ...record(4), title: 'new' }, record(5)], keyed)
    expect(names('tickets')).toEqual(['1.parquet', '3.parquet'])
    expect(names('tickets__tags')).toEqual(['1.parquet', '3.parquet'])
    expect([await identity('tickets', 1), await identity('tickets__tags', 1)]).toEqual(before)
    expect(await read('tickets', 'id, title, _sync_load_id')).toEqual([
      [1n, 'ticket 1', 1n],
      [2n, 'ticket 2', 1n],
      [3n, 'ticket 3', 2n],
      [4n, 'new', 3n],
      [5n, 'ticket 5', 3n],
    ])
    expect(await read('tickets__tags', 'value')).toEqual([1, 2, 3, 4, 5].map((id) => [`tag of ${id}`]))
  })

  it('stay as they are where a merge finds its rows unchanged [parquet.untouched]', async () => {
    await load(1, [tickets, tags], [record(1), record(2)], keyed)
    const before = await identity('tickets', 1)
    const { tables } = await load(2, [tickets, tags], [record(2)], { ...keyed, skipUnchanged: true })
    expect(tables.tickets).toEqual({ inserted: 0, updated: 0, deleted: 0, unchanged: 1 })
    expect(names('tickets')).toEqual(['1.parquet'])
    expect(await identity('tickets', 1)).toEqual(before)
  })

  it('keep the lists of rows in an upsert whose records have all but those [dispositions.upsert.lists]', async () => {
    const plan = { ...keyed, strategy: 'upsert' } as const
    await load(1, [tickets, tags], [record(1)], plan)
    const { tables } = await load(2, [tickets, tags], [{ id: 1, title: 'new' }], plan)
    expect(tables.tickets__tags).toEqual({ inserted: 0, updated: 0, deleted: 0, unchanged: 1 })
    expect(await read('tickets', 'title')).toEqual([['new']])
    expect(await read('tickets__tags', 'value')).toEqual([['tag of 1']])
  })

  it('of a child table stay as they are where only versions of the root end [parquet.untouched]', async () => {
    const versions = schemaOf('tickets', { id: 'bigint', title: 'text' }, { versioned: true })
    const plan = { ...keyed, strategy: 'scd2' } as const
    await load(1, [versions, tags], [record(1), record(2)], plan)
    const before = await identity('tickets__tags', 1)
    await load(2, [versions, tags], [{ ...record(1), title: 'new' }], plan)
    await load(3, [versions, tags], [{ ...record(1), title: 'newer' }], plan)
    expect(await identity('tickets__tags', 1)).toEqual(before)
    expect(names('tickets__tags')).toEqual(['1.parquet', '2.parquet', '3.parquet'])
    expect(await read('tickets', 'id, title, _sync_valid_to IS NULL, _sync_load_id')).toEqual([
      [1n, 'new', false, 2n],
      [1n, 'newer', true, 3n],
      [1n, 'ticket 1', false, 1n],
      [2n, 'ticket 2', true, 1n],
    ])
  })

  it('are rewritten when a column comes or widens, so that all of them have the same columns [parquet.one-schema]', async () => {
    await load(1, [tickets], [{ id: 1, title: 'a' }])
    await load(2, [tickets], [{ id: 2, title: 'b' }])
    const wider = schemaOf('tickets', { id: 'text', title: 'text', price: { type: 'decimal', precision: 10, scale: 2 } })
    await load(3, [wider], [{ id: 'x3', title: 'c', price: '1.50' }])
    expect(names('tickets')).toEqual(['3.parquet'])
    expect(await read('tickets', 'id, title, price::VARCHAR, _sync_load_id')).toEqual([
      ['1', 'a', null, 1n],
      ['2', 'b', null, 2n],
      ['x3', 'c', '1.50', 3n],
    ])
    await load(4, [wider], [{ id: 'x4', title: 'd', price: '2' }])
    expect(names('tickets')).toEqual(['3.parquet', '4.parquet'])
  })

  it('are rewritten with a new column in a merge, too [parquet.one-schema]', async () => {
    await load(1, [tickets, tags], [record(1), record(2)], keyed)
    await load(2, [tickets, tags], [record(3)], keyed)
    const wider = schemaOf('tickets', { id: 'bigint', title: 'text', note: 'text' })
    await load(3, [wider, tags], [{ ...record(3), note: 'n' }], keyed)
    expect(names('tickets')).toEqual(['3.parquet'])
    expect(await read('tickets', 'id, note, _sync_load_id')).toEqual([
      [1n, null, 1n],
      [2n, null, 1n],
      [3n, 'n', 3n],
    ])
    expect(names('tickets__tags')).toEqual(['1.parquet', '3.parquet'])
  })

  it('are one without rows while a table has none, so that its columns can be read [parquet.no-rows]', async () => {
    await load(1, [tickets, tags], [], keyed)
    expect(names('tickets')).toEqual(['1.parquet'])
    expect(names('tickets__tags')).toEqual(['1.parquet'])
    expect(await types('tickets')).toMatchObject({ id: 'BIGINT', title: 'VARCHAR', _sync_id: 'VARCHAR', _sync_load_id: 'BIGINT' })
    expect(await read('tickets', 'id')).toEqual([])
    await load(2, [tickets, tags], [{ id: 1, title: 'a' }], keyed)
    expect(names('tickets')).toEqual(['2.parquet'])
    expect(names('tickets__tags')).toEqual(['1.parquet'])
    await load(3, [tickets, tags], [], { disposition: 'replace' })
    expect(names('tickets')).toEqual(['3.parquet'])
    expect(await read('tickets', 'id')).toEqual([])
  })

  it('can be read in part, and then again [parquet.exact]', async () => {
    const records = Array.from({ length: 5000 }, (_, id) => ({ id, title: 'a' }))
    await load(1, [tickets], records)
    await load(2, [tickets], [{ id: 5000, title: 'b' }])
    const reader = await parquet({ path: folder }).inspect('data')
    for await (const row of reader.rows('tickets')) {
      expect(row).toMatchObject({ title: 'a', _sync_load_id: 1 })
      break
    }
    const ids = (await inspect('tickets')).map(({ id }) => Number(id))
    expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: 5001 }, (_, id) => id))
  })

  it('are of their dataset only [parquet.layout]', async () => {
    await load(1, [tickets], [{ id: 1, title: 'a' }], {}, { dataset: 'one' })
    await load(1, [tickets], [{ id: 2, title: 'b' }], {}, { dataset: 'two' })
    expect(names('tickets', 'one')).toEqual(['1.parquet'])
    expect(await read('tickets', 'id', 'one')).toEqual([[1n]])
    expect(await read('tickets', 'id', 'two')).toEqual([[2n]])
  })

  it('that a run left behind which was cut off are gone at the next open, and no others [parquet.leftovers]', async () => {
    await load(1, [tickets], [{ id: 1, title: 'a' }])
    const table = join(folder, 'data', 'tickets')
    await writeFile(join(table, '2.parquet'), 'half a file')
    await writeFile(join(table, 'notes.txt'), 'not ours')
    await mkdir(join(folder, 'data', '_sync_staging', 'spilled'), { recursive: true })
    await writeFile(join(folder, 'data', '_sync_staging', 'spilled', 'duckdb_temp_storage-0.tmp'), 'spilled')
    const dataset = await parquet({ path: folder }).open('data')
    await dataset.close()
    expect(names('tickets')).toEqual(['1.parquet', 'notes.txt'])
    expect(existsSync(join(folder, 'data', '_sync_staging'))).toBe(false)
  })

  it.each([
    { compression: 'zstd', codec: 'ZSTD' },
    { compression: 'snappy', codec: 'SNAPPY' },
    { compression: 'none', codec: 'UNCOMPRESSED' },
  ] as const)('are compressed as asked for: $compression [parquet.compression]', async ({ compression, codec }) => {
    await load(1, [tickets], [{ id: 1, title: 'a' }], {}, { compression })
    expect(await query(`SELECT DISTINCT compression FROM parquet_metadata('${folder}/data/tickets/1.parquet')`)).toEqual([
      [codec],
    ])
  })

  it('are found whatever the folder above them is called [parquet.layout]', async () => {
    const path = join(folder, 'date=2024', 'a[b]*?')
    await load(1, [tickets], [record(1)], keyed, { path })
    await load(2, [tickets], [{ id: 1, title: 'new' }], keyed, { path })
    expect(await inspect('tickets', path)).toEqual([{ id: 1, title: 'new', _sync_id: '1', _sync_load_id: 2 }])
  })
})

describe('tables larger than the memory that is allowed', () => {
  const ROWS = 64_000
  const wide = schemaOf('wide', { id: 'bigint', text: 'text' })
  // Random, so that neither the files nor what is staged become small by being compressed.
  const rows = (from: number): RecordValues[] =>
    Array.from({ length: ROWS }, (_, row) => ({ id: from + row, text: randomBytes(600).toString('base64') }))

  it('are merged into, and written anew with a new column [parquet.bounded]', async () => {
    const options = { memoryLimit: '96MB' }
    await load(1, [wide], rows(0), keyed, options)
    await load(2, [wide], rows(ROWS), keyed, options)
    const { tables } = await load(3, [wide], rows(ROWS / 2), keyed, options)
    expect(tables.wide).toEqual({ inserted: 0, updated: ROWS, deleted: 0, unchanged: 0 })
    expect(names('wide')).toEqual(['3.parquet'])
    const wider = schemaOf('wide', { id: 'bigint', text: 'text', late: 'bool' })
    await load(4, [wider], [{ id: -1, text: '', late: true }], keyed, options)
    expect(await read('wide', 'count(*), count(DISTINCT id), count(late), sum(_sync_load_id)::BIGINT')).toEqual([
      [BigInt(2 * ROWS + 1), BigInt(2 * ROWS + 1), 1n, BigInt((ROWS / 2) * (1 + 2) + ROWS * 3 + 4)],
    ])
  })
})

describe('the columns of a file', () => {
  const values = schemaOf('values', {
    filename: 'text',
    bigint: 'bigint',
    double: 'double',
    bool: 'bool',
    timestamp: 'timestamp',
    date: 'date',
    time: 'time',
    decimal: { type: 'decimal', precision: 10, scale: 2 },
    large: { type: 'decimal', precision: 38, scale: 0 },
    json: 'json',
    uuid: 'uuid',
    binary: 'binary',
  })
  const row = {
    filename: '\ufeff1.parquet',
    bigint: 9_007_199_254_740_993n,
    double: 1.5,
    bool: true,
    timestamp: '2024-01-02T03:04:05.123456Z',
    date: '0001-02-03',
    time: '12:34:56.789',
    decimal: '12.50',
    large: '12345678901234567890123456789012345678',
    json: '{"a":[1]}',
    uuid: '00112233-4455-6677-8899-aabbccddeeff',
    binary: Uint8Array.of(0, 255),
  }

  it('have types that every reader knows [parquet.types]', async () => {
    await load(1, [values], [row])
    expect(await types('values')).toEqual({
      filename: 'VARCHAR',
      bigint: 'BIGINT',
      double: 'DOUBLE',
      bool: 'BOOLEAN',
      timestamp: 'TIMESTAMP WITH TIME ZONE',
      date: 'DATE',
      time: 'VARCHAR',
      decimal: 'DECIMAL(10,2)',
      large: 'DECIMAL(38,0)',
      json: 'JSON',
      uuid: 'VARCHAR',
      binary: 'BLOB',
      _sync_id: 'VARCHAR',
      _sync_load_id: 'BIGINT',
    })
    const physical = await query(
      `SELECT name, type FROM parquet_schema('${folder}/data/values/1.parquet') WHERE name IN ('timestamp', 'json', 'time', 'uuid') ORDER BY name`,
    )
    expect(physical).toEqual([
      ['json', 'BYTE_ARRAY'],
      ['time', 'BYTE_ARRAY'],
      ['timestamp', 'INT64'],
      ['uuid', 'BYTE_ARRAY'],
    ])
  })

  it('are read back as they came, and as they were written again [parquet.types]', async () => {
    await load(1, [values], [row, { ...row, filename: 'other' }], { ...keyed, primaryKey: ['filename'] })
    const wider = { ...values, columns: [...values.columns, ...schemaOf('values', { late: 'text' }).columns] }
    await load(2, [wider], [{ ...row, filename: 'other', late: 'x' }], { ...keyed, primaryKey: ['filename'] })
    const [first] = (await inspect('values')).filter(({ _sync_load_id }) => _sync_load_id === 1)
    expect(first).toEqual({ ...row, binary: 'AP8=', _sync_id: row.filename, _sync_load_id: 1 })
  })

  it('that hold a key are compared by value, whatever text a UUID came in [parquet.types]', async () => {
    const devices = schemaOf('devices', { uuid: 'uuid', n: 'bigint' })
    const plan = { ...keyed, primaryKey: ['uuid'] }
    await load(1, [devices], [{ uuid: row.uuid, n: 1 }], plan)
    const { tables } = await load(2, [devices], [{ uuid: row.uuid.toUpperCase(), n: 2 }], plan)
    expect(tables.devices).toMatchObject({ inserted: 0, updated: 1 })
    expect(await read('devices', 'uuid, n')).toEqual([[row.uuid, 2n]])
  })
})

describe('what goes wrong', () => {
  it.each([
    { what: 'cut short', damage: (path: string) => truncate(path, 100) },
    { what: 'missing', damage: (path: string) => rm(path) },
    { what: 'overwritten', damage: (path: string) => writeFile(path, 'PAR1 this is no Parquet file PAR1') },
  ])('with a file that is $what is told with its name, and the others stay [parquet.damaged]', async ({ damage }) => {
    await load(1, [tickets], [record(1)], keyed)
    await load(2, [tickets], [record(2)], keyed)
    await damage(join(folder, 'data', 'tickets', '1.parquet'))
    await expect(load(3, [tickets], [{ id: 1, title: 'new' }], keyed)).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringMatching(/tickets\/1\.parquet.*--full-refresh/),
    })
    await expect(inspect('tickets')).rejects.toMatchObject({ code: 'FILE_INVALID' })
    expect(names('tickets')).toContain('2.parquet')
    expect(names('tickets')).not.toContain('3.parquet')
    await load(4, [tickets], [record(1)], { disposition: 'replace' })
    expect(await read('tickets', 'id')).toEqual([[1n]])
  })

  it('with a folder that cannot be written is told with its name [parquet.errors]', async () => {
    await writeFile(join(folder, 'data'), 'a file where the folder should be')
    await expect(load(1, [tickets], [record(1)])).rejects.toMatchObject({
      code: 'NOT_WRITABLE',
      message: expect.stringContaining(join(folder, 'data')),
    })
  })
})

const record = (id: number): RecordValues => ({ id, title: `ticket ${id}`, tags: [{ value: `tag of ${id}` }] })

interface Where extends Partial<ParquetOptions> {
  readonly dataset?: string
}

async function load(
  id: number,
  tables: readonly TableSchema[],
  records: readonly RecordValues[],
  plan: Partial<LoadPlan> = {},
  { dataset = 'data', ...options }: Where = {},
): Promise<LoadResult> {
  const opened = await parquet({ path: folder, ...options }).open(dataset)
  try {
    const { state } = await opened.read()
    const session = await opened.begin(planOf({ id, table: tables[0]!.name, ...plan }))
    const { primaryKey = [], strategy } = plan
    for (const batch of batchesOf(tables, records, { loadId: id, primaryKey, came: strategy === 'upsert' })) {
      await session.write(batch)
    }
    return await session.commit(stateOf([...Object.values(state.tables).filter(isNotIn(tables)), ...tables]))
  } finally {
    await opened.close()
  }
}

const isNotIn =
  (tables: readonly TableSchema[]) =>
  ({ name }: TableSchema): boolean =>
    tables.every((table) => table.name !== name)

const names = (table: string, dataset = 'data'): string[] => readdirSync(join(folder, dataset, table)).sort()

/** Which file it is, and when it was written last. */
async function identity(table: string, loadId: number): Promise<readonly unknown[]> {
  const { ino, mtimeNs } = await stat(join(folder, 'data', table, `${loadId}.parquet`), { bigint: true })
  return [ino, mtimeNs]
}

/** As anyone would who knows nothing of manifests. */
const read = (table: string, columns: string, dataset = 'data'): Promise<unknown[][]> =>
  query(`SELECT ${columns} FROM read_parquet('${folder}/${dataset}/${table}/*.parquet') ORDER BY ALL`)

async function types(table: string): Promise<Record<string, unknown>> {
  const rows = await query(`DESCRIBE FROM read_parquet('${folder}/data/${table}/*.parquet')`)
  return Object.fromEntries(rows.map(([name, type]) => [String(name), type]))
}

async function query(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    return (await connection.runAndReadAll(sql)).getRows()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function inspect(table: string, path = folder): Promise<Record<string, unknown>[]> {
  const reader = await parquet({ path }).inspect('data')
  const rows: Record<string, unknown>[] = []
  for await (const row of reader.rows(table)) rows.push(row)
  await reader.close()
  return rows
}
