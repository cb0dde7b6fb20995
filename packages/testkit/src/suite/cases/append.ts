import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { expectChanges, expectRecords, loaded } from '../expect.ts'
import { load } from '../load.ts'

const events = schemaOf('events', { id: 'bigint', name: 'text' })
const tags = schemaOf('tags', { value: 'text' }, { parent: events })
const tables = [events, tags]
const first = [
  { id: 1, name: 'a', tags: [{ value: 'x' }, { value: 'y' }] },
  { id: 2, name: 'b' },
]
const second = [
  { id: 2, name: 'b' },
  { id: 3, name: 'c', tags: [{ value: 'z' }] },
]

export const appendCases: readonly DestinationCase[] = [
  {
    name: 'append: keeps the rows that are there [dispositions.append]',
    async run(fixture) {
      const one = await load(fixture, { id: 1, tables, records: first })
      expectChanges(one, events, { inserted: 2 })
      expectChanges(one, tags, { inserted: 2 })
      const two = await load(fixture, { id: 2, tables, records: second })
      expectChanges(two, events, { inserted: 2 })
      expectChanges(two, tags, { inserted: 1 })
      await expectRecords(fixture, tables, [...loaded(1, first), ...loaded(2, second)])
    },
  },
  {
    name: 'append: a key alone makes no row unique [dispositions.append.key]',
    async run(fixture) {
      const primaryKey = ['id']
      await load(fixture, { id: 1, tables, records: [...first, ...first], primaryKey })
      await load(fixture, { id: 2, tables, records: second, primaryKey })
      await expectRecords(fixture, tables, [...loaded(1, [...first, ...first]), ...loaded(2, second)], primaryKey)
    },
  },
  {
    name: 'append: rows that may repeat are loaded once a run [dispositions.repeats.append]',
    async run(fixture) {
      const primaryKey = ['id']
      const earlier = [{ id: 3, name: 'of an earlier run', tags: [{ value: 'earlier' }] }]
      await load(fixture, { id: 1, tables, records: earlier, primaryKey })
      await load(fixture, { id: 2, tables, records: first, primaryKey, firstLoadId: 2 })
      const last = await load(fixture, { id: 3, tables, records: second, primaryKey, firstLoadId: 2, mayRepeat: true })
      expectChanges(last, events, { inserted: 1 })
      await expectRecords(
        fixture,
        tables,
        [...loaded(1, earlier), ...loaded(2, first), ...loaded(3, second.slice(1))],
        primaryKey,
      )
    },
  },
  {
    name: 'append: of rows that may repeat, the last of each key is loaded, with its children [dispositions.repeats.append]',
    async run(fixture) {
      const primaryKey = ['id']
      const repeated = { id: 1, name: 'again', tags: [{ value: 'new' }] }
      const result = await load(fixture, { id: 1, tables, batches: [first, [repeated]], primaryKey, mayRepeat: true })
      expectChanges(result, events, { inserted: 2 })
      expectChanges(result, tags, { inserted: 1 })
      await expectRecords(fixture, tables, loaded(1, [first[1]!, repeated]), primaryKey)
    },
  },
]
