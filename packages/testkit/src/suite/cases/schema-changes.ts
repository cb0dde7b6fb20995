import type { TableSchema } from '@tributary/core'
import { planOf } from '../../build/plan-of.ts'
import { batchesOf } from '../../build/rows-of.ts'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { expectRecords, loaded } from '../expect.ts'
import { load, nextState, withDataset } from '../load.ts'

const items = (value: Parameters<typeof schemaOf>[1]): TableSchema => schemaOf('items', { id: 'bigint', ...value })
export const schemaCases: readonly DestinationCase[] = [
  {
    name: 'schema: a new column has no value in the rows of before [schema.add-column]',
    async run(fixture) {
      const before = [{ id: 1, name: 'a' }]
      const after = [{ id: 2, name: 'b', more: 'm', flag: true }]
      await load(fixture, { id: 1, tables: [items({ name: 'text' })], records: before })
      const wider = [items({ name: 'text', more: 'text', flag: 'bool' })]
      await load(fixture, { id: 2, tables: wider, records: after })
      await expectRecords(fixture, wider, [...loaded(1, before), ...loaded(2, after)])
    },
  },
  {
    name: 'schema: a new column in the middle of a load [schema.add-column]',
    async run(fixture) {
      await withDataset(fixture, async (dataset) => {
        const session = await dataset.begin(planOf({ table: 'items' }))
        const wider = items({ name: 'text', more: 'bigint' })
        for (const batch of batchesOf([items({ name: 'text' })], [{ id: 1, name: 'a' }])) await session.write(batch)
        for (const batch of batchesOf([wider], [{ id: 2, more: 5 }], { firstSequence: 2 })) await session.write(batch)
        await session.commit(await nextState(dataset, { id: 1, tables: [wider] }))
      })
      const wider = [items({ name: 'text', more: 'bigint' })]
      await expectRecords(
        fixture,
        wider,
        loaded(1, [
          { id: 1, name: 'a' },
          { id: 2, more: 5 },
        ]),
      )
    },
  },
  {
    name: 'schema: a column that is missing from a batch has no value in it [schema.missing-column]',
    async run(fixture) {
      const wide = [items({ name: 'text', more: 'bigint' })]
      await load(fixture, { id: 1, tables: wide, records: [{ id: 1, name: 'a', more: 1 }] })
      await withDataset(fixture, async (dataset) => {
        const session = await dataset.begin(planOf({ id: 2, table: 'items' }))
        for (const batch of batchesOf([items({ more: 'bigint' })], [{ id: 2, more: 2 }], { loadId: 2 }))
          await session.write(batch)
        await session.commit(await nextState(dataset, { id: 2, tables: wide }))
      })
      await expectRecords(fixture, wide, [...loaded(1, [{ id: 1, name: 'a', more: 1 }]), ...loaded(2, [{ id: 2, more: 2 }])])
    },
  },
  {
    name: 'schema: a column that takes null from now on [schema.relax.column]',
    async run(fixture) {
      await load(fixture, {
        id: 1,
        tables: [items({ name: { type: 'text', nullable: false } })],
        records: [{ id: 1, name: 'a' }],
      })
      const relaxed = [items({ name: 'text' })]
      await load(fixture, { id: 2, tables: relaxed, records: [{ id: 2, name: null }] })
      await expectRecords(fixture, relaxed, [...loaded(1, [{ id: 1, name: 'a' }]), ...loaded(2, [{ id: 2 }])])
    },
  },
]
