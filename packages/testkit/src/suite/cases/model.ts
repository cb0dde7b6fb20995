import assert from 'node:assert/strict'
import type { MergeStrategy, TableSchema } from '@tributary/core'
import fc from 'fast-check'
import { planOf } from '../../build/plan-of.ts'
import type { RecordValues } from '../../build/rows-of.ts'
import type { DestinationCase, DestinationFixture } from '../case.ts'
import { expectChanges, expectRecords } from '../expect.ts'
import { type LoadSpec, loadInto, stage, withDataset } from '../load.ts'
import { createModel } from '../model.ts'
import {
  doubledRun,
  gappyRun,
  keyedRun,
  late,
  type ModelRun,
  type ModelStep,
  marks,
  rows,
  tags,
  unkeyedRun,
  versionsRun,
} from '../model-runs.ts'

const RUNS = 40
/** The same sequences every time: a suite that fails must fail again. */
const SEED = 20_260_102

/** Of a run with a key, as often as they stand here. */
const STRATEGIES: readonly MergeStrategy[] = ['delete-insert', 'upsert', 'delete-insert', 'insert-only', 'upsert', 'mirror']

/** What a step is to do, among what its run can do. */
function specOf(
  { primaryKey, mergeKey, versions, pool, lateFrom, dedupSort, hardDelete, doubles }: ModelRun,
  step: ModelStep,
  index: number,
): LoadSpec {
  const keyed = primaryKey.length > 0
  const strategy = versions ? 'scd2' : keyed ? STRATEGIES[step.strategy]! : 'delete-insert'
  const merges = !step.replaces && (keyed || mergeKey.length > 0)
  const hasLate = index >= lateFrom
  const tablesWith = (root: TableSchema): TableSchema[] => [versions ? { ...root, versioned: true } : root, tags, marks]
  const batches = step.batches.map((places) => places.map((place) => shaped(pool[place % pool.length]!, hasLate)))
  return {
    id: index + 1,
    tables: tablesWith(hasLate ? late : rows),
    batches,
    // A batch knows only the columns that came before it, or in it.
    tablesOfBatches: batches.map((records) => tablesWith(records.some((record) => Object.hasOwn(record, 'late')) ? late : rows)),
    primaryKey,
    strategy,
    ...((strategy === 'delete-insert' || strategy === 'scd2') && { mergeKey }),
    disposition: step.replaces && !doubles ? 'replace' : merges ? 'merge' : 'append',
    ...(merges && strategy === 'insert-only' ? { keep: 'first' } : { keep: keyed || versions ? 'last' : 'all' }),
    ...(dedupSort !== undefined && { dedupSort }),
    ...(hardDelete && { hardDelete: 'gone' }),
    removesAbsent: step.removesAbsent && (strategy === 'mirror' || strategy === 'scd2'),
    skipUnchanged: step.skipUnchanged,
    state: { cursors: { rows: { '': { path: 'id', value: index + 1 } } } },
  }
}

/** A column that is not there yet cannot have been loaded. */
function shaped(record: RecordValues, hasLate: boolean): RecordValues {
  const { late: value, ...others } = record
  return hasLate && value !== undefined ? record : others
}

async function check(fixture: DestinationFixture, run: ModelRun, dataset: string): Promise<void> {
  const model = createModel()
  const { primaryKey, steps } = run
  let committed: LoadSpec | undefined
  const visit = async (from: number): Promise<number> =>
    withDataset(
      fixture,
      async (opened) => {
        for (let index = from; index < steps.length; index++) {
          const { aborts, reopens } = steps[index]!
          if (index > from && reopens) return index
          const spec = specOf(run, steps[index]!, index)
          if (aborts) {
            await (await stage(opened, spec)).abort()
            continue
          }
          const result = await loadInto(opened, spec)
          expectChanges(result, rows, model.apply(planOf({ ...spec, table: rows.name }), spec.batches!.flat()))
          committed = spec
        }
        return steps.length
      },
      dataset,
    )
  for (let next = 0; next < steps.length; ) next = await visit(next)
  if (committed !== undefined) await expectRecords(fixture, committed.tables, model.records(), primaryKey, dataset)
  await withDataset(
    fixture,
    async (opened) => {
      const expected = committed === undefined ? {} : { rows: committed.state }
      assert.deepEqual((await opened.read()).state.resources, expected)
    },
    dataset,
  )
}

const KINDS = [
  ['with a key, by every strategy', keyedRun],
  ['with a key, of records that say parts', gappyRun],
  ['with a key that appends double', doubledRun],
  ['of versions', versionsRun],
  ['without a key', unkeyedRun],
] as const

export const modelCases: readonly DestinationCase[] = KINDS.map(([what, runs]) => ({
  name: `model: any sequence of loads ${what} gives the rows that a simple model gives [suite.model]`,
  async run(fixture) {
    let number = 0
    const property = fc.asyncProperty(runs, (run) => check(fixture, run, `model_${number++}`))
    await fc.assert(property, { numRuns: RUNS, seed: SEED })
  },
}))
