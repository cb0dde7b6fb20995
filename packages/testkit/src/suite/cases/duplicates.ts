import type { LoadPlan, MergeStrategy } from '@tributary/core'
import { batchOf } from '../../build/batch-of.ts'
import { planOf } from '../../build/plan-of.ts'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { expectChanges, expectRecords, loaded } from '../expect.ts'
import { load, nextState, withDataset } from '../load.ts'
import { scenario } from '../scenario.ts'

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

const STRATEGIES: readonly (readonly [strategy: MergeStrategy, more: Partial<LoadPlan>])[] = [
  ['delete-insert', {}],
  ['delete-insert', { mergeKey: ['name'] }],
  ['upsert', {}],
  ['insert-only', {}],
  ['scd2', {}],
  ['mirror', {}],
]

export const duplicateCases: readonly DestinationCase[] = [
  {
    name: 'duplicates: the last of a batch wins, with its children [dispositions.duplicates]',
    async run(fixture) {
      await load(fixture, { ...merge, id: 1, records: before })
      const result = await load(fixture, { ...merge, id: 2, records: versions })
      expectChanges(result, items, { updated: 1 })
      expectChanges(result, tags, { updated: 1 })
      await expectRecords(fixture, tables, after, primaryKey)
    },
  },
  {
    name: 'duplicates: the last of several batches wins, with its children [dispositions.duplicates]',
    async run(fixture) {
      await load(fixture, { ...merge, id: 1, records: before })
      const result = await load(fixture, { ...merge, id: 2, batches: versions.map((version) => [version]) })
      expectChanges(result, items, { updated: 1 })
      await expectRecords(fixture, tables, after, primaryKey)
    },
  },
  {
    name: 'duplicates: the larger sequence wins, whichever batch it came in [dispositions.duplicates.sequence]',
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
  ...STRATEGIES.map(([strategy, more]) =>
    scenario({
      name: `duplicates: of a new key are one row with ${strategy}${more.mergeKey === undefined ? '' : ' and a merge key'} [settled.duplicates]`,
      tables: strategy === 'scd2' ? [{ ...items, versioned: true }, tags] : tables,
      plan: { primaryKey, disposition: 'merge', strategy, ...more },
      loads: [
        { records: [{ id: 9, name: 'other' }] },
        {
          batches: [versions.slice(0, 1), versions.slice(1)],
          changes: [{ inserted: 1 }, { inserted: strategy === 'insert-only' ? 2 : 1 }],
        },
      ],
      after: [
        ...loaded(1, [{ id: 9, name: 'other' }]),
        ...(strategy === 'insert-only' ? loaded(2, versions.slice(0, 1)) : loaded(2, versions.slice(2), 3)),
      ],
    }),
  ),
]
