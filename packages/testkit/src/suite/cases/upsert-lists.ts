import assert from 'node:assert/strict'
import type { DestinationCase } from '../case.ts'
import { expectChanges, loaded } from '../expect.ts'
import { items, marks, primaryKey, tables, tag, tags } from '../items.ts'
import { load } from '../load.ts'
import { readRows } from '../look.ts'
import { scenario } from '../scenario.ts'

const plan = { primaryKey, disposition: 'merge', strategy: 'upsert' } as const
const a = { id: 1, name: 'a', tags: [tag('x', 1, 2), tag('y')] }
const b = { id: 2, name: 'b', tags: [tag('z', 3)] }
/** With no column that records lack. */
const fewItems = { ...items, columns: items.columns.filter(({ name }) => name === 'id' || name === 'name') }
const first = { records: [a, b], changes: [{ inserted: 2 }, { inserted: 3 }, { inserted: 3 }] }

export const upsertListCases: readonly DestinationCase[] = [
  scenario({
    name: 'upsert: a list that did not come stays, with all that is below it [dispositions.upsert.lists]',
    tables,
    plan,
    loads: [first, { records: [{ id: 1, name: 'A' }], changes: [{ updated: 1 }, { unchanged: 2 }, { unchanged: 2 }] }],
    after: [...loaded(1, [b], 2), ...loaded(2, [{ ...a, name: 'A' }])],
  }),
  scenario({
    name: 'upsert: a list that no record has stays, also where each of them has all columns [dispositions.upsert.lists]',
    tables: [fewItems, tags, marks],
    plan,
    loads: [first, { records: [{ id: 1, name: 'A' }], changes: [{ updated: 1 }, { unchanged: 2 }, { unchanged: 2 }] }],
    after: [...loaded(1, [b], 2), ...loaded(2, [{ ...a, name: 'A' }])],
  }),
  scenario({
    name: 'upsert: a list that did not come changes nothing of a row [dispositions.upsert.lists]',
    tables,
    plan: { ...plan, skipUnchanged: true },
    loads: [first, { records: [{ id: 1, name: 'a' }], changes: [{ unchanged: 1 }, { unchanged: 2 }, { unchanged: 2 }] }],
    after: loaded(1, [a, b]),
  }),
  ...[[], null].map((list) =>
    scenario({
      name: `upsert: a list that came ${list === null ? 'as null' : 'empty'} empties the table of it [dispositions.upsert.lists-emptied]`,
      tables,
      plan,
      loads: [first, { records: [{ id: 1, tags: list }], changes: [{ updated: 1 }, { deleted: 2 }, { deleted: 2 }] }],
      after: [...loaded(1, [b], 2), ...loaded(2, [{ id: 1, name: 'a' }])],
    }),
  ),
  scenario({
    name: 'upsert: a list that came is replaced as a whole [dispositions.upsert.lists-replaced]',
    tables,
    plan,
    loads: [
      first,
      {
        records: [{ id: 1, tags: [tag('x', 9)] }],
        changes: [{ updated: 1 }, { unchanged: 1, deleted: 1 }, { updated: 1, deleted: 1 }],
      },
    ],
    after: [...loaded(1, [b], 2), ...loaded(2, [{ id: 1, name: 'a', tags: [tag('x', 9)] }])],
  }),
  scenario({
    name: 'upsert: in one batch some records have the list and some do not [dispositions.upsert.lists]',
    tables,
    plan,
    loads: [
      first,
      {
        records: [
          { id: 1, name: 'A' },
          { id: 2, tags: [tag('new')] },
          { id: 3, tags: null },
        ],
        changes: [
          { inserted: 1, updated: 2 },
          { updated: 1, unchanged: 2 },
          { unchanged: 2, deleted: 1 },
        ],
      },
    ],
    after: loaded(2, [{ ...a, name: 'A' }, { ...b, tags: [tag('new')] }, { id: 3 }]),
  }),
  scenario({
    name: 'upsert: the table of a list that comes for the first time [dispositions.upsert.new-list]',
    tables: [items],
    plan,
    loads: [
      {
        records: [
          { id: 1, name: 'a' },
          { id: 2, name: 'b' },
        ],
      },
      {
        tables,
        records: [{ id: 1, tags: [tag('x', 1)] }, { id: 2 }],
        changes: [{ updated: 1, unchanged: 1 }, { inserted: 1 }, { inserted: 1 }],
      },
    ],
    after: loaded(2, [
      { id: 1, name: 'a', tags: [tag('x', 1)] },
      { id: 2, name: 'b' },
    ]),
  }),
  {
    name: 'upsert: lists that stay belong to the row, whatever id it was loaded under [dispositions.merge.by-value]',
    async run(fixture) {
      await load(fixture, { id: 1, tables, records: [a] })
      const result = await load(fixture, { ...plan, id: 2, tables, records: [{ id: 1, name: 'A' }] })
      expectChanges(result, items, { updated: 1 })
      const [rows, lists, below] = await Promise.all([items, tags, marks].map(({ name }) => readRows(fixture, name)))
      assert.deepEqual(
        rows!.map(({ name }) => name),
        ['A'],
      )
      assert.deepEqual(lists!.map(({ value }) => value).sort(), ['x', 'y'])
      assert.deepEqual(below!.map(({ value }) => Number(value)).sort(), [1, 2])
      const ids = (of: readonly Record<string, unknown>[]): Set<unknown> => new Set(of.map(({ _sync_id }) => _sync_id))
      for (const row of lists!)
        assert.ok(ids(rows!).has(row._sync_parent_id), `no parent has the id ${String(row._sync_parent_id)}`)
      for (const row of below!) {
        assert.ok(ids(lists!).has(row._sync_parent_id), `no parent has the id ${String(row._sync_parent_id)}`)
        assert.ok(ids(rows!).has(row._sync_root_id), `no root has the id ${String(row._sync_root_id)}`)
      }
    },
  },
]
