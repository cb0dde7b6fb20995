import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { loaded } from '../expect.ts'
import { items, primaryKey, tables, tag } from '../items.ts'
import { scenario } from '../scenario.ts'

const plan = { primaryKey, disposition: 'merge', dedupSort: { column: 'version', order: 'desc' } } as const
const old = { id: 1, version: 1, tags: [tag('old', 1)] }
const better = { id: 1, version: 2, name: 'better', tags: [tag('better', 2, 3)] }
const counted = { unchanged: 1 }

export const dedupSortTieCases: readonly DestinationCase[] = [
  scenario({
    name: 'dedup sort: children go with the row that is kept [dispositions.dedup-sort.children]',
    tables,
    plan,
    loads: [
      { batches: [[better, old], [{ id: 2 }]], changes: [{ inserted: 2 }, { inserted: 1 }, { inserted: 2 }] },
      { records: [old], changes: [counted, counted, counted] },
    ],
    after: [...loaded(1, [better]), ...loaded(1, [{ id: 2 }], 3)],
  }),
  scenario({
    name: 'dedup sort: of equals the last is kept [dispositions.dedup-sort.ties]',
    tables,
    plan,
    loads: [
      {
        batches: [
          [better, old],
          [
            { ...better, name: 'last' },
            { id: 1, version: 1 },
          ],
        ],
      },
    ],
    after: loaded(1, [{ ...better, name: 'last' }], 3),
  }),
  scenario({
    name: 'dedup sort: an equal row takes the place of the stored one [dispositions.dedup-sort.ties]',
    tables,
    plan,
    loads: [
      { records: [better] },
      { records: [{ id: 1, version: 2 }], changes: [{ updated: 1 }, { deleted: 1 }, { deleted: 2 }] },
    ],
    after: loaded(2, [{ id: 1, version: 2 }]),
  }),
  scenario({
    name: 'dedup sort: a row without the value is worse than any with it, and of such the last is kept [dispositions.dedup-sort.nulls]',
    tables,
    plan: { ...plan, dedupSort: { column: 'version', order: 'asc' } },
    loads: [
      { records: [{ id: 1, version: 5 }, { id: 1 }, { id: 2, name: 'x' }, { id: 2, name: 'y' }, { id: 3 }] },
      {
        records: [
          { id: 1, name: 'without' },
          { id: 2, name: 'z' },
          { id: 3, version: 9 },
        ],
        changes: [{ updated: 2, unchanged: 1 }],
      },
    ],
    after: [
      ...loaded(1, [{ id: 1, version: 5 }]),
      ...loaded(
        2,
        [
          { id: 2, name: 'z' },
          { id: 3, version: 9 },
        ],
        2,
      ),
    ],
  }),
  scenario({
    name: 'dedup sort: by a column that comes only now [dispositions.dedup-sort.new-column]',
    tables: [schemaOf('items', { id: 'bigint', name: 'text' })],
    plan,
    loads: [
      {
        records: [
          { id: 1, name: 'a' },
          { id: 2, name: 'b' },
        ],
        keep: 'last',
        changes: [{ inserted: 2 }],
      },
      {
        tables: [items],
        records: [
          { id: 1, version: 0 },
          { id: 2, name: 'without' },
        ],
        changes: [{ updated: 2 }],
      },
    ],
    after: loaded(2, [
      { id: 1, version: 0 },
      { id: 2, name: 'without' },
    ]),
  }),
]
