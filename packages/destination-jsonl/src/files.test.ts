import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { rowsIn, tablesOf, temporaryFolder, testLoad } from '../testing/loads.ts'
import { jsonl } from './destination.ts'
import { readManifest, readTable } from './read.ts'

const [items] = tablesOf()
const file = (path: string, table: string, name: string): string => join(path, 'shop', table, name)

describe('the files of a dataset', () => {
  it('are one a load and table, with a line a row [jsonl.layout]', async () => {
    const path = await temporaryFolder()
    await testLoad(jsonl({ path }), { id: 3, records: [{ id: 1, name: 'a', tags: [{ value: 'x' }, { value: 'y' }] }, { id: 2 }] })
    expect((await readdir(join(path, 'shop'))).sort()).toEqual(['_sync_manifest.json', 'items', 'items__tags'])
    expect(await readdir(join(path, 'shop', 'items'))).toEqual(['3.jsonl'])
    expect(await readdir(join(path, 'shop', 'items__tags'))).toEqual(['3.jsonl'])
    const lines = (await readFile(file(path, 'items__tags', '3.jsonl'), 'utf8')).split('\n')
    expect(lines).toHaveLength(3)
    expect(lines.at(-1)).toBe('')
  })

  it('leave nulls out [jsonl.nulls]', async () => {
    const path = await temporaryFolder()
    await testLoad(jsonl({ path }), { id: 1, records: [{ id: 1, name: null }] })
    expect(await readFile(file(path, 'items', '1.jsonl'), 'utf8')).toBe('{"_sync_load_id":1,"_sync_id":"1","id":1}\n')
  })

  it('have timestamps as ISO 8601 in UTC [jsonl.timestamps]', async () => {
    const path = await temporaryFolder()
    await testLoad(jsonl({ path }), { id: 1, records: [{ id: 1, at: '2026-03-04T05:06:07.000008Z' }] })
    expect(await readFile(file(path, 'items', '1.jsonl'), 'utf8')).toContain('"at":"2026-03-04T05:06:07.000008Z"')
  })

  it('that no row of changes, a merge leaves untouched [jsonl.merge.rewrites]', async () => {
    const path = await temporaryFolder()
    const destination = jsonl({ path })
    await testLoad(destination, { id: 1, records: [{ id: 1, name: 'a', tags: [{ value: 'x' }] }] })
    await testLoad(destination, { id: 2, records: [{ id: 2, name: 'b' }] })
    const before = await Promise.all([stat(file(path, 'items', '1.jsonl')), stat(file(path, 'items__tags', '1.jsonl'))])
    await testLoad(destination, { id: 3, records: [{ id: 2, name: 'B' }] })
    const after = await Promise.all([stat(file(path, 'items', '1.jsonl')), stat(file(path, 'items__tags', '1.jsonl'))])
    expect(after.map(({ ino, mtimeMs }) => [ino, mtimeMs])).toEqual(before.map(({ ino, mtimeMs }) => [ino, mtimeMs]))
    expect((await readdir(join(path, 'shop', 'items'))).sort()).toEqual(['1.jsonl', '3.jsonl'])
  })

  it('of which a row changes are superseded and removed, so that a folder is exactly its rows [settled.files.superseded]', async () => {
    const path = await temporaryFolder()
    const destination = jsonl({ path })
    await testLoad(destination, {
      id: 1,
      records: [
        { id: 1, name: 'a', tags: [{ value: 'x' }] },
        { id: 2, name: 'b' },
      ],
    })
    await testLoad(destination, { id: 2, records: [{ id: 1, name: 'A' }] })
    expect(await readdir(join(path, 'shop', 'items'))).toEqual(['2.jsonl'])
    // No tag is left.
    expect(await readdir(join(path, 'shop', 'items__tags'))).toEqual([])
    const inFolder = (await readFile(file(path, 'items', '2.jsonl'), 'utf8')).trim().split('\n')
    expect(inFolder.map((line) => JSON.parse(line) as unknown)).toEqual(await rowsIn(destination, 'items'))
    expect(inFolder).toHaveLength(2)
  })

  it.each([false, true])(
    'keep every byte of the rows that stay in a file that changes (compress: %s) [jsonl.merge.copied]',
    async (compress) => {
      const path = await temporaryFolder()
      const destination = jsonl({ path, compress })
      const linesOf = async (load: number): Promise<string[]> => {
        const bytes = await readFile(file(path, 'items', compress ? `${load}.jsonl.gz` : `${load}.jsonl`))
        return (compress ? gunzipSync(bytes) : bytes).toString().split('\n').slice(0, -1)
      }
      // More than is read at once.
      const name = (id: number): string => `${id} é😀"\\ `.repeat(1 + (id % 100))
      const records = Array.from({ length: 3000 }, (_, id) => ({ id, name: name(id) }))
      await testLoad(destination, { id: 1, records })
      const before = await linesOf(1)
      const isChanged = (id: number): boolean => id < 10 || id % 7 === 0 || id > 2990
      const changed = records.filter(({ id }) => isChanged(id)).map(({ id }) => ({ id, name: 'changed' }))
      await testLoad(destination, { id: 2, records: changed })
      const after = await linesOf(2)
      const stay = before.filter((_, id) => !isChanged(id))
      expect(after.slice(0, stay.length)).toEqual(stay)
      expect(after).toHaveLength(3000)
    },
  )

  it('that a load without rows has nothing to do with, it does not read [jsonl.merge.nothing]', async () => {
    const path = await temporaryFolder()
    const destination = jsonl({ path, compress: true })
    await testLoad(destination, { id: 1, records: [{ id: 1 }, { id: 2 }] })
    await writeFile(file(path, 'items', '1.jsonl.gz'), 'cannot be read')
    const { tables } = await testLoad(destination, { id: 2, records: [] })
    expect(tables.items).toEqual({ inserted: 0, updated: 0, deleted: 0, unchanged: 0 })
    expect(await readdir(join(path, 'shop', 'items'))).toEqual(['1.jsonl.gz'])
    await expect(testLoad(destination, { id: 3, records: [{ id: 3 }] })).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
  })

  it('of a table that was replaced are those of the last load [jsonl.replace.files]', async () => {
    const path = await temporaryFolder()
    const destination = jsonl({ path })
    await testLoad(destination, { id: 1, records: [{ id: 1 }, { id: 2 }] })
    await testLoad(destination, { id: 2, disposition: 'replace', records: [{ id: 3 }] })
    expect(await readdir(join(path, 'shop', 'items'))).toEqual(['2.jsonl'])
  })

  it('end a version by rewriting its line, and keep the rest of it [jsonl.versions]', async () => {
    const path = await temporaryFolder()
    const destination = jsonl({ path })
    const versions = { strategy: 'scd2', versioned: true } as const
    const at = (day: number): Date => new Date(Date.UTC(2026, 0, day))
    await testLoad(destination, { ...versions, id: 1, startedAt: at(1), records: [{ id: 1, name: 'a' }] })
    await testLoad(destination, { ...versions, id: 2, startedAt: at(2), records: [{ id: 1, name: 'b' }] })
    const rows = await rowsIn(destination, 'items')
    expect(rows.map(({ _sync_row_hash, ...row }) => row)).toEqual([
      {
        _sync_load_id: 1,
        _sync_id: '1@1',
        _sync_valid_from: '2026-01-01T00:00:00Z',
        _sync_valid_to: '2026-01-02T00:00:00Z',
        id: 1,
        name: 'a',
      },
      { _sync_load_id: 2, _sync_id: '1@2', _sync_valid_from: '2026-01-02T00:00:00Z', id: 1, name: 'b' },
    ])
  })
})

