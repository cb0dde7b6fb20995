import assert from 'node:assert/strict'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase, DestinationFixture } from '../case.ts'
import { expectNothing, expectRecords, loaded } from '../expect.ts'
import { type LoadSpec, load, nextState, stage, withDataset } from '../load.ts'
import { readRows } from '../look.ts'

const items = schemaOf('items', { id: 'bigint', name: 'text' })
const tags = schemaOf('tags', { value: 'text' }, { parent: items })
const tables = [items, tags]
const primaryKey = ['id']
const good: LoadSpec = {
  id: 1,
  tables,
  records: [
    { id: 1, name: 'a', tags: [{ value: 'x' }] },
    { id: 2, name: 'b' },
  ],
  primaryKey,
  disposition: 'merge',
  state: { cursors: { rows: { '': { path: 'id', value: 2 } } } },
}
const wider = schemaOf('items', { id: 'bigint', name: 'text', more: 'text' })
const next = { id: 2, tables: [wider, tags], records: [{ id: 1, name: 'A', more: 'm', tags: [] }, { id: 3 }], primaryKey }

async function expectOnlyTheGoodLoad(fixture: DestinationFixture): Promise<void> {
  await expectRecords(fixture, tables, loaded(1, good.records!), primaryKey)
  await withDataset(fixture, async (dataset) => {
    const { state, loads } = await dataset.read()
    assert.deepEqual(
      loads.map(({ loadId }) => loadId),
      [1],
    )
    assert.deepEqual(state.resources, { items: good.state })
    assert.deepEqual(Object.keys(state.tables).sort(), ['items', 'items__tags'])
    assert.deepEqual(state.tables.items!.columns, items.columns)
  })
}

export const atomicityCases: readonly DestinationCase[] = [
  {
    name: 'commit: a first load that is aborted leaves nothing [state.atomic]',
    async run(fixture) {
      await withDataset(fixture, async (dataset) => (await stage(dataset, good)).abort())
      await expectNothing(fixture, items)
      await withDataset(fixture, async (dataset) => {
        assert.deepEqual(await dataset.read(), { state: { resources: {}, tables: {} }, loads: [] })
      })
    },
  },
  ...(['append', 'replace', 'merge'] as const).flatMap((disposition): DestinationCase[] => [
    {
      name: `commit: ${disposition} that is aborted leaves everything as it was [${disposition === 'replace' ? 'dispositions.replace.failed' : 'state.atomic'}]`,
      async run(fixture) {
        await load(fixture, good)
        await withDataset(fixture, async (dataset) => (await stage(dataset, { ...next, disposition })).abort())
        await expectOnlyTheGoodLoad(fixture)
      },
    },
    {
      name: `commit: ${disposition} that was never committed leaves everything as it was [${disposition === 'replace' ? 'dispositions.replace.failed' : 'state.atomic'}]`,
      async run(fixture) {
        await load(fixture, good)
        await withDataset(fixture, async (dataset) => {
          await stage(dataset, { ...next, disposition })
        })
        await expectOnlyTheGoodLoad(fixture)
      },
    },
  ]),
  {
    name: 'commit: the load after an aborted one is whole [state.atomic]',
    async run(fixture) {
      await load(fixture, good)
      await withDataset(fixture, async (dataset) => {
        await (await stage(dataset, { ...next, disposition: 'merge' })).abort()
        const again: LoadSpec = { id: 3, tables, records: [{ id: 2, name: 'B' }], primaryKey, disposition: 'merge' }
        await (await stage(dataset, again)).commit(await nextState(dataset, again))
      })
      await expectRecords(
        fixture,
        tables,
        [...loaded(1, good.records!.slice(0, 1)), ...loaded(3, [{ id: 2, name: 'B' }])],
        primaryKey,
      )
    },
  },
  {
    name: 'commit: staged rows are invisible while the dataset is open [state.invisible]',
    async run(fixture) {
      await load(fixture, good)
      await withDataset(fixture, async (dataset) => {
        const session = await stage(dataset, { ...next, disposition: 'replace' })
        await expectRecords(fixture, tables, loaded(1, good.records!), primaryKey)
        assert.equal((await dataset.read()).loads.length, 1)
        await session.abort()
      })
    },
  },
  {
    name: 'commit: makes the tables, also when no row came [schema.add-table]',
    async run(fixture) {
      for (const [index, disposition] of (['append', 'merge', 'replace'] as const).entries()) {
        const table = schemaOf(`empty_${disposition}`, { id: 'bigint', name: 'text' })
        const empty = [table, schemaOf('tags', { value: 'text' }, { parent: table })]
        await load(fixture, { id: index + 1, tables: empty, disposition, primaryKey })
        for (const { name } of empty) assert.deepEqual(await readRows(fixture, name), [])
      }
    },
  },
]
