import assert from 'node:assert/strict'
import type { DatasetReader } from '@tributary/core'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase, DestinationFixture } from '../case.ts'
import { expectRecords, loaded } from '../expect.ts'
import { DATASET, type LoadSpec, load, loadInto, stage, withDataset } from '../load.ts'
import { all, codeOf, look, readRows } from '../look.ts'

const table = schemaOf('items', { id: 'bigint', name: 'text' })
const spec: LoadSpec = { id: 1, tables: [table], records: [{ id: 1, name: 'a' }] }
const HOSTILE = ['select', 'odd "name"', "it's; --", 'main', 'temp', 'UPPER', 'with space', 'données']

async function datasetsOf({ destination }: DestinationFixture): Promise<string[] | string> {
  return destination.datasets().catch(codeOf)
}

async function everythingOf(reader: DatasetReader): Promise<unknown> {
  const rows = await all(reader.rows('items')).catch(codeOf)
  return { read: await reader.read(), versions: await reader.schemaVersions(), rejects: await all(reader.rejects()), rows }
}

const NOTHING = { read: { state: { resources: {}, tables: {} }, loads: [] }, versions: [], rejects: [], rows: 'TABLE_NOT_FOUND' }

export const lookingCases: readonly DestinationCase[] = [
  {
    name: 'looking: where nothing was loaded there is nothing, and looking makes nothing [suite.looking.nothing]',
    async run(fixture) {
      const before = await datasetsOf(fixture)
      assert.ok(before === 'FILE_NOT_FOUND' || before.length === 0, `found ${String(before)}`)
      assert.deepEqual(await look(fixture, everythingOf), NOTHING)
      assert.deepEqual(await datasetsOf(fixture), before)
    },
  },
  {
    name: 'looking: a dataset that there is not is empty beside one that there is [suite.looking.nothing]',
    async run(fixture) {
      await load(fixture, spec)
      assert.deepEqual(await look(fixture, everythingOf, 'another'), NOTHING)
      assert.deepEqual(await datasetsOf(fixture), [DATASET])
    },
  },
  {
    name: 'looking: datasets are those that were loaded to, in order [suite.looking.datasets]',
    async run(fixture) {
      for (const dataset of ['b', 'c', 'a']) await load(fixture, spec, dataset)
      await withDataset(fixture, async (dataset) => (await stage(dataset, spec)).abort(), 'aborted')
      assert.deepEqual(await datasetsOf(fixture), ['a', 'b', 'c'])
    },
  },
  {
    name: 'looking: datasets can have any name [suite.looking.hostile-names]',
    async run(fixture) {
      for (const [index, dataset] of HOSTILE.entries()) await load(fixture, { ...spec, records: [{ id: index }] }, dataset)
      const found = await datasetsOf(fixture)
      assert.deepEqual(new Set(found), new Set(HOSTILE))
      assert.equal(found.length, HOSTILE.length)
      for (const [index, dataset] of HOSTILE.entries()) {
        await expectRecords(fixture, [table], loaded(1, [{ id: index }]), [], dataset)
      }
    },
  },
  {
    name: 'looking: sees what the next run sees [suite.looking.same]',
    async run(fixture) {
      await load(fixture, { ...spec, state: { cursors: { items: { '': { path: 'id', value: 1 } } } } })
      const seen = await look(fixture, (reader) => reader.read())
      assert.deepEqual(seen, await withDataset(fixture, (dataset) => dataset.read()))
      assert.equal(seen.loads.length, 1)
    },
  },
  {
    name: 'looking: a table that there is not is an error that says so [suite.looking.no-table]',
    async run(fixture) {
      await load(fixture, spec)
      for (const name of ['other', '', 'items"; --', '__proto__']) {
        assert.equal(await readRows(fixture, name).then(() => 'found', codeOf), 'TABLE_NOT_FOUND', JSON.stringify(name))
      }
    },
  },
  {
    name: 'looking: while a writer has it open, shows what was last committed or says that it is in use [suite.looking.in-use]',
    async run(fixture) {
      await load(fixture, spec)
      const rows = async (): Promise<unknown> =>
        look(fixture, (reader) => all(reader.rows('items'))).then((found) => found.map(({ id }) => Number(id)).sort(), codeOf)
      const check = async (committed: readonly number[]): Promise<void> => {
        const found = await rows()
        if (found !== 'DATASET_IN_USE') assert.deepEqual(found, committed)
      }
      await withDataset(fixture, async (dataset) => {
        await check([1])
        const session = await stage(dataset, { ...spec, id: 2, records: [{ id: 2 }], disposition: 'replace' })
        await check([1])
        await session.abort()
        await loadInto(dataset, { ...spec, id: 3, records: [{ id: 3 }] })
        await check([1, 3])
      })
      assert.deepEqual(await rows(), [1, 3])
    },
  },
]
