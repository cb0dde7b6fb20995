import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { expectChanges, expectRecords, loaded } from '../expect.ts'
import { load } from '../load.ts'

const items = schemaOf('items', { id: 'bigint', name: 'text', price: 'double' })
const tables = [items]
const primaryKey = ['id']
const merge = { tables, primaryKey, disposition: 'merge' } as const
const a = { id: 1, name: 'a', price: 1.5 }
const b = { id: 2, name: 'b', price: 2.5 }
const c = { id: 3, name: null, price: null }

export const mergeCases: readonly DestinationCase[] = [
  {
    name: 'merge: updates and inserts by key, and counts [dispositions.delete-insert]',
    async run(fixture) {
      expectChanges(await load(fixture, { ...merge, id: 1, records: [a, b] }), items, { inserted: 2 })
      const result = await load(fixture, { ...merge, id: 2, records: [{ ...b, name: 'B' }, c] })
      expectChanges(result, items, { inserted: 1, updated: 1 })
      await expectRecords(fixture, tables, [...loaded(1, [a]), ...loaded(2, [{ ...b, name: 'B' }, c])], primaryKey)
    },
  },
  {
    name: 'merge: a row is replaced as a whole, nulls too [dispositions.delete-insert]',
    async run(fixture) {
      await load(fixture, { ...merge, id: 1, records: [a, b] })
      await load(fixture, { ...merge, id: 2, records: [{ id: 1 }] })
      await expectRecords(fixture, tables, [...loaded(1, [b]), ...loaded(2, [{ id: 1 }])], primaryKey)
    },
  },
  {
    name: 'merge: rows that did not change are counted, and get the id of the load [dispositions.unchanged]',
    async run(fixture) {
      await load(fixture, { ...merge, id: 1, records: [a, b, c] })
      const result = await load(fixture, { ...merge, id: 2, records: [a, { ...b, price: null }, c] })
      expectChanges(result, items, { updated: 1, unchanged: 2 })
      await expectRecords(fixture, tables, loaded(2, [a, { ...b, price: null }, c]), primaryKey)
    },
  },
  {
    name: 'merge: with skipUnchanged, rows that did not change keep the id of their load [dispositions.skip-unchanged]',
    async run(fixture) {
      await load(fixture, { ...merge, id: 1, records: [a, b, c] })
      const result = await load(fixture, { ...merge, id: 2, records: [a, { ...b, name: null }, c], skipUnchanged: true })
      expectChanges(result, items, { updated: 1, unchanged: 2 })
      await expectRecords(fixture, tables, [...loaded(1, [a, c]), ...loaded(2, [{ ...b, name: null }])], primaryKey)
    },
  },
  {
    name: 'merge: without rows changes nothing [dispositions.delete-insert.empty]',
    async run(fixture) {
      await load(fixture, { ...merge, id: 1, records: [a, b] })
      expectChanges(await load(fixture, { ...merge, id: 2 }), items, {})
      await expectRecords(fixture, tables, loaded(1, [a, b]), primaryKey)
    },
  },
  {
    name: 'merge: by a key of several columns [dispositions.merge.compound-key]',
    async run(fixture) {
      const keyed = [schemaOf('prices', { shop: 'text', sku: 'text', price: 'double' })]
      const key = ['shop', 'sku']
      const plan = { tables: keyed, primaryKey: key, disposition: 'merge' } as const
      const records = [
        { shop: 'x', sku: 'y|z', price: 1 },
        { shop: 'x|y', sku: 'z', price: 2 },
        { shop: 'x', sku: '', price: 3 },
        { shop: 'X', sku: '', price: 4 },
      ]
      expectChanges(await load(fixture, { ...plan, id: 1, records }), keyed[0]!, { inserted: 4 })
      const change = { shop: 'x|y', sku: 'z', price: 20 }
      const more = { shop: 'x', sku: 'z', price: 5 }
      const result = await load(fixture, { ...plan, id: 2, records: [change, more] })
      expectChanges(result, keyed[0]!, { inserted: 1, updated: 1 })
      const rest = [records[0]!, records[2]!, records[3]!]
      await expectRecords(fixture, keyed, [...loaded(1, rest), ...loaded(2, [change, more])], key)
    },
  },
  {
    name: 'merge: the first load of a table takes only the last row of each key [dispositions.duplicates]',
    async run(fixture) {
      const result = await load(fixture, { ...merge, id: 1, records: [a, b, { ...a, name: 'last' }] })
      expectChanges(result, items, { inserted: 2 })
      await expectRecords(fixture, tables, loaded(1, [b, { ...a, name: 'last' }]), primaryKey)
    },
  },
  {
    name: 'merge: finds rows by the columns of the key, whatever ids they were loaded under [dispositions.merge.by-value]',
    async run(fixture) {
      await load(fixture, { id: 1, tables, records: [a, b] })
      const result = await load(fixture, {
        ...merge,
        id: 2,
        records: [
          { ...a, name: 'A' },
          { ...b, name: 'B' },
        ],
      })
      expectChanges(result, items, { updated: 2 })
      await expectRecords(
        fixture,
        tables,
        loaded(2, [
          { ...a, name: 'A' },
          { ...b, name: 'B' },
        ]),
        primaryKey,
      )
    },
  },
]