describe('compressed files', () => {
  it('are gzip, and read like the others [jsonl.gzip]', async () => {
    const path = await temporaryFolder()
    await testLoad(jsonl({ path, compress: true }), { id: 1, records: [{ id: 1, name: 'é' }] })
    expect(await readdir(join(path, 'shop', 'items'))).toEqual(['1.jsonl.gz'])
    const text = gunzipSync(await readFile(file(path, 'items', '1.jsonl.gz'))).toString()
    expect(JSON.parse(text)).toEqual({ _sync_load_id: 1, _sync_id: '1', id: 1, name: 'é' })
    expect(await rowsIn(jsonl({ path }), 'items')).toEqual([JSON.parse(text)])
  })

  it.each([
    [true, ['1.jsonl', '2.jsonl.gz'], ['3.jsonl.gz']],
    [false, ['1.jsonl.gz', '2.jsonl'], ['3.jsonl']],
  ])('may lie beside others, and a merge rewrites both (compress: %s) [jsonl.gzip.mixed]', async (compress, both, after) => {
    const path = await temporaryFolder()
    await testLoad(jsonl({ path, compress: !compress }), {
      id: 1,
      records: [
        { id: 1, name: 'a' },
        { id: 3, name: 'c' },
      ],
    })
    const destination = jsonl({ path, compress })
    await testLoad(destination, { id: 2, records: [{ id: 2, name: 'b' }] })
    expect((await readdir(join(path, 'shop', 'items'))).sort()).toEqual(both)
    await testLoad(destination, {
      id: 3,
      records: [
        { id: 1, name: 'A' },
        { id: 2, name: 'B' },
      ],
    })
    expect(await readdir(join(path, 'shop', 'items'))).toEqual(after)
    expect((await rowsIn(destination, 'items')).map(({ name }) => name).sort()).toEqual(['A', 'B', 'c'])
  })

  it('that are cut off are an error, and not fewer rows [jsonl.gzip.broken]', async () => {
    const path = await temporaryFolder()
    const destination = jsonl({ path, compress: true })
    const records = Array.from({ length: 2000 }, (_, id) => ({ id, name: `name ${id * 7919}` }))
    await testLoad(destination, { id: 1, records })
    const whole = await readFile(file(path, 'items', '1.jsonl.gz'))
    await writeFile(file(path, 'items', '1.jsonl.gz'), whole.subarray(0, whole.length / 2))
    await expect(rowsIn(destination, 'items')).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
  })
})

