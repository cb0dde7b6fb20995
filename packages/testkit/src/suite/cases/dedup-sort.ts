import type { Column } from '@tributary/core'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { expectChanges, expectRecords, loaded } from '../expect.ts'
import { load } from '../load.ts'

/** Values of each type, smaller ones first. */
const ASCENDING: readonly (readonly [column: Partial<Column> & Pick<Column, 'type'>, values: readonly unknown[]])[] = [
  [{ type: 'bigint' }, [-(2n ** 63n), -1, 0, 9, 10, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n]],
  [{ type: 'double' }, [-1e300, -0.5, 0, 5e-324, 9.5, 10, 1e21]],
  [
    { type: 'decimal', precision: 38, scale: 2 },
    ['-10.5', '-9', '0', '0.01', '9.75', '10', `${'9'.repeat(36)}.98`, `${'9'.repeat(36)}.99`],
  ],
  [{ type: 'bool' }, [false, true]],
  [
    { type: 'timestamp' },
    [
      '0001-01-01T00:00:00Z',
      '1969-12-31T23:59:59.999999Z',
      '2026-01-02T03:04:05Z',
      '2026-01-02T03:04:05.000001Z',
      '2026-01-02T03:04:05.1Z',
      '9999-12-31T00:00:00Z',
    ],
  ],
  [{ type: 'date' }, ['0001-01-01', '1969-12-31', '2024-02-29', '9999-12-31']],
  [{ type: 'time' }, ['00:00:00', '09:59:59', '10:00:00', '23:59:59.999999']],
  // By code point: no language's order, and U+FB01 before U+1D11E.
  [{ type: 'text' }, ['', '10', '9', 'B', 'Z', '_', 'a', 'a b', 'aB', 'ab', 'e\u0301', 'é', '東', '\ufb01', '𝄞']],
]

const primaryKey = ['id']

/** Each value against the next, and the smallest against none. */
function pairs(values: readonly unknown[]): { lower: unknown; higher: unknown }[] {
  return values.slice(1).map((higher, index) => ({ lower: values[index], higher }))
}

export const dedupSortCases: readonly DestinationCase[] = ASCENDING.flatMap(([column, values]) =>
  (['asc', 'desc'] as const).map(
    (order): DestinationCase => ({
      name: `dedup sort: ${order} by ${column.type}, in a load and against what is stored [dispositions.dedup-sort.${order}]`,
      async run(fixture) {
        const tables = [schemaOf('sorted', { id: 'bigint', value: column, name: 'text' })]
        const [table] = tables
        const plan = { tables, primaryKey, disposition: 'merge', dedupSort: { column: 'value', order } } as const
        const all = pairs(values).map(({ lower, higher }) => (order === 'asc' ? [lower, higher] : [higher, lower]))
        const better = [...all.map(([value]) => value), values[0]].map((value, id) => ({ id, value, name: 'better' }))
        const worse = [...all.map(([, value]) => value), null].map((value, id) => ({ id, value, name: 'worse' }))
        // In a load: the better one comes first, and in another batch last.
        await load(fixture, { ...plan, id: 1, batches: [better, worse] })
        await expectRecords(fixture, tables, loaded(1, better), primaryKey)
        // Against what is stored.
        const older = await load(fixture, { ...plan, id: 2, records: worse })
        expectChanges(older, table!, { unchanged: worse.length })
        await expectRecords(fixture, tables, loaded(1, better), primaryKey)
        // The other way round, with other keys.
        const moved = (records: typeof better): typeof better => records.map((record) => ({ ...record, id: record.id + 100 }))
        await load(fixture, { ...plan, id: 3, records: moved(worse) })
        const newer = await load(fixture, { ...plan, id: 4, records: moved(better) })
        expectChanges(newer, table!, { updated: better.length })
        await load(fixture, { ...plan, id: 5, batches: [moved(worse), moved(better)].map((records) => moved(records)) })
        const after = [...loaded(1, better), ...loaded(4, moved(better)), ...loaded(5, moved(moved(better)))]
        await expectRecords(fixture, tables, after, primaryKey)
      },
    }),
  ),
)
