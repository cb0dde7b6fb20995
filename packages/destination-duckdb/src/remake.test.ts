import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { Dataset, TableSchema } from '@tributary/core'
import { batchesOf, type ColumnSpec, planOf, type RecordValues, schemaOf, stateOf } from '@tributary/testkit'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { duckdb } from './destination.ts'
import { queryDuckDB } from './query.ts'

const MANY = 500
const before = {
  id: { type: 'bigint', nullable: false, description: 'its number' },
  code: { type: 'bigint', nullable: false },
  price: { type: 'decimal', precision: 10, scale: 2 },
  Odd: 'text',
} as const satisfies Record<string, ColumnSpec>
const records: readonly RecordValues[] = [
  { id: 1, code: 7, price: '1.50', Odd: 'x' },
  { id: 2, code: 8 },
]

/** With so many new columns, and one that has become wider and may be null. */
const later = (number: number, { versioned }: { versioned?: true } = {}): TableSchema =>
  schemaOf(
    'items',
    {
      ...before,
      code: { type: 'text', description: 'given by hand' },
      ...Object.fromEntries(Array.from({ length: number }, (_, index) => [`n${index}`, 'double'] as const)),
    },
    { ...(versioned !== undefined && { versioned }) },
  )

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-remake-'))
  path = join(folder, 'test.duckdb')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function loadInto(
  dataset: Dataset,
  id: number,
  tables: readonly TableSchema[],
  rows: readonly RecordValues[],
): Promise<void> {
  const session = await dataset.begin(planOf({ table: 'items', id }))
  try {
    for (const batch of batchesOf(tables, rows, { loadId: id })) await session.write(batch)
    await session.commit(stateOf(tables))
  } finally {
    await session.abort()
  }
}

async function load(id: number, tables: readonly TableSchema[], rows: readonly RecordValues[]): Promise<void> {
  const dataset = await duckdb({ path }).open('shop')
  try {
    await loadInto(dataset, id, tables, rows)
  } finally {
    await dataset.close()
  }
}

const query = async (sql: string, file = path): Promise<readonly (readonly unknown[])[]> => (await queryDuckDB(file, sql)).rows

/** Columns, in their order, and rows. */
const look = async (file = path): Promise<unknown> => ({
  columns: await query(
    `SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() WHERE table_name = 'items' ORDER BY column_index`,
    file,
  ),
  rows: await query(`SELECT COLUMNS(c -> NOT starts_with(c, '_sync')) FROM shop.items ORDER BY id`, file),
  tables: await query(`SELECT table_name FROM duckdb_tables() WHERE table_name NOT LIKE '\\_sync%' ESCAPE '\\'`, file),
})

/** How often a column was added by itself meanwhile. */
async function additions(task: () => Promise<void>): Promise<number> {
  const run = vi.spyOn(DuckDBConnection.prototype, 'run')
  try {
    await task()
    return run.mock.calls.filter(([sql]) => sql.includes('ADD COLUMN')).length
  } finally {
    run.mockRestore()
  }
}

async function byHand(...statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  for (const statement of statements) await connection.run(statement)
  connection.closeSync()
  instance.closeSync()
}

