import type { DestinationCase } from '../case.ts'
import { loaded } from '../expect.ts'
import { primaryKey, tables, tag } from '../items.ts'
import { scenario } from '../scenario.ts'

const plan = { primaryKey, disposition: 'merge', strategy: 'insert-only' } as const
const a = { id: 1, name: 'a', tags: [tag('x', 1, 2), tag('y')] }
const b = { id: 2, name: 'b' }

export const insertOnlyCases: readonly DestinationCase[] = [
  scenario({
    name: 'insert-only: keys that are known stay, with their children [dispositions.insert-only]',
    tables,
    plan,
    loads: [
      { records: [a, b], changes: [{ inserted: 2 }, { inserted: 2 }, { inserted: 2 }] },
      {
        records: [
          { id: 1, name: 'A', tags: [tag('X')] },
          { id: 3, name: 'c', tags: [tag('z', 4)] },
          { id: 2, name: 'b', tags: [] },
        ],
        changes: [{ inserted: 1, unchanged: 2 }, { inserted: 1, unchanged: 1 }, { inserted: 1 }],
      },
    ],
    after: [...loaded(1, [a, b]), ...loaded(2, [{ id: 3, name: 'c', tags: [tag('z', 4)] }], 2)],
  }),
  scenario({
    name: 'insert-only: the first of a key in a load is taken, with its children [dispositions.insert-only.first]',
    tables,
    plan,
    loads: [
      {
        batches: [
          [a, { ...a, name: 'second', tags: [tag('second', 8)] }],
          [
            { id: 2, name: 'b' },
            { id: 1, name: 'third' },
          ],
          [{ id: 2, name: 'last' }],
        ],
        changes: [{ inserted: 2 }, { inserted: 2 }, { inserted: 2 }],
      },
    ],
    after: [...loaded(1, [a]), ...loaded(1, [b], 3)],
  }),
  scenario({
    name: 'insert-only: with a sort the best of a key in a load is taken, and of equals the first [dispositions.dedup-sort.first]',
    tables,
    plan: { ...plan, dedupSort: { column: 'version', order: 'desc' } },
    loads: [
      {
        records: [
          { id: 1, version: 1 },
          { id: 1, version: 2, name: 'first' },
          { id: 1, version: 2, name: 'second' },
        ],
      },
    ],
    after: loaded(1, [{ id: 1, version: 2, name: 'first' }], 2),
  }),
  scenario({
    name: 'insert-only: a better row takes no place [dispositions.insert-only]',
    tables,
    plan: { ...plan, dedupSort: { column: 'version', order: 'desc' } },
    loads: [{ records: [{ id: 1, version: 1 }] }, { records: [{ id: 1, version: 2 }], changes: [{ unchanged: 1 }] }],
    after: loaded(1, [{ id: 1, version: 1 }]),
  }),
]
