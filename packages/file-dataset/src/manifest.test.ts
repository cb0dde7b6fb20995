import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { listDatasets, type Manifest, pipelineState, readManifest, writeManifest } from './manifest.ts'

const schema = { name: 'items', resource: 'items', path: [], columns: [] }
const load = { loadId: 1, connector: 'shop', connectorVersion: '1.0.0', resource: 'items', tables: {} }
const times = { startedAt: new Date('2026-01-01T00:00:00Z'), committedAt: new Date('2026-01-01T00:00:01Z') }

/** A folder with one dataset, whose manifest is this. */
async function datasetWith(text: string): Promise<string> {
  const path = await temporaryFolder()
  await mkdir(join(path, 'shop'))
  await writeFile(join(path, 'shop', '_sync_manifest.json'), text)
  return path
}

describe('a manifest', () => {
  it('is read as it was written, big integers and times among it', async () => {
    const path = await temporaryFolder()
    await mkdir(join(path, 'shop'))
    const manifest: Manifest = {
      format: 2,
      kind: 'jsonl',
      dataset: 'shop',
      loads: [{ ...load, ...times, schemaVersion: 1 }],
      resources: { items: { cursors: { items: { '': { path: 'id', value: 9_007_199_254_740_993n } } } } },
      tables: { items: { schema, primaryKey: ['id'], files: [{ name: '1.jsonl', rows: 2 }] } },
      schemaVersions: [{ version: 1, loadId: 1, table: 'items', resource: 'items', schema }],
      rejects: [{ name: '1.jsonl', loadId: 1, resource: 'items', rows: 3 }],
    }
    await writeManifest(join(path, 'shop'), manifest)
    expect(await readManifest({ path, kind: 'jsonl' }, 'shop')).toEqual(manifest)
    expect(await readdir(join(path, 'shop'))).toEqual(['_sync_manifest.json'])
  })

  it('of format 1 is read, and has no schema versions and rejects yet', async () => {
    const first = {
      format: 1,
      dataset: 'shop',
      loads: [{ ...load, ...times }],
      resources: {},
      tables: { items: { schema, primaryKey: [], files: [] } },
    }
    const path = await datasetWith(JSON.stringify(first))
    const manifest = await readManifest({ path, kind: 'jsonl' }, 'shop')
    expect(manifest).toMatchObject({ format: 2, kind: 'jsonl', schemaVersions: [], rejects: [] })
    expect(manifest.loads).toEqual([{ ...load, ...times, schemaVersion: 0 }])
    expect(pipelineState(manifest)).toEqual({ resources: {}, tables: { items: schema } })
  })

  it('that is not there is that of an empty dataset', async () => {
    const manifest = await readManifest({ path: await temporaryFolder(), kind: 'jsonl' }, 'shop')
    expect(manifest).toMatchObject({ dataset: 'shop', loads: [], tables: {} })
  })

  it.each([
    ['is no JSON', '{"format":2', ''],
    ['is no object', '[]', 'it is not an object'],
    ['has another format', '{"format":3}', 'its format is 3'],
    ['has no tables', '{"format":2}', 'it has no tables'],
    ['has a table without files', '{"format":2,"tables":{"items":{}}}', 'its table items has no files or columns'],
    ['has no loads', '{"format":2,"tables":{}}', 'it has no loads or resources'],
    ['has rejects that are no list', '{"format":2,"tables":{},"loads":[],"resources":{},"rejects":{}}', 'no lists'],
  ])('that %s is refused, and says why', async (_, text, why) => {
    const path = await datasetWith(text)
    const refused = { code: 'MANIFEST_INVALID', recovery: 'fix-config', message: expect.stringContaining(why) }
    await expect(readManifest({ path, kind: 'jsonl' }, 'shop')).rejects.toMatchObject(refused)
    expect(await readFile(join(path, 'shop', '_sync_manifest.json'), 'utf8')).toBe(text)
  })

  it('of another kind of files is refused [jsonl.kinds]', async () => {
    const path = await datasetWith('{"format":2,"kind":"parquet","dataset":"shop","loads":[],"resources":{},"tables":{}}')
    await expect(readManifest({ path, kind: 'jsonl' }, 'shop')).rejects.toMatchObject({
      code: 'DATASET_OF_OTHER_KIND',
      message: expect.stringContaining('one of parquet files'),
    })
    expect(await listDatasets({ path, kind: 'jsonl' })).toEqual([])
    expect(await listDatasets({ path, kind: 'parquet' })).toEqual(['shop'])
  })

  it('is replaced as a whole, or not at all: what was half written is no manifest [jsonl.commit.rename]', async () => {
    const path = await temporaryFolder()
    await mkdir(join(path, 'shop'))
    const empty = await readManifest({ path, kind: 'jsonl' }, 'shop')
    await writeManifest(join(path, 'shop'), empty)
    await writeFile(join(path, 'shop', '_sync_manifest.json.next'), '{"format":2,"tab')
    expect(await readManifest({ path, kind: 'jsonl' }, 'shop')).toEqual(empty)
  })
})

describe('listDatasets', () => {
  it.each(['nowhere', 'file'])('needs a folder, and %s is none', async (name) => {
    const path = await temporaryFolder()
    await writeFile(join(path, 'file'), '')
    await expect(listDatasets({ path: join(path, name), kind: 'jsonl' })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      recovery: 'fix-config',
    })
  })
})
