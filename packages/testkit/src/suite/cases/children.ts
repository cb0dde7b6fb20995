import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { expectChanges, expectRecords, loaded } from '../expect.ts'
import { load } from '../load.ts'

const orders = schemaOf('orders', { id: 'bigint', note: 'text' })
const lines = schemaOf('lines', { sku: 'text', amount: 'bigint' }, { parent: orders })
const discounts = schemaOf('discounts', { value: 'double' }, { parent: lines })
const tables = [orders, lines, discounts]
const primaryKey = ['id']
const merge = { tables, primaryKey, disposition: 'merge' } as const

const one = { id: 1, note: 'one', lines: [line('a', 1, [0.5, 0.25]), line('b', 2)] }
const two = { id: 2, note: 'two', lines: [line('c', 3, [0.1])] }
const three = { id: 3, note: 'three' }

function line(sku: string, amount: number, values: readonly number[] = []): Readonly<Record<string, unknown>> {
  return { sku, amount, discounts: values.map((value) => ({ value })) }
}

export const childCases: readonly DestinationCase[] = [
  {
    name: 'children: are replaced with their parents, at every depth [dispositions.delete-insert.children]',
    async run(fixture) {
      await load(fixture, { ...merge, id: 1, records: [one, two, three] })
      const changed = { id: 1, note: 'changed', lines: [line('b', 2, [0.75])] }
      const grown = { ...three, lines: [line('d', 4)] }
      const result = await load(fixture, { ...merge, id: 2, records: [changed, grown] })
      expectChanges(result, orders, { updated: 2 })
      // Rows of a list are compared by their place in it.
      expectChanges(result, lines, { inserted: 1, updated: 1, deleted: 1 })
      expectChanges(result, discounts, { updated: 1, deleted: 1 })
      await expectRecords(fixture, tables, [...loaded(1, [two]), ...loaded(2, [changed, grown])], primaryKey)
    },
  },
  {
    name: 'children: that no longer come are gone [dispositions.delete-insert.children]',
    async run(fixture) {
      await load(fixture, { ...merge, id: 1, records: [one, two] })
      const result = await load(fixture, { ...merge, id: 2, records: [{ id: 1, note: 'one' }] })
      expectChanges(result, orders, { updated: 1 })
      expectChanges(result, lines, { deleted: 2 })
      expectChanges(result, discounts, { deleted: 2 })
      await expectRecords(fixture, tables, [...loaded(1, [two]), ...loaded(2, [{ id: 1, note: 'one' }])], primaryKey)
    },
  },
  {
    name: 'children: a row is changed where only its children are [dispositions.unchanged.children]',
    async run(fixture) {
      await load(fixture, { ...merge, id: 1, records: [one, two, three] })
      const changed = { ...one, lines: [line('a', 1, [0.5, 0.3]), line('b', 2)] }
      const result = await load(fixture, { ...merge, id: 2, records: [changed, two, three], skipUnchanged: true })
      expectChanges(result, orders, { updated: 1, unchanged: 2 })
      expectChanges(result, lines, { unchanged: 3 })
      expectChanges(result, discounts, { updated: 1, unchanged: 2 })
      await expectRecords(fixture, tables, [...loaded(1, [two, three]), ...loaded(2, [changed])], primaryKey)
    },
  },
  {
    name: 'children: of rows that did not change get the id of the load with them [dispositions.unchanged.children]',
    async run(fixture) {
      await load(fixture, { ...merge, id: 1, records: [one, two] })
      const result = await load(fixture, { ...merge, id: 2, records: [one] })
      expectChanges(result, orders, { unchanged: 1 })
      expectChanges(result, lines, { unchanged: 2 })
      await expectRecords(fixture, tables, [...loaded(1, [two]), ...loaded(2, [one])], primaryKey)
    },
  },
  {
    name: 'children: a child table that comes later is filled [schema.add-table]',
    async run(fixture) {
      await load(fixture, { ...merge, tables: [orders], id: 1, records: [one, two] })
      const result = await load(fixture, { ...merge, id: 2, records: [one], skipUnchanged: true })
      expectChanges(result, orders, { updated: 1 })
      expectChanges(result, lines, { inserted: 2 })
      await expectRecords(fixture, tables, [...loaded(1, [{ id: 2, note: 'two' }]), ...loaded(2, [one])], primaryKey)
    },
  },
]
