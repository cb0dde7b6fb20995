import type { LoadPlan, TableSchema } from '@tributary/core'
import type { RecordValues } from '../../build/rows-of.ts'
import type { DestinationCase } from '../case.ts'
import { ended, type LoadedRecord, loaded } from '../expect.ts'
import { primaryKey, tables, tag, versionedTables } from '../items.ts'
import { scenario } from '../scenario.ts'

const COUNT = 4200
const plan = { primaryKey, disposition: 'merge' } as const

const first = Array.from({ length: COUNT }, (_, id): RecordValues => {
  const list = Array.from({ length: id % 3 }, (_, index) => tag(`${id}/${index}`, id))
  return { id, name: `name ${id}`, part: `part ${id % 700}`, tags: list }
})
/** Every second one of the upper half, of which every third has a new name; and as many new ones. */
const second = Array.from({ length: COUNT / 2 }, (_, index): RecordValues => {
  const id = COUNT / 2 + index * 2
  return { ...first[id], id, part: `part ${id % 700}`, ...(index % 3 === 0 && { name: 'new' }) }
})
const cut = (records: readonly RecordValues[]): (readonly RecordValues[])[] => [
  records.slice(0, 5),
  records.slice(5, 1000),
  records.slice(1000),
]
const known = new Set(second.map(({ id }) => id))
const isKnown = (entry: LoadedRecord): boolean => known.has(entry.record.id)
const before = loaded(1, first)
const after = loaded(2, second)
const untouched = before.filter((entry) => !isKnown(entry))
const isChanged = ({ record }: LoadedRecord): boolean => Number(record.id) >= COUNT || record.name === 'new'

const STRATEGIES: readonly (readonly [
  name: string,
  plan: Partial<LoadPlan>,
  tables: readonly TableSchema[],
  after: readonly LoadedRecord[],
])[] = [
  [
    'upsert',
    { strategy: 'upsert' },
    tables,
    [...untouched, ...after.map((entry) => ({ ...entry, record: { ...first[Number(entry.record.id)], ...entry.record } }))],
  ],
  ['insert-only', { strategy: 'insert-only' }, tables, [...before, ...after.filter(({ record }) => Number(record.id) >= COUNT)]],
  ['mirror', { strategy: 'mirror', removesAbsent: true }, tables, after],
  [
    'scd2',
    { strategy: 'scd2' },
    versionedTables,
    [
      ...untouched,
      ...before.filter(isKnown).map((entry) => {
        const changed = second.some(({ id, name }) => id === entry.record.id && name === 'new')
        return changed ? ended(1, 2, [entry.record], entry.sequence)[0]! : entry
      }),
      ...after.filter(isChanged),
    ],
  ],
  [
    'delete-insert by merge key',
    { mergeKey: ['part'] },
    tables,
    [...before.filter(({ record }) => !second.some(({ part }) => part === record.part)), ...after],
  ],
]

export const volumeStrategyCases: readonly DestinationCase[] = STRATEGIES.map(([name, more, of, expected]) =>
  scenario({
    name: `volume: thousands of rows, with ${name} [suite.volume]`,
    tables: of,
    plan: { ...plan, ...more },
    loads: [{ batches: cut(first) }, { batches: cut(second) }],
    after: expected,
  }),
)