describe('a run that was cut off', () => {
  it('leaves files that do not exist for readers, and that the next open removes [jsonl.leftovers]', async () => {
    const path = await temporaryFolder()
    const destination = jsonl({ path })
    await testLoad(destination, { id: 1, records: [{ id: 1, tags: [{ value: 'x' }] }] })
    const left = [
      file(path, 'items', '2.jsonl'),
      file(path, 'items', '2.jsonl.gz'),
      file(path, '_sync_rejects', '2.jsonl'),
      file(path, 'items__new', '2.jsonl'),
      file(path, '_sync_staging', '2/0.jsonl'),
      join(path, 'shop', '_sync_manifest.json.next'),
    ]
    for (const name of left) {
      await mkdir(join(name, '..'), { recursive: true })
      await writeFile(name, '{"_sync_load_id":2,"_sync_id":"9","id":9}\n')
    }
    await writeFile(file(path, '_sync_staging', '2/folders.json'), '["items","items__new"]')
    expect(await rowsIn(destination, 'items')).toHaveLength(1)

    await (await destination.open('shop')).close()
    expect((await readdir(join(path, 'shop'))).sort()).toEqual(['_sync_manifest.json', 'items', 'items__tags'])
    expect(await readdir(join(path, 'shop', 'items'))).toEqual(['1.jsonl'])
  })

  it('leaves files of others alone [jsonl.foreign]', async () => {
    const path = await temporaryFolder()
    const destination = jsonl({ path })
    await testLoad(destination, { id: 1, records: [{ id: 1 }] })
    await writeFile(file(path, 'items', 'notes.txt'), 'mine')
    await mkdir(join(path, 'shop', 'other'))
    await writeFile(file(path, 'other', '1.jsonl'), '{}\n')
    await testLoad(destination, { id: 2, disposition: 'replace', records: [] })
    expect(await readdir(join(path, 'shop', 'items'))).toEqual(['notes.txt'])
    expect(await readdir(join(path, 'shop', 'other'))).toEqual(['1.jsonl'])
    await expect(testLoad(destination, { id: 3, table: 'other', records: [{ id: 1 }] })).rejects.toMatchObject({
      code: 'TABLE_NOT_OURS',
    })
  })
})

describe('merging by a key', () => {
  it('finds rows of another key by its values, also two loads later [jsonl.merge.key]', async () => {
    const path = await temporaryFolder()
    const destination = jsonl({ path })
    await testLoad(destination, {
      id: 1,
      disposition: 'append',
      primaryKey: [],
      records: [
        { id: 1, name: 'a' },
        { id: 2, name: 'b' },
      ],
    })
    await testLoad(destination, { id: 2, records: [{ id: 1, name: 'A' }] })
    await testLoad(destination, { id: 3, records: [{ id: 2, name: 'B' }] })
    const rows: unknown[] = []
    for await (const { name } of readTable(path, 'shop', items.name)) rows.push(name)
    expect(rows.sort()).toEqual(['A', 'B'])
    expect((await readManifest(path, 'shop')).loads.map(({ loadId }) => loadId)).toEqual([1, 2, 3])
  })
})
