import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { batchesOf, type RecordValues, schemaOf } from '@tributary/testkit'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { createMemory } from './memory.ts'
import { SEQUENCE } from './sql.ts'
import { createStagedTable, type StagedTable } from './staging.ts'

const narrow = schemaOf('items', { id: 'bigint' })
const wide = schemaOf('items', { id: 'double', name: 'text' })
const tags = schemaOf('tags', { value: 'text' }, { parent: wide })

let connection: DuckDBConnection
let staged: StagedTable
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-staging-'))
  const instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
  staged = createStagedTable(connection, createMemory(instance, false), 'stage', folder)
  onTestFinished(() => {
    connection.closeSync()
    instance.closeSync()
    return rm(folder, { recursive: true })
  })
})

async function write(table: typeof wide, records: readonly RecordValues[], came = false): Promise<void> {
  for (const batch of batchesOf(came ? [table, tags] : [table], records, { came }))
    if (batch.table.name === table.name) await staged.write(batch)
}

const read = async (columns: string): Promise<unknown> =>
  (await connection.runAndReadAll(`SELECT ${columns} FROM ${staged.view} s ORDER BY ALL`)).getRows()

const tables = async (): Promise<unknown> =>
  (await connection.runAndReadAll('SELECT count(*)::INTEGER FROM duckdb_tables()')).getRows()[0]?.[0]

describe('staged rows', () => {
  it('have the columns and types of the table, in whatever shapes they came', async () => {
    await write(narrow, [{ id: 1 }])
    await write(wide, [{ id: 2.5, name: 'b' }])
    await write(narrow, [{ id: 3 }])
    await staged.finish(wide)
    expect(await read('id, name')).toEqual([
      [1, null],
      [2.5, 'b'],
      [3, null],
    ])
  })

  it('are JSON that DuckDB takes, also where it has half of a surrogate pair', async () => {
    const table = schemaOf('items', { data: 'json' })
    await write(table, [{ data: '{"a":1}' }, { data: null }, { data: '["\\ud800"]' }])
    await staged.finish(table)
    expect(await read("data, data->>'$[0]'")).toEqual([
      ['["\ufffd"]', '\ufffd'],
      ['{"a":1}', null],
      [null, null],
    ])
  })

  it('are removed by their sequence, and counted', async () => {
    await write(narrow, [{ id: 1 }, { id: 2 }])
    await write(wide, [{ id: 3, name: 'c' }])
    await staged.finish(wide)
    expect(await staged.remove('SELECT 1')).toBe(2)
    expect(await staged.remove('SELECT 9')).toBe(0)
    expect(await staged.rows()).toBe(1)
    expect(await staged.remove('SELECT 2')).toBe(1)
    expect(await staged.rows()).toBe(0)
  })

  it('that were removed are there again after a transaction that was rolled back', async () => {
    await write(narrow, [{ id: 1 }, { id: 2 }])
    await staged.finish(narrow)
    await connection.run('BEGIN TRANSACTION')
    expect(await staged.remove('SELECT 1')).toBe(1)
    await connection.run('ROLLBACK')
    await staged.finish(narrow)
    expect(await read('id')).toEqual([[1n], [2n]])
  })

  it('are there again, as they were written, after a transaction that was rolled back', async () => {
    await write(wide, [{ id: 1, name: 'a' }])
    await staged.finish(wide)
    await connection.run('BEGIN TRANSACTION')
    await staged.replace(`SELECT 7.0::DOUBLE AS id, 'x' AS name, _sync_id, ${SEQUENCE} FROM ${staged.view}`)
    await staged.add(`SELECT 8.0::DOUBLE AS id, 'y' AS name, _sync_id, ${SEQUENCE} FROM ${staged.view}`)
    expect(await read('id, name')).toEqual([
      [7, 'x'],
      [8, 'y'],
    ])
    await connection.run('ROLLBACK')
    await staged.finish(wide)
    expect(await read('id, name')).toEqual([[1, 'a']])
  })

  it('leave nothing behind', async () => {
    await write(narrow, [{ id: 1 }])
    await write(wide, [{ id: 2, name: 'b' }])
    await staged.finish(wide)
    await staged.replace(`SELECT id, name, _sync_id, ${SEQUENCE} FROM ${staged.view}`)
    expect(await readdir(folder)).toHaveLength(2)
    await staged.remove('SELECT 1')
    await staged.drop()
    expect([await tables(), await readdir(folder)]).toEqual([0, []])
  })
})

