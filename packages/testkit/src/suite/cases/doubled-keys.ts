import assert from 'node:assert/strict'
import type { LoadPlan, MergeStrategy } from '@tributary/core'
import type { RecordValues } from '../../build/rows-of.ts'
import type { DestinationCase } from '../case.ts'
import { expectChanges, loaded } from '../expect.ts'
import { items, marks, primaryKey, tables, tag, tags } from '../items.ts'
import { load } from '../load.ts'
import { readRows } from '../look.ts'
import { scenario } from '../scenario.ts'

const plan = { primaryKey, disposition: 'merge' } as const
const append = { disposition: 'append' } as const satisfies Partial<LoadPlan>
const older = { id: 1, name: 'older', part: 'p', version: 1, tags: [tag('x', 1, 2), tag('y')] }
const newer = { id: 1, name: 'newer', part: 'q', version: 2, tags: [tag('x', 3)] }
const other = { id: 2, name: 'other', part: 'r', version: 1, tags: [tag('z', 4)] }
/** Three rows of two keys, and below them four tags and four marks. */
const doubled = [
  { ...append, records: [older, other] },
  { ...append, records: [newer] },
]
const stayed = [...loaded(1, [older, other]), ...loaded(2, [newer])]
const otherStayed = loaded(1, [other], 2)
/** With none in the place of those of key 1. */
const allDeleted = [{ deleted: 2 }, { deleted: 3 }, { deleted: 3 }]
/** With the tag `x`, and one mark of it, in the place of the others. */
const onePutInPlace = [{ updated: 1 }, { updated: 1, deleted: 1 }, { updated: 1, deleted: 1 }]
const came = { id: 1, name: 'came', tags: [tag('x', 3)] }
const strategies = ['delete-insert', 'upsert', 'mirror'] as const satisfies readonly MergeStrategy[]
const completing = ['upsert', 'mirror'] as const satisfies readonly MergeStrategy[]