describe('a table that gets very many columns at once', () => {
  const came = [{ id: 3, code: 'abc', n0: 1, [`n${MANY - 1}`]: 2 }]

  it.each([[{}], [{ versioned: true } as const]])(
    'is made anew, and is the same as one that got them one by one: %j [duckdb.many-columns]',
    async (options) => {
      await load(1, [schemaOf('items', before)], records)
      expect(await additions(() => load(2, [later(MANY, options)], came))).toBe(0)
      const remade = await look()
      await rm(path)
      await load(1, [schemaOf('items', before)], records)
      await load(2, [later(MANY / 2, options)], [])
      expect(await additions(() => load(3, [later(MANY, options)], came))).toBe(MANY / 2)
      expect(remade).toEqual(await look())
    },
  )

  it.each([
    [
      'a column of somebody else',
      ['ALTER TABLE shop.items ADD COLUMN mine INTEGER', 'UPDATE shop.items SET mine = 4'],
      'mine',
      4,
    ],
    ['a default of somebody else', ["ALTER TABLE shop.items ALTER COLUMN Odd SET DEFAULT 'a'"], 'Odd', 'x'],
    ['a type of somebody else', ['ALTER TABLE shop.items ALTER COLUMN price TYPE DECIMAL(20, 2)'], 'price', '1.50'],
    ['a comment of somebody else', ["COMMENT ON COLUMN shop.items.price IS 'mine'"], 'id', 1],
    ['a comment on the table', ["COMMENT ON TABLE shop.items IS 'mine'"], 'id', 1],
    ['many rows', ['INSERT INTO shop.items SELECT i.* REPLACE (id + r AS id) FROM shop.items i, range(3, 9003) t(r)'], 'id', 1],
  ])('is changed as ever where it has %s, which stays [duckdb.many-columns]', async (_what, statements, column, value) => {
    await load(1, [schemaOf('items', before)], records)
    await byHand(...statements)
    expect(await additions(() => load(2, [later(MANY)], came))).toBe(MANY)
    const [row] = await query(`SELECT ${column} FROM shop.items WHERE id = 1`)
    expect(String(row?.[0])).toBe(String(value))
  })

  it.each([
    ['an index', ['CREATE INDEX mine ON shop.items (id)'], 'duckdb_indexes()'],
    [
      'a check',
      [
        'ALTER TABLE shop.items RENAME TO other',
        `CREATE TABLE shop.items (id BIGINT NOT NULL CHECK (id > 0), code BIGINT NOT NULL, price DECIMAL(10, 2), Odd VARCHAR,
         _sync_id VARCHAR NOT NULL, _sync_load_id BIGINT NOT NULL)`,
        'DROP TABLE shop.other',
      ],
      "duckdb_constraints() WHERE constraint_type = 'CHECK'",
    ],
  ])(
    'is changed as ever where somebody else has given it %s, which stays [duckdb.many-columns]',
    async (_what, statements, kept) => {
      const { code } = before
      await load(1, [schemaOf('items', before)], records)
      await byHand(...statements)
      const { columns } = later(MANY)
      const wider = {
        ...later(MANY),
        columns: columns.map((column) => (column.name === 'code' ? { ...column, ...code } : column)),
      }
      expect(await additions(() => load(2, [wider], [{ id: 3, code: 4 }]))).toBe(MANY)
      expect(await query(`FROM ${kept}`)).toHaveLength(1)
    },
  )

  it('is as it was where the load fails afterwards [duckdb.many-columns]', async () => {
    await load(1, [schemaOf('items', before)], records)
    await byHand('CREATE TABLE shop.items__tags (mine INTEGER)')
    const stored = await look()
    const tags = schemaOf('tags', { value: 'text' }, { parent: later(MANY) })
    expect(
      await additions(() => expect(load(2, [later(MANY), tags], came)).rejects.toMatchObject({ code: 'TABLE_NOT_OURS' })),
    ).toBe(0)
    expect(await look()).toEqual(stored)
  })

  it('is as it was for whoever reads meanwhile, and can be read through a view [duckdb.many-columns]', async () => {
    // Several chunks of DuckDB's.
    const many = Array.from({ length: 9000 }, (_, index) => ({ id: index + 10, code: 1 }))
    await load(1, [schemaOf('items', before)], many)
    await byHand('CREATE VIEW shop.ids AS SELECT id FROM shop.items')
    const dataset = await duckdb({ path }).open('shop')
    onTestFinished(() => dataset.close())
    const reader = await duckdb({ path }).inspect('shop')
    onTestFinished(() => reader.close())
    const rows = reader.rows('items')[Symbol.asyncIterator]()
    await rows.next()
    expect(await additions(() => loadInto(dataset, 2, [later(MANY)], came))).toBe(0)
    let read = 1
    for (let next = await rows.next(); next.done !== true; next = await rows.next()) read++
    expect(read).toBe(many.length)
    expect(await query('SELECT count(*)::INTEGER, min(id)::INTEGER FROM shop.ids')).toEqual([[many.length + 1, 3]])
  })

  it('is whole after a crash that left the commit in the log only [duckdb.many-columns]', async () => {
    await load(1, [schemaOf('items', before)], records)
    const dataset = await duckdb({ path }).open('shop')
    onTestFinished(() => dataset.close())
    await loadInto(dataset, 2, [later(MANY)], came)
    const crashed = join(folder, 'crashed.duckdb')
    await copyFile(path, crashed)
    await copyFile(`${path}.wal`, `${crashed}.wal`)
    expect(await look(crashed)).toEqual(await look())
    expect(await query(`SELECT id, code, n${MANY - 1} FROM shop.items ORDER BY id`, crashed)).toHaveLength(3)
  })
})
