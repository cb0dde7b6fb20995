import type { DestinationCase } from '../case.ts'
import { loaded } from '../expect.ts'
import { primaryKey, tables, tag } from '../items.ts'
import { scenario } from '../scenario.ts'

const merge = { disposition: 'merge', mergeKey: ['part'] } as const
const keyed = { ...merge, primaryKey }
const a = { id: 1, part: 'p', name: 'a', tags: [tag('x', 1, 2)] }
const b = { id: 2, part: 'p', name: 'b', tags: [tag('y', 3)] }
const c = { id: 3, part: 'q', name: 'c', tags: [tag('z')] }
const first = { records: [a, b, c] }

export const mergeKeyCases: readonly DestinationCase[] = [
  scenario({
    name: 'merge key: partitions that came are replaced, with their children [dispositions.merge-key]',
    tables,
    plan: merge,
    loads: [
      first,
      {
        records: [
          { ...a, name: 'A' },
          { id: 4, part: 'p' },
        ],
        changes: [
          { inserted: 2, deleted: 2 },
          { inserted: 1, deleted: 2 },
          { inserted: 2, deleted: 3 },
        ],
      },
    ],
    after: [
      ...loaded(1, [c], 3),
      ...loaded(2, [
        { ...a, name: 'A' },
        { id: 4, part: 'p' },
      ]),
    ],
  }),
  scenario({
    name: 'merge key: without a primary key all rows of a load stay, also those that are the same [dispositions.merge-key.all]',
    tables,
    plan: { ...merge, keep: 'all' },
    loads: [
      first,
      {
        batches: [
          [a, a],
          [c, a],
        ],
        changes: [
          { inserted: 4, deleted: 3 },
          { inserted: 4, deleted: 3 },
          { inserted: 6, deleted: 3 },
        ],
      },
    ],
    after: loaded(2, [a, a, c, a]),
  }),
  scenario({
    name: 'merge key: with a primary key too, either match is replaced [dispositions.merge-key.either]',
    tables,
    plan: keyed,
    loads: [
      first,
      {
        records: [
          { ...c, part: 'r' },
          { id: 4, part: 'p' },
          { ...a, name: 'A' },
        ],
        changes: [
          { inserted: 1, updated: 2, deleted: 1 },
          { unchanged: 2, deleted: 1 },
          { unchanged: 2, deleted: 1 },
        ],
      },
    ],
    after: loaded(2, [
      { ...c, part: 'r' },
      { id: 4, part: 'p' },
      { ...a, name: 'A' },
    ]),
  }),
  scenario({
    name: 'merge key: of several columns [dispositions.merge-key.compound]',
    tables,
    plan: { ...merge, mergeKey: ['part', 'name'] },
    loads: [
      {
        records: [
          { id: 1, part: 'p', name: 'a' },
          { id: 2, part: 'p', name: 'b' },
          { id: 3, part: 'pa', name: '' },
        ],
      },
      { records: [{ id: 4, part: 'p', name: 'a' }], changes: [{ inserted: 1, deleted: 1 }] },
    ],
    after: [
      ...loaded(
        1,
        [
          { id: 2, part: 'p', name: 'b' },
          { id: 3, part: 'pa', name: '' },
        ],
        2,
      ),
      ...loaded(2, [{ id: 4, part: 'p', name: 'a' }]),
    ],
  }),
  scenario({
    name: 'merge key: rows without one are a partition of their own [dispositions.merge-key.null]',
    tables,
    plan: merge,
    loads: [
      { records: [{ id: 1, part: null }, { id: 2 }, { id: 3, part: '' }] },
      { records: [{ id: 4 }], changes: [{ inserted: 1, deleted: 2 }] },
    ],
    after: [...loaded(1, [{ id: 3, part: '' }], 3), ...loaded(2, [{ id: 4 }])],
  }),
  scenario({
    name: 'merge key: a load without rows changes nothing [dispositions.merge-key.empty]',
    tables,
    plan: keyed,
    loads: [first, { changes: [] }],
    after: loaded(1, [a, b, c]),
  }),
]
