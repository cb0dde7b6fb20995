import { batchOf } from '../../build/batch-of.ts'
import { planOf } from '../../build/plan-of.ts'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { expectChanges, expectRecords, loaded } from '../expect.ts'
import { load, nextState, withDataset } from '../load.ts'

const items = schemaOf('items', { id: 'bigint', name: 'text' })
const tags = schemaOf('tags', { value: 'text' }, { parent: items })
const tables = [items, tags]
const primaryKey = ['id']
const merge = { tables, primaryKey, disposition: 'merge' } as const
const before = [
  { id: 1, name: 'old', tags: [{ value: 'old' }] },
  { id: 2, name: 'stays' },
]
const versions = [
  { id: 1, name: 'first', tags: [{ value: 'f1' }, { value: 'f2' }] },
  { id: 1, name: 'second', tags: [{ value: 's1' }] },
  { id: 1, name: 'last', tags: [{ value: 'l1' }] },
]
const after = [...loaded(1, before.slice(1)), ...loaded(2, versions.slice(2))]

export const duplicateCases: readonly DestinationCase[] = [
  {
    name: 'duplicates: the last of a batch wins, with its children',
    async run(fixture) {
      await load(fixture, { ...merge, id: 1, records: before })
      const result = await load(fixture, { ...merge, id: 2, records: versions })
      expectChanges(result, items, { updated: 1 })
      expectChanges(result, tags, { updated: 1 })
      await expectRecords(fixture, tables, after, primaryKey)
    },
  },
  {
    name: 'duplicates: the last of several batches wins, with its children',
    async run(fixture) {
      await load(fixture, { ...merge, id: 1, records: before })
      const result = await load(fixture, { ...merge, id: 2, batches: versions.map((version) => [version]) })
      expectChanges(result, items, { updated: 1 })
      await expectRecords(fixture, tables, after, primaryKey)
    },
  },
  {
    name: 'duplicates: the larger sequence wins, whichever batch it came in',
    async run(fixture) {
      await withDataset(fixture, async (dataset) => {
        const session = await dataset.begin(planOf({ table: 'items', disposition: 'merge', primaryKey }))
        const late = [
          { _sync_id: '1', id: 1, name: 'late' },
          { _sync_id: '2', id: 2, name: 'early' },
        ]
        await session.write(batchOf(items, late, { sequence: [10, 1] }))
        const early = [
          { _sync_id: '2', id: 2, name: 'late' },
          { _sync_id: '1', id: 1, name: 'early' },
        ]
        await session.write(batchOf(items, early, { sequence: [9, 2] }))
        const result = await session.commit(await nextState(dataset, { id: 1, tables: [items] }))
        expectChanges(result, items, { inserted: 2 })
      })
      const expected = [
        { id: 1, name: 'late' },
        { id: 2, name: 'late' },
      ]
      await expectRecords(fixture, [items], loaded(1, expected), primaryKey)
    },
  },
]
