import assert from 'node:assert/strict'
import fc from 'fast-check'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase, DestinationFixture } from '../case.ts'
import { expectChanges, expectRecords } from '../expect.ts'
import { type LoadSpec, loadInto, stage, withDataset } from '../load.ts'
import { createModel } from '../model.ts'

const RUNS = 30
/** The same sequences every time: a suite that fails must fail again. */
const SEED = 20_260_102

const rows = schemaOf('rows', { id: 'bigint', part: 'text', number: 'double', text: 'text', at: 'timestamp' })
const late = { ...rows, columns: [...rows.columns, ...schemaOf('rows', { late: 'bigint' }).columns] }
const tags = schemaOf('tags', { value: 'text' }, { parent: rows })
const marks = schemaOf('marks', { value: 'bool' }, { parent: tags })

/** Arrays as long as they may be, as often as short ones. */
const upTo = <T>(value: fc.Arbitrary<T>, maxLength: number, minLength = 0): fc.Arbitrary<T[]> =>
  fc.array(value, { minLength, maxLength, size: 'max' })
const oneIn = (times: number): fc.Arbitrary<boolean> => fc.nat({ max: times - 1 }).map((number) => number === times - 1)
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 4 })
const record = fc.record({
  id: fc.integer({ min: 0, max: 3 }),
  part: fc.constantFrom('a', 'b'),
  number: maybe(fc.constantFrom(0, 1, 1.5)),
  text: maybe(fc.constantFrom('', 'x', 'y')),
  at: maybe(fc.constantFrom('2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000001Z')),
  late: maybe(fc.bigInt({ min: 0n, max: 2n })),
  tags: upTo(
    fc.record({
      value: maybe(fc.constantFrom('p', 'q')),
      marks: upTo(fc.record({ value: maybe(fc.boolean()) }), 2),
    }),
    2,
  ),
})
const step = fc.record({
  replaces: oneIn(6),
  skipUnchanged: fc.boolean(),
  /** Places in the pool of records, so that loads often repeat a record as it was. */
  batches: upTo(upTo(fc.nat({ max: 7 }), 4), 3, 1),
  aborts: oneIn(6),
  reopens: oneIn(4),
})
const run = fc.record({
  primaryKey: fc.constantFrom<readonly string[]>([], ['id'], ['id'], ['id', 'part']),
  pool: upTo(record, 8, 4),
  lateFrom: fc.integer({ min: 0, max: 4 }),
  steps: upTo(step, 6, 1),
})
type Run = typeof run extends fc.Arbitrary<infer T> ? T : never

async function check(fixture: DestinationFixture, { primaryKey, pool, lateFrom, steps }: Run, dataset: string): Promise<void> {
  const model = createModel(primaryKey)
  const keyed = primaryKey.length > 0
  let committed = 0
  let tables = [rows, tags, marks]
  const visit = async (from: number): Promise<number> =>
    withDataset(
      fixture,
      async (opened) => {
        for (let index = from; index < steps.length; index++) {
          const { replaces, skipUnchanged, batches, aborts, reopens } = steps[index]!
          if (index > from && reopens) return index
          if (index >= lateFrom) tables = [late, tags, marks]
          const spec: LoadSpec = {
            id: index + 1,
            tables,
            batches: batches.map((places) => places.map((place) => pool[place % pool.length]!)),
            primaryKey,
            disposition: replaces ? 'replace' : keyed ? 'merge' : 'append',
            keep: keyed ? 'last' : 'all',
            skipUnchanged,
            state: { cursors: { rows: { '': { path: 'id', value: index + 1 } } } },
          }
          if (aborts) {
            await (await stage(opened, spec)).abort()
            continue
          }
          expectChanges(await loadInto(opened, spec), rows, model.apply(spec, index >= lateFrom))
          committed = spec.id
        }
        return steps.length
      },
      dataset,
    )
  for (let next = 0; next < steps.length; ) next = await visit(next)
  if (committed > 0) await expectRecords(fixture, tables, model.records(), primaryKey, dataset)
  await withDataset(
    fixture,
    async (opened) => {
      const expected = committed === 0 ? {} : { rows: { cursors: { rows: { '': { path: 'id', value: committed } } } } }
      assert.deepEqual((await opened.read()).state.resources, expected)
    },
    dataset,
  )
}

export const modelCases: readonly DestinationCase[] = [
  {
    name: 'model: any sequence of loads gives the rows that a simple model gives',
    async run(fixture) {
      let number = 0
      const property = fc.asyncProperty(run, (sequence) => check(fixture, sequence, `model_${number++}`))
      await fc.assert(property, { numRuns: RUNS, seed: SEED })
    },
  },
]
