import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type DatasetReader, isTributaryError } from '@tributary/core'
import { batchesOf, planOf, schemaOf, stateOf } from '@tributary/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { duckdb } from './destination.ts'
import { queryDuckDB } from './query.ts'

const items = schemaOf('items', { id: 'bigint', name: 'text' })
const ROWS = 10_000

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-duckdb-'))
  path = join(folder, 'test.duckdb')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function load(id: number, rows: number): Promise<void> {
  const dataset = await duckdb({ path, lockTimeout: 300 }).open('shop')
  try {
    const session = await dataset.begin(planOf({ table: 'items', id }))
    const records = Array.from({ length: rows }, (_, row) => ({ id: row, name: `item ${row}` }))
    for (const batch of batchesOf([items], records, { loadId: id })) await session.write(batch)
    await session.commit(stateOf([items]))
  } finally {
    await dataset.close()
  }
}

async function looking<T>(use: (reader: DatasetReader) => Promise<T>, file: string = path): Promise<T> {
  const reader = await duckdb({ path: file }).inspect('shop')
  try {
    return await use(reader)
  } finally {
    await reader.close()
  }
}

async function count(rows: AsyncIterable<unknown>): Promise<number> {
  let number = 0
  for await (const _ of rows) number++
  return number
}

const codeOf = (error: unknown): string => (isTributaryError(error) ? error.code : String(error))

/** What another process gets when it opens the file for writing. */
async function openElsewhere(): Promise<string> {
  const api = createRequire(import.meta.url).resolve('@duckdb/node-api')
  const script = `
    const { DuckDBInstance } = require(${JSON.stringify(api)})
    DuckDBInstance.create(${JSON.stringify(path)}).then(() => console.log('opened'), (error) => console.log(error.message))`
  return (await promisify(execFile)(process.execPath, ['-e', script])).stdout
}

describe('looking into a dataset', () => {
  it('reads several tables at once, none of them as a whole [duckdb.looking.streams]', async () => {
    await load(1, ROWS)
    await looking(async (reader) => {
      const [one, other] = [reader.rows('items'), reader.rows('items')]
      const ids = new Set<unknown>()
      for await (const { id } of one) {
        ids.add(id)
        if (ids.size % 100 === 0) await other[Symbol.asyncIterator]().next()
        if (ids.size === 5000) expect((await reader.read()).loads).toHaveLength(1)
      }
      expect(ids.size).toBe(ROWS)
      expect(await count(reader.rows('_sync_loads'))).toBe(1)
    })
  })

  it('may stop early, and look on [duckdb.looking.streams]', async () => {
    await load(1, ROWS)
    await looking(async (reader) => {
      for await (const row of reader.rows('items')) {
        expect(row).toHaveProperty('_sync_load_id', 1)
        break
      }
      expect(await count(reader.rows('items'))).toBe(ROWS)
    })
  })

  it('sees one state of a table while loads are committed in the same process [duckdb.looking.snapshot]', async () => {
    await load(1, ROWS)
    const dataset = await duckdb({ path }).open('shop')
    try {
      await looking(async (reader) => {
        let found = 0
        for await (const _ of reader.rows('items')) {
          if (found++ > 0) continue
          const session = await dataset.begin(planOf({ table: 'items', id: 2, disposition: 'replace' }))
          await session.commit(stateOf([items]))
        }
        expect(found).toBe(ROWS)
        expect(await count(reader.rows('items'))).toBe(0)
      })
    } finally {
      await dataset.close()
    }
  })

  it('leaves the file as it is, byte by byte [duckdb.looking.read-only]', async () => {
    await load(1, 10)
    const before = await readFile(path)
    await looking(async (reader) => {
      await reader.read()
      await reader.schemaVersions()
      expect(await count(reader.rejects())).toBe(0)
      expect(await count(reader.rows('items'))).toBe(10)
    })
    await duckdb({ path }).datasets()
    expect((await readFile(path)).equals(before)).toBe(true)
  })

  it('keeps no writer from the file once it is closed, and may be closed twice [duckdb.looking.writer]', async () => {
    await load(1, 1)
    const reader = await duckdb({ path }).inspect('shop')
    const refused = await load(2, 1).then(() => 'loaded', codeOf)
    expect(refused).toBe('DATASET_IN_USE')
    await reader.close()
    await reader.close()
    await load(2, 1)
    expect(await queryDuckDB(path, 'SELECT count(*) FROM shop.items').then(({ rows }) => rows)).toEqual([[2]])
  })

  // POSIX takes all locks of a process on a file when it closes the file once.
  it.each([
    ['by its name', async () => path],
    ['by a link', linked],
  ])("takes no writer's lock away: %s [duckdb.looking.lock]", async (_, at) => {
    await load(1, 1)
    const file = await at()
    const dataset = await duckdb({ path }).open('shop')
    try {
      expect(await looking((reader) => count(reader.rows('items')), file)).toBe(1)
      await queryDuckDB(file, 'SELECT 1')
      expect(await openElsewhere()).toMatch(/lock/)
    } finally {
      await dataset.close()
    }
    expect(await openElsewhere()).toBe('opened\n')
  })
})

async function linked(): Promise<string> {
  const file = join(folder, 'linked.duckdb')
  await symlink(path, file)
  return file
}