describe('what came', () => {
  it.each<[name: string, batches: readonly (readonly RecordValues[])[], partly: boolean]>([
    ['everything', [[{ id: 1, name: 'a', tags: [] }], [{ id: 2, name: null, tags: [{ value: 'x' }] }]], false],
    [
      'a field less',
      [
        [
          { id: 1, name: 'a', tags: [] },
          { id: 2, tags: [] },
        ],
      ],
      true,
    ],
    [
      'a list less',
      [
        [
          { id: 1, name: 'a', tags: [] },
          { id: 2, name: 'b' },
        ],
      ],
      true,
    ],
    ['a field less in a later batch', [[{ id: 1, name: 'a', tags: [] }], [{ id: 2, tags: [] }]], true],
    ['a list less in an earlier batch', [[{ id: 1, name: 'a' }], [{ id: 2, name: 'b', tags: [] }]], true],
  ])('is kept where it matters: %s', async (_, batches, partly) => {
    for (const records of batches) await write(wide, records, true)
    await staged.finish(wide)
    expect(staged.camePartly).toBe(partly)
  })

  it('is told for each row, and as not there for columns that no batch knew', async () => {
    const more = schemaOf('items', { id: 'double', name: 'text', extra: 'text' })
    await write(wide, [{ id: 1, name: null, tags: [] }, { id: 2 }], true)
    await write(more, [{ id: 3, extra: 'e' }], true)
    await staged.finish(more)
    const came = ['id', 'name', 'extra'].map((name) => staged.cameColumn(name))
    expect(await read(['s.id', ...came, staged.cameList(tags.name)].join(', '))).toEqual([
      [1, true, true, false, true],
      [2, true, false, false, false],
      [3, true, false, true, false],
    ])
    expect(staged.cameList('items__others')).toBe('false')
  })

  it('is missed where no record had a list that the table has', async () => {
    await write(narrow, [{ id: 1 }], true)
    await staged.finish(narrow, [tags.name])
    expect(staged.camePartly).toBe(true)
    expect(await read(`s.id, ${staged.cameList(tags.name)}`)).toEqual([[1n, false]])
    await staged.replace(`SELECT id, _sync_id, ${SEQUENCE} FROM ${staged.view}`)
    expect(staged.camePartly).toBe(false)
  })

  it('is told of rows that are put in the place of others, until a rollback', async () => {
    await write(wide, [{ id: 1, name: 'a', tags: [] }, { id: 2 }, { id: 3, name: 'c' }], true)
    await staged.finish(wide)
    const told = ['s.id', staged.cameColumn('name'), staged.cameList(tags.name)].join(', ')
    const before = await read(told)
    await connection.run('BEGIN TRANSACTION')
    const came = staged.cameColumns.map((column) => `NOT s.${column} AS ${column}`).join(', ')
    await staged.exchange(
      `SELECT id + 10 AS id, name, _sync_id, ${SEQUENCE}, ${came} FROM ${staged.view} s WHERE id < 3`,
      `SELECT ${SEQUENCE} FROM ${staged.view} WHERE id <> 1`,
    )
    expect(await read(told)).toEqual([
      [1, true, true],
      [11, false, false],
      [12, true, true],
    ])
    await connection.run('ROLLBACK')
    await staged.finish(wide)
    expect(await read(told)).toEqual(before)
    expect(before).toEqual([
      [1, true, true],
      [2, false, false],
      [3, true, false],
    ])
  })

  it('is not asked for where no batch says it', async () => {
    await write(narrow, [{ id: 1 }])
    await write(wide, [{ id: 2, name: 'b' }])
    await staged.finish(wide)
    expect(staged.camePartly).toBe(false)
  })
})
