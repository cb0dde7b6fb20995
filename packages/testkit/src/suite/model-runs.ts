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
  /** No merge: a replace or, of a run that doubles keys, an append. */
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
  /** Keys come to be stored more than once, by loads that append. */
  readonly doubles: boolean
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

/** Of few keys, without most fields, and often a deletion: several in one load say together what there is. */
const gappy: fc.Arbitrary<RecordValues> = fc
  .tuple(
    record,
    fc.subarray(['number', 'text', 'at', 'late', 'tags'], { minLength: 2 }),
    fc.record({ id: fc.nat({ max: 1 }), gone: fc.constantFrom(true, false, null) }, { requiredKeys: ['id'] }),
  )
  .map(([{ gone: _gone, ...whole }, missing, own]) => ({
    ...Object.fromEntries(Object.entries(whole).filter(([name]) => !missing.includes(name))),
    ...own,
  }))

/** Places in the list of strategies: all of them, and those of upsert and mirror, which take parts of records. */
const anyStrategy = fc.nat({ max: 5 })
const takingParts = fc.constantFrom(1, 4, 5)

const stepOf = (strategy: fc.Arbitrary<number>, batch: number): fc.Arbitrary<ModelStep> =>
  fc.record({
    replaces: oneIn(8),
    strategy,
    removesAbsent: fc.boolean(),
    skipUnchanged: fc.boolean(),
    batches: upTo(upTo(fc.nat({ max: 7 }), batch), 3, 1),
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

interface RunOptions {
  readonly primaryKeys: readonly (readonly string[])[]
  readonly mergeKeys: readonly (readonly string[])[]
  readonly versions?: boolean
  readonly dedupSort?: fc.Arbitrary<DedupSort | undefined>
  readonly doubles?: boolean
  readonly records?: fc.Arbitrary<RecordValues>
  readonly hardDelete?: fc.Arbitrary<boolean>
  readonly strategy?: fc.Arbitrary<number>
  /** Records of a batch, at most. */
  readonly batch?: number
}

function runWith({
  primaryKeys,
  mergeKeys,
  versions = false,
  dedupSort = fc.constant(undefined),
  doubles = false,
  records = record,
  hardDelete = fc.boolean(),
  strategy = anyStrategy,
  batch = 4,
}: RunOptions): fc.Arbitrary<ModelRun> {
  const step = stepOf(strategy, batch)
  return fc.record({
    primaryKey: fc.constantFrom(...primaryKeys),
    mergeKey: fc.constantFrom(...mergeKeys),
    versions: fc.constant(versions),
    dedupSort,
    hardDelete,
    pool: upTo(records, 8, 4),
    lateFrom: fc.integer({ min: 0, max: 4 }),
    steps: upTo(doubles ? fc.tuple(step, fc.boolean()).map(([given, replaces]) => ({ ...given, replaces })) : step, 6, 1),
    doubles: fc.constant(doubles),
  })
}

const parts = [[], ['part']]
export const keyedRun: fc.Arbitrary<ModelRun> = runWith({
  primaryKeys: [['id'], ['id'], ['id', 'part']],
  mergeKeys: parts,
  dedupSort: sort,
})
export const gappyRun: fc.Arbitrary<ModelRun> = runWith({
  primaryKeys: [['id']],
  mergeKeys: [[]],
  records: gappy,
  hardDelete: fc.constantFrom(true, true, false),
  strategy: takingParts,
  batch: 8,
})
export const doubledRun: fc.Arbitrary<ModelRun> = runWith({
  primaryKeys: [['id']],
  mergeKeys: parts,
  dedupSort: sort,
  doubles: true,
})
export const versionsRun: fc.Arbitrary<ModelRun> = fc.oneof(
  runWith({ versions: true, primaryKeys: [['id'], ['id', 'part']], mergeKeys: parts, dedupSort: sort }),
  runWith({ versions: true, primaryKeys: [[]], mergeKeys: [['part']] }),
)
export const unkeyedRun: fc.Arbitrary<ModelRun> = runWith({ primaryKeys: [[]], mergeKeys: parts })
