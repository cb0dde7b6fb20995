import type { DestinationCase } from '../case.ts'
import { ended, loaded } from '../expect.ts'
import { primaryKey, versionedTables as tables, tag } from '../items.ts'
import { scenario } from '../scenario.ts'

const merge = { disposition: 'merge', strategy: 'scd2', removesAbsent: true } as const
const keyed = { ...merge, primaryKey }
const unkeyed = { ...merge, mergeKey: ['part'] }
const a = { id: 1, part: 'p', name: 'a', tags: [tag('x', 1)] }
const b = { id: 2, part: 'p', name: 'b' }
const c = { id: 3, part: 'q', name: 'c' }
const first = { records: [a, b, c] }

export const scd2AbsentCases: readonly DestinationCase[] = [
  scenario({
    name: 'scd2: what did not come ends, and keeps its children [dispositions.scd2.absent]',
    tables,
    plan: keyed,
    loads: [first, { records: [b], changes: [{ updated: 2, unchanged: 1 }] }],
    after: [...ended(1, 2, [a]), ...loaded(1, [b], 2), ...ended(1, 2, [c], 3)],
  }),
  scenario({
    name: 'scd2: a load without rows ends everything [dispositions.scd2.absent]',
    tables,
    plan: keyed,
    loads: [first, { changes: [{ updated: 3 }] }],
    after: ended(1, 2, [a, b, c]),
  }),
  scenario({
    name: 'scd2: nothing ends for its absence where the load has not all that there is [dispositions.scd2.partial]',
    tables,
    plan: { ...keyed, removesAbsent: false },
    loads: [first, { records: [b], changes: [{ unchanged: 1 }] }, { changes: [] }],
    after: loaded(1, [a, b, c]),
  }),
  scenario({
    name: 'scd2: a record that comes again after it was gone is a new version [dispositions.scd2.returning]',
    tables,
    plan: keyed,
    loads: [
      { records: [a] },
      {},
      { changes: [] },
      { records: [a], changes: [{ inserted: 1 }, { inserted: 1 }, { inserted: 1 }] },
    ],
    after: [...ended(1, 2, [a]), ...loaded(4, [a])],
  }),
  scenario({
    name: 'scd2: a merge key bounds what is absent [dispositions.scd2.merge-key]',
    tables,
    plan: { ...keyed, mergeKey: ['part'] },
    loads: [first, { records: [{ ...b, name: 'B' }], changes: [{ inserted: 1, updated: 2 }] }],
    after: [...ended(1, 2, [a, b]), ...loaded(1, [c], 3), ...loaded(2, [{ ...b, name: 'B' }])],
  }),
  scenario({
    name: 'scd2: a load without rows has no merge key, and ends nothing [dispositions.scd2.merge-key]',
    tables,
    plan: { ...keyed, mergeKey: ['part'] },
    loads: [first, { changes: [] }],
    after: loaded(1, [a, b, c]),
  }),
  scenario({
    name: 'scd2: a record that moves to another merge key has one active version [dispositions.scd2.merge-key]',
    tables,
    plan: { ...keyed, mergeKey: ['part'] },
    loads: [
      first,
      {
        records: [{ ...a, part: 'q' }, c],
        changes: [{ inserted: 1, updated: 1, unchanged: 1 }, { inserted: 1 }, { inserted: 1 }],
      },
    ],
    after: [...ended(1, 2, [a]), ...loaded(1, [b, c], 2), ...loaded(2, [{ ...a, part: 'q' }])],
  }),
  scenario({
    name: 'scd2: without a primary key, versions are told by all that they say [dispositions.scd2.unkeyed]',
    tables,
    plan: unkeyed,
    loads: [
      first,
      {
        records: [a, { ...b, name: 'B' }, { id: 4, part: 'p' }],
        changes: [{ inserted: 2, updated: 1, unchanged: 1 }, { unchanged: 1 }, { unchanged: 1 }],
      },
    ],
    after: [
      ...loaded(1, [a]),
      ...ended(1, 2, [b], 2),
      ...loaded(1, [c], 3),
      ...loaded(
        2,
        [
          { ...b, name: 'B' },
          { id: 4, part: 'p' },
        ],
        2,
      ),
    ],
  }),
  scenario({
    name: 'scd2: without a primary key, nothing ends where the load has not all that there is [dispositions.scd2.unkeyed]',
    tables,
    plan: { ...unkeyed, removesAbsent: false },
    loads: [first, { records: [{ ...b, name: 'B' }], changes: [{ inserted: 1 }] }],
    after: [...loaded(1, [a, b, c]), ...loaded(2, [{ ...b, name: 'B' }])],
  }),
  scenario({
    name: 'scd2: without a primary key, rows that say the same are one version [dispositions.scd2.same-row]',
    tables,
    plan: unkeyed,
    loads: [
      { batches: [[a, b], [a]], changes: [{ inserted: 2 }, { inserted: 1 }, { inserted: 1 }] },
      { records: [b, a, b], changes: [{ unchanged: 2 }, { unchanged: 1 }, { unchanged: 1 }] },
    ],
    after: [...loaded(1, [b], 2), ...loaded(1, [a], 3)],
  }),
  scenario({
    name: 'scd2: an active version that is better stays, and does not count as absent [dispositions.dedup-sort.scd2]',
    tables,
    plan: { ...keyed, dedupSort: { column: 'version', order: 'desc' } },
    loads: [
      {
        records: [
          { id: 1, version: 5 },
          { id: 2, version: 1 },
        ],
      },
      {
        records: [
          { id: 1, version: 4 },
          { id: 2, version: 2 },
        ],
        changes: [{ inserted: 1, updated: 1, unchanged: 1 }],
      },
    ],
    after: [
      ...loaded(1, [{ id: 1, version: 5 }]),
      ...ended(1, 2, [{ id: 2, version: 1 }], 2),
      ...loaded(2, [{ id: 2, version: 2 }], 2),
    ],
  }),
]
