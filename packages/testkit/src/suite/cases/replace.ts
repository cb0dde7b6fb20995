import assert from 'node:assert/strict'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { expectChanges, expectRecords, loaded } from '../expect.ts'
import { load } from '../load.ts'
import { readRows, readRowsIfAny } from '../look.ts'

const events = schemaOf('events', { id: 'bigint', name: 'text' })
const tags = schemaOf('tags', { value: 'text' }, { parent: events })
const tables = [events, tags]
const first = [
  { id: 1, name: 'a', tags: [{ value: 'x' }, { value: 'y' }] },
  { id: 2, name: 'b' },
]
const second = [{ id: 3, name: 'c', tags: [{ value: 'z' }] }]
const other = schemaOf('other', { id: 'bigint' })

export const replaceCases: readonly DestinationCase[] = [
  {
    name: 'replace: leaves the rows of the load alone, children too [dispositions.replace]',
    async run(fixture) {
      await load(fixture, { id: 1, tables, records: first })
      await load(fixture, { id: 2, tables: [other], records: [{ id: 9 }] })
      const result = await load(fixture, { id: 3, tables, records: second, disposition: 'replace' })
      expectChanges(result, events, { inserted: 1, deleted: 2 })
      expectChanges(result, tags, { inserted: 1, deleted: 2 })
      await expectRecords(fixture, tables, loaded(3, second))
      await expectRecords(fixture, [other], loaded(2, [{ id: 9 }]))
    },
  },
  {
    name: 'replace: without rows leaves empty tables [dispositions.replace.empty]',
    async run(fixture) {
      await load(fixture, { id: 1, tables, records: first })
      const result = await load(fixture, { id: 2, tables, disposition: 'replace' })
      expectChanges(result, events, { deleted: 2 })
      expectChanges(result, tags, { deleted: 2 })
      await expectRecords(fixture, tables, [])
    },
  },
  {
    name: 'replace: a child table that gets no rows is emptied [dispositions.replace.children]',
    async run(fixture) {
      await load(fixture, { id: 1, tables, records: first })
      await load(fixture, { id: 2, tables, records: [{ id: 3, name: 'c' }], disposition: 'replace' })
      await expectRecords(fixture, tables, loaded(2, [{ id: 3, name: 'c' }]))
    },
  },
  {
    name: 'replace: the last of each key is loaded where rows are unique or may repeat [dispositions.replace.unique]',
    async run(fixture) {
      const primaryKey = ['id']
      const records = [...first, { id: 1, name: 'again' }]
      const kept = loaded(0, records)
        .slice(1)
        .map((entry) => ({ ...entry, loadId: 1 }))
      await load(fixture, { id: 1, tables, records, primaryKey, disposition: 'replace', keep: 'last' })
      await expectRecords(fixture, tables, kept, primaryKey)
      await load(fixture, { id: 2, tables, records, primaryKey, disposition: 'replace', mayRepeat: true })
      await expectRecords(
        fixture,
        tables,
        kept.map((entry) => ({ ...entry, loadId: 2 })),
        primaryKey,
      )
    },
  },
  {
    name: 'replace: recreated tables have the columns that come, and no others [state.full-refresh.tables]',
    async run(fixture) {
      await load(fixture, { id: 1, tables, records: first })
      await load(fixture, { id: 2, tables: [other], records: [{ id: 9 }] })
      const narrow = schemaOf('events', { id: 'text' })
      await load(fixture, { id: 3, tables: [narrow], records: [{ id: 'one' }], disposition: 'replace', recreate: true })
      await expectRecords(fixture, [narrow], loaded(3, [{ id: 'one' }]))
      await expectRecords(fixture, [other], loaded(2, [{ id: 9 }]))
      for (const row of await readRows(fixture, 'events')) {
        assert.ok(!Object.hasOwn(row, 'name'), 'the column name should be gone')
      }
      const rows = await readRowsIfAny(fixture, tags.name)
      assert.deepEqual(rows, [], 'a child table that no longer comes has no rows')
    },
  },
  {
    name: 'replace: a recreated table can be loaded into again [state.full-refresh.tables]',
    async run(fixture) {
      await load(fixture, { id: 1, tables, records: first })
      await load(fixture, { id: 2, tables, records: second, disposition: 'replace', recreate: true })
      await load(fixture, { id: 3, tables, records: first })
      await expectRecords(fixture, tables, [...loaded(2, second), ...loaded(3, first)])
    },
  },
]
