import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { expectChanges, expectRecords, loaded } from '../expect.ts'
import { load } from '../load.ts'

const wide = schemaOf('wide', {
  id: 'bigint',
  text: 'text',
  bigint: 'bigint',
  double: 'double',
  bool: 'bool',
  timestamp: 'timestamp',
  date: 'date',
  time: 'time',
  decimal: { type: 'decimal', precision: 12, scale: 2 },
  json: 'json',
  uuid: 'uuid',
  binary: 'binary',
})
const parts = schemaOf('parts', { value: 'text' }, { parent: wide })
const tables = [wide, parts]
const primaryKey = ['id']

/** A record of which every column has a value in some rows and none in others, in another rhythm each. */
function recordAt(index: number): Readonly<Record<string, unknown>> {
  const two = (number: number): string => String(number).padStart(2, '0')
  const values: readonly (readonly [name: string, value: unknown])[] = [
    ['text', 'x'.repeat(index % 17) + index],
    ['bigint', BigInt(index) * 1_000_000_007n],
    ['double', index / 7],
    ['bool', index % 2 === 0],
    ['timestamp', `2026-01-${two(1 + (index % 28))}T${two(index % 24)}:00:00.${String(index).padStart(6, '0')}Z`],
    ['date', `2025-${two(1 + (index % 12))}-15`],
    ['time', `${two(index % 24)}:${two(index % 60)}:00`],
    ['decimal', `${index}.25`],
    ['json', `{"index":${index}}`],
    ['uuid', `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`],
    ['binary', Uint8Array.of(index & 255, index >>> 8)],
  ]
  const present = values.filter((_, column) => (index + column) % (column + 2) !== 0)
  const items = Array.from({ length: index % 3 }, (_, item) => ({ value: `${index}/${item}` }))
  return { id: index, ...Object.fromEntries(present), parts: items }
}

export const volumeCases: readonly DestinationCase[] = [
  {
    name: 'volume: thousands of rows of every type, in batches of every size [suite.volume]',
    async run(fixture) {
      const records = Array.from({ length: 5300 }, (_, index) => recordAt(index))
      const batches = [records.slice(0, 1), records.slice(1, 3100), records.slice(3100, 3132), records.slice(3132)]
      const result = await load(fixture, { id: 1, tables, batches, primaryKey, disposition: 'merge' })
      expectChanges(result, wide, { inserted: 5300 })
      await expectRecords(fixture, tables, loaded(1, records), primaryKey)
      const changed = records.slice(2000, 2100).map((record) => ({ ...record, text: 'changed' }))
      const plan = { id: 2, tables, primaryKey, disposition: 'merge', skipUnchanged: true } as const
      const again = await load(fixture, { ...plan, records: [...records.slice(0, 2000), ...changed, ...records.slice(2100)] })
      expectChanges(again, wide, { updated: 100, unchanged: 5200 })
      const rest = [...records.slice(0, 2000), ...records.slice(2100)]
      await expectRecords(fixture, tables, [...loaded(1, rest), ...loaded(2, changed)], primaryKey)
    },
  },
]
