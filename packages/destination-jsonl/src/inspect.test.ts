import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileDestination } from '@tributary/file-dataset'
import { planOf, schemaOf } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import { collect, DATASET, rowsIn, tablesOf, temporaryFolder, testLoad } from '../testing/loads.ts'
import { jsonl } from './destination.ts'
import { readRows } from './read-rows.ts'

const many = (from: number, count: number): { id: number; name: string }[] =>
  Array.from({ length: count }, (_, index) => ({ id: from + index, name: `name of ${from + index}`.padEnd(200) }))

describe('looking into a dataset', () => {
  it('needs no lock, and sees what is committed while another writes [jsonl.inspect.unlocked]', async () => {
    const destination = jsonl({ path: await temporaryFolder() })
    await testLoad(destination, { id: 1, records: [{ id: 1, name: 'a' }] })
    const writer = await destination.open(DATASET)
    expect(await rowsIn(destination, 'items')).toMatchObject([{ id: 1, name: 'a' }])
    expect((await (await destination.inspect(DATASET)).read()).loads).toHaveLength(1)
    await writer.close()
  })

  it('answers of what is committed when it is asked, not when it was opened', async () => {
    const destination = jsonl({ path: await temporaryFolder() })
    await testLoad(destination, { id: 1, records: [{ id: 1 }] })
    const reader = await destination.inspect(DATASET)
    await testLoad(destination, { id: 2, disposition: 'replace', records: [{ id: 2 }, { id: 3 }] })
    expect(await collect(reader.rows('items'))).toHaveLength(2)
    expect((await reader.read()).loads).toHaveLength(2)
  })

  it('starts again where a commit removes a file before a row was read [jsonl.inspect.race]', async () => {
    const path = await temporaryFolder()
    const destination = jsonl({ path })
    await testLoad(destination, { id: 1, records: [{ id: 1 }] })
    const opened: string[] = []
    const slow = fileDestination({
      path,
      format: {
        kind: 'jsonl',
        open: () => Promise.reject(new Error('only read')),
        async *rows(file, table) {
          opened.push(basename(file))
          // Between reading the manifest and its files, the first time.
          if (opened.length === 1) await testLoad(destination, { id: 2, disposition: 'replace', records: [{ id: 2 }] })
          yield* readRows(file, table)
        },
      },
    })
    expect(await rowsIn(slow, 'items')).toMatchObject([{ id: 2 }])
    expect(opened).toEqual(['1.jsonl', '2.jsonl'])
  })

  it('says so where a commit removes a file after rows were read, and never ends short [jsonl.inspect.changed]', async () => {
    const destination = jsonl({ path: await temporaryFolder() })
    await testLoad(destination, { id: 1, disposition: 'append', records: many(0, 20) })
    await testLoad(destination, { id: 2, disposition: 'append', records: many(20, 20) })
    const rows = (await destination.inspect(DATASET)).rows('items')[Symbol.asyncIterator]()
    await rows.next()
    await testLoad(destination, { id: 3, disposition: 'replace', records: [{ id: 1 }] })
    const rest = collect({ [Symbol.asyncIterator]: () => rows })
    await expect(rest).rejects.toMatchObject({ code: 'DATASET_CHANGED', recovery: 'retry' })
  })

  it('reads the rest where a commit only adds files', async () => {
    const destination = jsonl({ path: await temporaryFolder() })
    await testLoad(destination, { id: 1, disposition: 'append', records: many(0, 20) })
    await testLoad(destination, { id: 2, disposition: 'append', records: many(20, 20) })
    const rows = (await destination.inspect(DATASET)).rows('items')[Symbol.asyncIterator]()
    await rows.next()
    await testLoad(destination, { id: 3, disposition: 'append', records: many(40, 20) })
    expect(await collect({ [Symbol.asyncIterator]: () => rows })).toHaveLength(39)
  })

  it('tells a file that is missing, although the manifest names it, from a race', async () => {
    const path = await temporaryFolder()
    const destination = jsonl({ path })
    await testLoad(destination, { id: 1, records: [{ id: 1 }] })
    await rm(join(path, DATASET, 'items', '1.jsonl'))
    await expect(rowsIn(destination, 'items')).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
  })

  it('knows no table that is not there, and says which are', async () => {
    const destination = jsonl({ path: await temporaryFolder() })
    await testLoad(destination, { id: 1, records: [] })
    await expect(rowsIn(destination, 'itmes')).rejects.toMatchObject({
      code: 'TABLE_NOT_FOUND',
      message: expect.stringContaining('it has items, items__tags'),
    })
  })

  it('gives values as they are, not as they look in JSON [jsonl.rows.values]', async () => {
    const destination = jsonl({ path: await temporaryFolder() })
    const tables = [schemaOf('odd', { id: 'bigint', d: 'double', n: 'bigint', j: 'json' })]
    const records = [
      { id: 1, d: 12_345_678_901_234_567_000, n: 9_007_199_254_740_993n, j: '"text"' },
      { id: 2, d: -0, n: -1n, j: '{"a": [1]}' },
      { id: 3, d: Number.NEGATIVE_INFINITY, j: '7' },
    ]
    await testLoad(destination, { id: 1, table: 'odd', tables, records })
    const rows = (await rowsIn(destination, 'odd')).map(({ d, n, j }) => ({ d, n, j }))
    expect(rows).toEqual([
      { d: 12_345_678_901_234_567_000, n: 9_007_199_254_740_993n, j: '"text"' },
      { d: -0, n: -1, j: { a: [1] } },
      { d: Number.NEGATIVE_INFINITY, n: undefined, j: '7' },
    ])
  })

  it('finds the datasets of a folder, under their own names and in order [jsonl.datasets]', async () => {
    const path = await temporaryFolder()
    const destination = jsonl({ path })
    for (const dataset of ['b', 'a/../b', 'Ä "x"']) {
      const opened = await destination.open(dataset)
      const session = await opened.begin(planOf({ table: 'items' }))
      await session.commit({ resources: {}, tables: { items: tablesOf()[0] } })
      await opened.close()
    }
    await mkdir(join(path, 'no dataset'))
    await writeFile(join(path, 'file.txt'), 'x')
    expect(await destination.datasets()).toEqual(['a/../b', 'b', 'Ä "x"'])
    expect(await readdir(path)).toHaveLength(5)
    await expect(jsonl({ path: join(path, 'nowhere') }).datasets()).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  })
})
