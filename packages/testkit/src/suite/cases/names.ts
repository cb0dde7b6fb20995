import type { TableSchema } from '@tributary/core'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase, DestinationFixture } from '../case.ts'
import { expectChanges, expectRecords, loaded } from '../expect.ts'
import { DATASET, load, loadInto, withDataset } from '../load.ts'

/** Names that mean something to SQL, to file systems or to JavaScript. */
const HOSTILE = [
  'select',
  'order',
  'null',
  'value',
  'temp',
  'main',
  'quote"d',
  '"',
  "apostrophe's",
  "x'; DROP TABLE canary; --",
  'x"; DROP TABLE canary; --',
  '/* comment */',
  '$1',
  '?',
  '%s',
  'back`tick',
  'back\\slash',
  'with space',
  'line\nend',
  'dot.ted',
  '..',
  '../escape',
  '/etc/escape',
  'con',
  '_1st',
  'grüße',
  '東京',
  'имя',
  '👩‍👩‍👧',
  '__proto__',
  'constructor',
  'prototype',
  'has_own_property',
  'then',
  '_sync_stage_1_0',
  '_sync_replaced',
]

const canary = schemaOf('canary', { id: 'bigint' })
const primaryKey = ['id']

/** As `{ [key]: first, plain: second }`, also where the key means something to an object literal. */
const ofPairs = <T, U>(key: string, first: T, second: U): Record<string, T | U> =>
  Object.fromEntries<T | U>([
    [key, first],
    ['plain', second],
  ])

/** The longest name that the destination takes, of letters of one and of three bytes. */
function longNames({ destination }: DestinationFixture): string[] {
  const bytes = Math.min(destination.identifierLimit, 200)
  return ['n'.repeat(bytes), '名'.repeat(Math.floor(bytes / 3))]
}

export const nameCases: readonly DestinationCase[] = [
  {
    name: 'names: a column can have any [names.quoted]',
    async run(fixture) {
      const columns = [...HOSTILE, ...longNames(fixture)]
      const tables = [schemaOf('named', { id: 'bigint', ...Object.fromEntries(columns.map((name) => [name, 'text' as const])) })]
      const record = (id: number): Record<string, unknown> => ({
        id,
        ...Object.fromEntries(columns.map((name) => [name, `${id} ${name}`])),
      })
      await load(fixture, { id: 1, tables: [canary], records: [{ id: 1 }] })
      await load(fixture, { id: 2, tables, records: [record(1), record(2)], primaryKey, disposition: 'merge' })
      const change = { ...record(1), '"': 'changed' }
      const result = await load(fixture, {
        id: 3,
        tables,
        records: [change, record(2)],
        primaryKey,
        disposition: 'merge',
        skipUnchanged: true,
      })
      expectChanges(result, tables[0]!, { updated: 1, unchanged: 1 })
      await expectRecords(fixture, tables, [...loaded(2, [record(2)], 2), ...loaded(3, [change])], primaryKey)
      await expectRecords(fixture, [canary], loaded(1, [{ id: 1 }]))
    },
  },
  {
    name: 'names: a key column can have any [names.quoted]',
    async run(fixture) {
      const tables = (index: number, key: string): TableSchema[] => [schemaOf(`keyed_${index}`, ofPairs(key, 'bigint', 'text'))]
      await withDataset(fixture, async (dataset) => {
        for (const [index, key] of HOSTILE.entries()) {
          const plan = { tables: tables(index, key), primaryKey: [key], disposition: 'merge' } as const
          await loadInto(dataset, { ...plan, id: index * 2 + 1, records: [ofPairs(key, 1, 'a'), ofPairs(key, 2, 'b')] })
          await loadInto(dataset, { ...plan, id: index * 2 + 2, records: [ofPairs(key, 1, 'A')] })
        }
      })
      for (const [index, key] of HOSTILE.entries()) {
        const before = loaded(index * 2 + 1, [ofPairs(key, 2, 'b')])
        const after = loaded(index * 2 + 2, [ofPairs(key, 1, 'A')])
        await expectRecords(fixture, tables(index, key), [...before, ...after], [key])
      }
    },
  },
  ...[...HOSTILE, undefined].map(
    (name): DestinationCase => ({
      name: `names: a table can be called ${name === undefined ? 'as long as the limit is' : JSON.stringify(name)} [${name === undefined ? 'names.limit.table' : 'names.quoted'}]`,
      async run(fixture) {
        await load(fixture, { id: 1, tables: [canary], records: [{ id: 1 }] })
        let id = 2
        for (const table of name === undefined ? longNames(fixture) : [name]) {
          const root = schemaOf(table, { id: 'bigint', name: 'text' })
          const tables = name === undefined ? [root] : [root, schemaOf('tags', { value: 'text' }, { parent: root })]
          const records = [
            { id: 1, name: 'a', tags: [{ value: 'x' }] },
            { id: 2, name: 'b' },
          ]
          const plan = { tables, primaryKey, disposition: 'merge' } as const
          await load(fixture, { ...plan, id: id++, records })
          const change = { id: 1, name: 'A', tags: [{ value: 'y' }] }
          await load(fixture, { ...plan, id: id++, records: [change] })
          await expectRecords(fixture, tables, [...loaded(id - 2, records.slice(1), 2), ...loaded(id - 1, [change])], primaryKey)
        }
        await expectRecords(fixture, [canary], loaded(1, [{ id: 1 }]))
      },
    }),
  ),
  {
    name: 'names: a dataset can be called after SQL [names.quoted]',
    async run(fixture) {
      for (const dataset of ['select', 'odd "name"', "it's; --", 'main', 'temp', DATASET.toUpperCase()]) {
        await load(fixture, { id: 1, tables: [canary], records: [{ id: 1 }] }, dataset)
        await load(fixture, { id: 2, tables: [canary], records: [{ id: 2 }] }, dataset)
        await expectRecords(fixture, [canary], [...loaded(1, [{ id: 1 }]), ...loaded(2, [{ id: 2 }])], [], dataset)
      }
    },
  },
]
