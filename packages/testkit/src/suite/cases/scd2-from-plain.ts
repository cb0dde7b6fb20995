import assert from 'node:assert/strict'
import { startOf } from '../../build/plan-of.ts'
import { parseInstant } from '../../values/instant.ts'
import type { DestinationCase } from '../case.ts'
import { expectChanges } from '../expect.ts'
import { items, primaryKey, tables, tag, tags, versionedTables } from '../items.ts'
import { load } from '../load.ts'
import { readRows } from '../look.ts'

const instant = (value: unknown): bigint | undefined => (typeof value === 'string' ? parseInstant(value) : undefined)
const start = (loadId: number): bigint => parseInstant(startOf(loadId).toISOString())

export const scd2FromPlainCases: readonly DestinationCase[] = [
  {
    name: 'scd2: rows of before the table had versions are active, and end like others [dispositions.scd2.from-plain]',
    async run(fixture) {
      const records = [
        { id: 1, name: 'a', tags: [tag('x')] },
        { id: 2, name: 'b' },
      ]
      await load(fixture, { id: 1, tables, records, primaryKey, disposition: 'merge' })
      const plan = { tables: versionedTables, primaryKey, disposition: 'merge', strategy: 'scd2' } as const
      const result = await load(fixture, { ...plan, id: 2, records: [{ id: 1, name: 'A', tags: [tag('y')] }] })
      expectChanges(result, items, { inserted: 1, updated: 1 })
      const rows = await readRows(fixture, items.name)
      const found = rows.map(({ name, _sync_valid_from: from, _sync_valid_to: to }) => [name, instant(from), instant(to)])
      assert.deepEqual(found.sort(), [
        ['A', start(2), undefined],
        ['a', undefined, start(2)],
        ['b', undefined, undefined],
      ])
      assert.deepEqual((await readRows(fixture, tags.name)).map(({ value }) => value).sort(), ['x', 'y'])
    },
  },
]