export const doubledKeyCases: readonly DestinationCase[] = [
  ...strategies.map((strategy) =>
    scenario({
      name: `doubled keys: ${strategy} leaves one row, an updated one, and its children [dispositions.doubled-keys.one]`,
      tables,
      plan: { ...plan, strategy },
      loads: [...doubled, { records: [came], changes: onePutInPlace }],
      after: [...otherStayed, ...loaded(3, [strategy === 'delete-insert' ? came : { ...newer, ...came }])],
    }),
  ),
  ...strategies.map((strategy) =>
    scenario({
      name: `doubled keys: with ${strategy}, a row like one of them is no unchanged one [dispositions.doubled-keys.skip-unchanged]`,
      tables,
      plan: { ...plan, strategy, skipUnchanged: true },
      loads: [
        ...doubled,
        {
          records: [newer, other],
          changes: onePutInPlace.map((changes) => ({ ...changes, unchanged: 1 })),
        },
      ],
      after: [...otherStayed, ...loaded(3, [newer])],
    }),
  ),
  scenario({
    name: 'doubled keys: children that do not come again are deleted, each [dispositions.doubled-keys.children]',
    tables,
    plan,
    loads: [...doubled, { records: [{ id: 1, name: 'came' }], changes: [{ updated: 1 }, { deleted: 3 }, { deleted: 3 }] }],
    after: [...otherStayed, ...loaded(3, [{ id: 1, name: 'came' }])],
  }),
  ...completing.map((strategy) =>
    scenario({
      name: `doubled keys: ${strategy} takes what did not come from the one that was loaded last [dispositions.doubled-keys.upsert]`,
      tables,
      plan: { ...plan, strategy },
      loads: [...doubled, { records: [{ id: 1, version: 9 }], changes: onePutInPlace }],
      after: [...otherStayed, ...loaded(3, [{ ...newer, version: 9 }])],
    }),
  ),
  scenario({
    name: 'doubled keys: upsert with a list that came takes the columns alone from the one that was loaded last [dispositions.doubled-keys.upsert]',
    tables,
    plan: { ...plan, strategy: 'upsert', skipUnchanged: true },
    loads: [
      ...doubled,
      {
        records: [{ id: 1, tags: older.tags }],
        changes: [{ updated: 1 }, { updated: 1, unchanged: 1 }, { updated: 1, unchanged: 1 }],
      },
    ],
    after: [...otherStayed, ...loaded(3, [{ ...newer, tags: older.tags }])],
  }),
  scenario({
    name: 'doubled keys: upsert completes a row from one of those that one load has written [dispositions.doubled-keys.upsert-of-one-load]',
    tables,
    plan: { ...plan, strategy: 'upsert' },
    loads: [
      { ...append, records: [older, other, older] },
      { records: [{ id: 1, version: 9 }], changes: [{ updated: 1 }, { updated: 2 }, { updated: 2 }] },
    ],
    after: [...otherStayed, ...loaded(2, [{ ...older, version: 9 }])],
  }),
  ...strategies.map((strategy) =>
    scenario({
      name: `doubled keys: a deletion with ${strategy} deletes each, and the children of each [dispositions.doubled-keys.hard-delete]`,
      tables,
      plan: { ...plan, strategy, hardDelete: 'gone' },
      loads: [...doubled, { records: [{ id: 1, gone: true }], changes: allDeleted }],
      after: otherStayed,
    }),
  ),
  scenario({
    name: 'doubled keys: mirror deletes each of a key that did not come [dispositions.doubled-keys.mirror]',
    tables,
    plan: { ...plan, strategy: 'mirror', removesAbsent: true, skipUnchanged: true },
    loads: [...doubled, { records: [other], changes: allDeleted.map((changes) => ({ ...changes, unchanged: 1 })) }],
    after: otherStayed,
  }),
  scenario({
    name: 'doubled keys: insert-only leaves each as it is [dispositions.doubled-keys.insert-only]',
    tables,
    plan: { ...plan, strategy: 'insert-only', hardDelete: 'gone' },
    loads: [
      ...doubled,
      { records: [came, { id: 2, gone: true }], changes: [{ unchanged: 1 }, { unchanged: 1 }, { unchanged: 1 }] },
    ],
    after: stayed,
  }),
  ...(['delete-insert', 'upsert'] as const).map((strategy) =>
    scenario({
      name: `doubled keys: with ${strategy}, all stay where one of them is better by the sort [dispositions.doubled-keys.dedup-sort]`,
      tables,
      // The merge key of the one that is not better comes too, and takes it no more.
      plan: { ...plan, strategy, mergeKey: ['part'], dedupSort: { column: 'version', order: 'desc' } },
      loads: [
        ...doubled,
        { records: [{ ...older, name: 'late' }], changes: [{ unchanged: 1 }, { unchanged: 2 }, { unchanged: 2 }] },
      ],
      after: stayed,
    }),
  ),
  scenario({
    name: 'doubled keys: a row that is better than all of them takes their place [dispositions.doubled-keys.dedup-sort]',
    tables,
    plan: { ...plan, dedupSort: { column: 'version', order: 'desc' } },
    loads: [...doubled, { records: [{ ...came, version: 2 }], changes: onePutInPlace }],
    after: [...otherStayed, ...loaded(3, [{ ...came, version: 2 }])],
  }),
  scenario({
    name: 'doubled keys: a merge key takes the one that has it, and its children alone [dispositions.doubled-keys.merge-key]',
    tables,
    plan: { ...plan, mergeKey: ['part'] },
    loads: [
      ...doubled,
      { records: [{ id: 9, part: 'p' }], changes: [{ inserted: 1, deleted: 1 }, { deleted: 2 }, { deleted: 2 }] },
    ],
    after: [...otherStayed, ...loaded(2, [newer]), ...loaded(3, [{ id: 9, part: 'p' }])],
  }),
  {
    name: 'doubled keys: without a primary key too, a merge key takes the one that has it, and its children alone [dispositions.doubled-keys.merge-key]',
    async run(fixture) {
      for (const [index, { records }] of doubled.entries())
        await load(fixture, { tables, primaryKey, ...append, id: index + 1, records })
      const replaces = { tables, disposition: 'merge', mergeKey: ['part'], keep: 'all' } as const
      const result = await load(fixture, { ...replaces, id: 3, records: [{ id: 9, part: 'q', tags: [tag('of 9')] }] })
      expectChanges(result, items, { inserted: 1, deleted: 1 })
      expectChanges(result, tags, { inserted: 1, deleted: 1 })
      expectChanges(result, marks, { deleted: 1 })
      assert.deepEqual(await valuesOf(fixture, tags.name), ['of 9', 'x', 'y', 'z'])
      assert.deepEqual(await valuesOf(fixture, marks.name), ['1', '2', '4'])
    },
  },
  {
    name: 'doubled keys: children of rows that one load has written go with the last of them [dispositions.doubled-keys.merge-key-of-one-load]',
    async run(fixture) {
      const twice = [older, other, { ...older, part: 'q' }]
      await load(fixture, { tables, primaryKey, ...append, id: 1, records: twice })
      const replaces = { tables, ...plan, mergeKey: ['part'] }
      const first = await load(fixture, { ...replaces, id: 2, records: [{ id: 9, part: 'p' }] })
      expectChanges(first, items, { inserted: 1, deleted: 1 })
      expectChanges(first, tags, {})
      assert.deepEqual(await valuesOf(fixture, tags.name), ['x', 'x', 'y', 'y', 'z'])
      assert.deepEqual(await valuesOf(fixture, marks.name), ['1', '1', '2', '2', '4'])
      const second = await load(fixture, { ...replaces, id: 3, records: [{ id: 9, part: 'q' }] })
      expectChanges(second, items, { updated: 1, deleted: 1 })
      expectChanges(second, tags, { deleted: 4 })
      expectChanges(second, marks, { deleted: 4 })
      assert.deepEqual(await valuesOf(fixture, tags.name), ['z'])
    },
  },
  ...(['delete-insert', 'upsert'] as const).map((strategy) => {
    const whole: RecordValues = strategy === 'upsert' ? { ...newer, name: 'came' } : { id: 1, name: 'came' }
    const added = strategy === 'upsert' ? { inserted: 1 } : {}
    return scenario({
      name: `doubled keys: ${strategy} leaves one row of those that were loaded without a key, under its own id [dispositions.doubled-keys.without-key]`,
      tables,
      plan: { ...plan, strategy },
      loads: [
        { ...append, primaryKey: [], records: [older] },
        { ...append, primaryKey: [], records: [newer] },
        {
          records: [{ id: 1, name: 'came' }],
          changes: [{ updated: 1 }, { ...added, deleted: 3 }, { ...added, deleted: 3 }],
        },
      ],
      after: loaded(3, [whole]),
    })
  }),
]

async function valuesOf(fixture: Parameters<DestinationCase['run']>[0], table: string): Promise<string[]> {
  return (await readRows(fixture, table)).map(({ value }) => String(value)).sort()
}
