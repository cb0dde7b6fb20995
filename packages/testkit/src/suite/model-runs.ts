import type { DedupSort, TableSchema } from '@tributary/core'
import fc from 'fast-check'
import type { RecordValues } from '../build/rows-of.ts'
import { schemaOf } from '../build/schema-of.ts'

export const rows: TableSchema = schemaOf('rows', {
  id: 'bigint',
  part: 'text',
  number: 'double',
  text: 'text',
  at: 'timestamp',
  gone: 'bool',
})
/** With a column that comes in some later load. */
export const late: TableSchema = { ...rows, columns: [...rows.columns, ...schemaOf('rows', { late: 'bigint' }).columns] }
export const tags: TableSchema = schemaOf('tags', { value: 'text' }, { parent: rows })
export const marks: TableSchema = schemaOf('marks', { value: 'bool' }, { parent: tags })

export interface ModelStep {
  readonly replaces: boolean
  /** Among those that the run can have. */
  readonly strategy: number
  readonly removesAbsent: boolean
  readonly skipUnchanged: boolean
  /** Places in the pool of records, so that loads often repeat a record as it was. */
  readonly batches: readonly (readonly number[])[]
  readonly aborts: boolean
  readonly reopens: boolean
}

/** A sequence of loads of one resource. */
export interface ModelRun {
  readonly primaryKey: readonly string[]
  readonly mergeKey: readonly string[]
  readonly versions: boolean
  readonly dedupSort: DedupSort | undefined
  readonly hardDelete: boolean
  readonly pool: readonly RecordValues[]
  /** First step whose records have the late column. */
  readonly lateFrom: number
  readonly steps: readonly ModelStep[]
}

/** Arrays as long as they may be, as often as short ones. */
const upTo = <T>(value: fc.Arbitrary<T>, maxLength: number, minLength = 0): fc.Arbitrary<T[]> =>
  fc.array(value, { minLength, maxLength, size: 'max' })
const oneIn = (times: number): fc.Arbitrary<boolean> => fc.nat({ max: times - 1 }).map((number) => number === times - 1)
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 4 })

const record: fc.Arbitrary<RecordValues> = fc.record(
  {
    id: fc.integer({ min: 0, max: 3 }),
    part: fc.constantFrom('a', 'b'),
    number: maybe(fc.constantFrom(0, 1, 1.5)),
    text: maybe(fc.constantFrom('', 'x', 'y')),
    at: maybe(fc.constantFrom('2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000001Z')),
    gone: maybe(oneIn(3)),
    late: maybe(fc.bigInt({ min: 0n, max: 2n })),
    tags: maybe(
      upTo(fc.record({ value: maybe(fc.constantFrom('p', 'q')), marks: upTo(fc.record({ value: maybe(fc.boolean()) }), 2) }), 2),
    ),
  },
  { requiredKeys: ['id', 'part'] },
)

const step: fc.Arbitrary<ModelStep> = fc.record({
  replaces: oneIn(8),
  strategy: fc.nat({ max: 5 }),
  removesAbsent: fc.boolean(),
  skipUnchanged: fc.boolean(),
  batches: upTo(upTo(fc.nat({ max: 7 }), 4), 3, 1),
  aborts: oneIn(6),
  reopens: oneIn(4),
})

const sort = fc.constantFrom<DedupSort | undefined>(
  undefined,
  undefined,
  { column: 'number', order: 'asc' },
  { column: 'number', order: 'desc' },
  { column: 'at', order: 'desc' },
)

function runWith(
  versions: boolean,
  primaryKeys: readonly (readonly string[])[],
  mergeKeys: readonly (readonly string[])[],
  dedupSort: fc.Arbitrary<DedupSort | undefined>,
): fc.Arbitrary<ModelRun> {
  return fc.record({
    primaryKey: fc.constantFrom(...primaryKeys),
    mergeKey: fc.constantFrom(...mergeKeys),
    versions: fc.constant(versions),
    dedupSort,
    hardDelete: fc.boolean(),
    pool: upTo(record, 8, 4),
    lateFrom: fc.integer({ min: 0, max: 4 }),
    steps: upTo(step, 6, 1),
  })
}

export const keyedRun: fc.Arbitrary<ModelRun> = runWith(false, [['id'], ['id'], ['id', 'part']], [[], ['part']], sort)
export const versionsRun: fc.Arbitrary<ModelRun> = fc.oneof(
  runWith(true, [['id'], ['id', 'part']], [[], ['part']], sort),
  runWith(true, [[]], [['part']], fc.constant(undefined)),
)
export const unkeyedRun: fc.Arbitrary<ModelRun> = runWith(false, [[]], [[], ['part']], fc.constant(undefined))
