import assert from 'node:assert/strict'
import type { TableSchema } from '@tributary/core'
import { planOf } from '../../build/plan-of.ts'
import { batchesOf } from '../../build/rows-of.ts'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { expectChanges, expectRecords, loaded } from '../expect.ts'
import { type LoadSpec, load, nextState, withDataset } from '../load.ts'
import { readRows } from '../look.ts'

const items = (value: Parameters<typeof schemaOf>[1]): TableSchema => schemaOf('items', { id: 'bigint', ...value })
const INTEGERS = [0n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)]
const decimal = { type: 'decimal', precision: 38, scale: 0 } as const
const NINES = '9'.repeat(38)

const integerRecords = INTEGERS.map((value, index) => ({ id: index, value }))
const textRecords = INTEGERS.map((value, index) => ({ id: index, value: String(value) }))

export const wideningCases: readonly DestinationCase[] = [
  {
    name: 'widening: bigint to decimal to text keeps every digit [settled.widen-digits]',
    async run(fixture) {
      await load(fixture, { id: 1, tables: [items({ value: 'bigint' })], records: integerRecords })
      const large = { id: 10, value: `-${NINES}` }
      const asDecimal = [items({ value: decimal })]
      await load(fixture, { id: 2, tables: asDecimal, records: [large] })
      await expectRecords(fixture, asDecimal, [...loaded(1, textRecords), ...loaded(2, [large])])
      const asText = [items({ value: 'text' })]
      const larger = { id: 11, value: `${NINES}9` }
      await load(fixture, { id: 3, tables: asText, records: [larger] })
      await expectRecords(fixture, asText, [...loaded(1, textRecords), ...loaded(2, [large]), ...loaded(3, [larger])])
    },
  },
  {
    name: 'widening: bigint to double, and double to text that reads as the same number [schema.widen]',
    async run(fixture) {
      const whole = [
        { id: 1, value: 12 },
        { id: 2, value: -(2 ** 53) },
      ]
      const fraction = [
        { id: 3, value: 0.1 },
        { id: 4, value: 1.7976931348623157e308 },
      ]
      await load(fixture, { id: 1, tables: [items({ value: 'bigint' })], records: whole })
      const asDouble = [items({ value: 'double' })]
      await load(fixture, { id: 2, tables: asDouble, records: fraction })
      await expectRecords(fixture, asDouble, [...loaded(1, whole), ...loaded(2, fraction)])
      await load(fixture, { id: 3, tables: [items({ value: 'text' })], records: [{ id: 5, value: 'x' }] })
      const values = new Map((await readRows(fixture, 'items')).map(({ id, value }) => [Number(id), value]))
      assert.equal(values.get(5), 'x')
      for (const { id, value } of [...whole, ...fraction]) {
        assert.equal(typeof values.get(id), 'string')
        assert.equal(Number(values.get(id)), value)
      }
    },
  },
  {
    name: 'widening: a column that widens in the middle of a load [schema.widen]',
    async run(fixture) {
      await withDataset(fixture, async (dataset) => {
        const session = await dataset.begin(planOf({ table: 'items' }))
        const parts = [
          { table: items({ value: 'bigint' }), records: integerRecords },
          { table: items({ value: decimal }), records: [{ id: 10, value: NINES }] },
          { table: items({ value: 'text' }), records: [{ id: 11, value: 'x' }] },
        ]
        let firstSequence = 1
        for (const { table, records } of parts) {
          for (const batch of batchesOf([table], records, { firstSequence })) await session.write(batch)
          firstSequence += records.length
        }
        await session.commit(await nextState(dataset, { id: 1, tables: [items({ value: 'text' })] }))
      })
      const expected = [...textRecords, { id: 10, value: NINES }, { id: 11, value: 'x' }]
      await expectRecords(fixture, [items({ value: 'text' })], loaded(1, expected))
    },
  },
  {
    name: 'widening: date to timestamp is midnight UTC [schema.widen]',
    async run(fixture) {
      const dates = ['1969-12-31', '2026-07-02', '0001-01-01']
      await load(fixture, { id: 1, tables: [items({ at: 'date' })], records: dates.map((at, id) => ({ id, at })) })
      const wider = [items({ at: 'timestamp' })]
      await load(fixture, { id: 2, tables: wider })
      const expected = dates.map((at, id) => ({ id, at: `${at}T00:00:00Z` }))
      await expectRecords(fixture, wider, loaded(1, expected))
    },
  },
  {
    name: 'widening: a row is unchanged where only its column widened, and found where its key did [schema.widen.merge]',
    async run(fixture) {
      const key = ['key']
      const plan = { primaryKey: key, disposition: 'merge', skipUnchanged: true } as const
      const narrow = [schemaOf('keyed', { key: 'bigint', value: 'bigint' })]
      const wide = [schemaOf('keyed', { key: decimal, value: 'double', late: 'text' })]
      await load(fixture, {
        ...plan,
        id: 1,
        tables: narrow,
        records: [
          { key: 1, value: 1 },
          { key: 2, value: 2 },
        ],
      })
      const records = [
        { key: '1', value: 1 },
        { key: '2', value: 2.5 },
        { key: NINES, value: 3 },
      ]
      const result = await load(fixture, { ...plan, id: 2, tables: wide, records } satisfies LoadSpec)
      expectChanges(result, wide[0]!, { inserted: 1, updated: 1, unchanged: 1 })
      await expectRecords(fixture, wide, [...loaded(1, records.slice(0, 1)), ...loaded(2, records.slice(1))], key)
    },
  },
]
