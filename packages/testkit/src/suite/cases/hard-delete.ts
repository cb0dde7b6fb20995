import type { Column } from '@tributary/core'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { ended, loaded } from '../expect.ts'
import { primaryKey, tables, tag, versionedTables } from '../items.ts'
import { scenario } from '../scenario.ts'

const plan = { primaryKey, disposition: 'merge', hardDelete: 'gone' } as const
const a = { id: 1, name: 'a', tags: [tag('x', 1, 2)] }
const b = { id: 2, name: 'b', tags: [tag('y')] }
const first = { records: [a, b], changes: [{ inserted: 2 }, { inserted: 2 }, { inserted: 2 }] }
const gone = { id: 1, gone: true, tags: [tag('of the deletion', 9)] }

/** Types of the column, values that delete, and values that do not. */
const TYPES: readonly (readonly [type: Column['type'], deletes: readonly unknown[], keeps: readonly unknown[]])[] = [
  ['bool', [true], [false, null]],
  ['text', ['2026-01-02', '', 'false'], [null]],
  ['timestamp', ['2026-01-02T03:04:05Z'], [null]],
  ['bigint', [1, 0], [null]],
  ['json', ['{"by":"x"}', 'false'], [null]],
]

export const hardDeleteCases: readonly DestinationCase[] = [
  ...TYPES.map(([type, deletes, keeps]) => {
    const table = schemaOf('items', { id: 'bigint', gone: type })
    const ids = [...deletes, ...keeps].map((_, id) => ({ id }))
    const kept = keeps.map((value, index) => ({ id: deletes.length + index, gone: value }))
    return scenario({
      name: `hard delete: by a column of ${type} [dispositions.hard-delete]`,
      tables: [table],
      plan,
      loads: [
        { records: ids },
        {
          records: [...deletes.map((value, id) => ({ id, gone: value })), ...kept],
          changes: [{ deleted: deletes.length, ...(type === 'bool' ? { updated: 1, unchanged: 1 } : { unchanged: 1 }) }],
        },
      ],
      after: loaded(2, kept, deletes.length + 1),
    })
  }),
  ...(['delete-insert', 'upsert', 'mirror'] as const).map((strategy) =>
    scenario({
      name: `hard delete: ${strategy} removes the row and its children [dispositions.hard-delete.${strategy}]`,
      tables,
      plan: { ...plan, strategy },
      loads: [first, { records: [gone], changes: [{ deleted: 1 }, { deleted: 1 }, { deleted: 2 }] }],
      after: loaded(1, [b], 2),
    }),
  ),
  scenario({
    name: 'hard delete: insert-only keeps what is stored, and never writes the deletion [dispositions.hard-delete.insert-only]',
    tables,
    plan: { ...plan, strategy: 'insert-only' },
    loads: [first, { records: [gone, { id: 3, gone: true }, { id: 4, gone: false }], changes: [{ inserted: 1 }] }],
    after: [...loaded(1, [a, b]), ...loaded(2, [{ id: 4, gone: false }], 3)],
  }),
  scenario({
    name: 'hard delete: scd2 ends the version, which keeps its children [dispositions.hard-delete.scd2]',
    tables: versionedTables,
    plan: { ...plan, strategy: 'scd2' },
    loads: [
      first,
      { records: [gone, { id: 3, gone: true }], changes: [{ updated: 1 }] },
      { records: [gone], changes: [] },
      { records: [a], changes: [{ inserted: 1 }, { inserted: 1 }, { inserted: 2 }] },
    ],
    after: [...ended(1, 2, [a]), ...loaded(1, [b], 2), ...loaded(4, [a])],
  }),
  scenario({
    name: 'hard delete: scd2 that has all there is ends a version once [dispositions.hard-delete.scd2]',
    tables: versionedTables,
    plan: { ...plan, strategy: 'scd2', removesAbsent: true },
    loads: [first, { records: [gone], changes: [{ updated: 2 }] }],
    after: ended(1, 2, [a, b]),
  }),
  scenario({
    name: 'hard delete: of a key that is not stored does nothing [dispositions.hard-delete.unknown]',
    tables,
    plan,
    loads: [
      { records: [gone, b], changes: [{ inserted: 1 }, { inserted: 1 }, {}] },
      { records: [{ ...gone, id: 7 }], changes: [] },
    ],
    after: loaded(1, [b], 2),
  }),
  scenario({
    name: 'hard delete: the last of duplicates says whether the row is there [dispositions.hard-delete.duplicates]',
    tables,
    plan,
    loads: [
      first,
      {
        batches: [
          [{ ...a, name: 'A' }, { ...b, gone: true }, { id: 3 }],
          [gone, { ...b, name: 'B' }, { id: 3, gone: true }],
        ],
        changes: [{ updated: 1, deleted: 1 }, { unchanged: 1, deleted: 1 }, { deleted: 2 }],
      },
    ],
    after: loaded(2, [{ ...b, name: 'B' }], 5),
  }),
  scenario({
    name: 'hard delete: a row that comes again is there again [dispositions.hard-delete.returning]',
    tables,
    plan: { ...plan, skipUnchanged: true },
    loads: [first, { records: [gone] }, { records: [a], changes: [{ inserted: 1 }, { inserted: 1 }, { inserted: 2 }] }],
    after: [...loaded(1, [b], 2), ...loaded(3, [a])],
  }),
  ...[{ disposition: 'replace' }, { disposition: 'replace', recreate: true }, { disposition: 'append' }].map((other) =>
    scenario({
      name: `hard delete: with ${other.disposition}${other.recreate === true ? ' of a full refresh' : ''} the row is left out [dispositions.hard-delete.left-out]`,
      tables,
      plan: { ...plan, ...(other as { disposition: 'append' | 'replace'; recreate?: boolean }), keep: 'all' },
      loads: [{ records: [gone, b, { id: 3, gone: false }], changes: [{ inserted: 2 }, { inserted: 1 }, {}] }],
      after: loaded(1, [b, { id: 3, gone: false }], 2),
    }),
  ),
  scenario({
    name: 'hard delete: before its column ever came, no row is one [dispositions.hard-delete.new-column]',
    tables: [schemaOf('items', { id: 'bigint' })],
    plan,
    loads: [
      { records: [{ id: 1 }, { id: 2 }], changes: [{ inserted: 2 }] },
      { tables, records: [gone], changes: [{ deleted: 1 }] },
    ],
    after: loaded(1, [{ id: 2 }], 2),
  }),
]
