import type { DestinationCase } from '../case.ts'
import { ended, loaded } from '../expect.ts'
import { primaryKey, versionedTables as tables, tag } from '../items.ts'
import { scenario } from '../scenario.ts'

const plan = { primaryKey, disposition: 'merge', strategy: 'scd2' } as const
const a = { id: 1, name: 'a', tags: [tag('x', 1, 2), tag('y')] }
const b = { id: 2, name: 'b', tags: [tag('z', 3)] }
const changed = { id: 1, name: 'A', tags: [tag('x', 1)] }
const first = { records: [a, b], changes: [{ inserted: 2 }, { inserted: 3 }, { inserted: 3 }] }

export const scd2Cases: readonly DestinationCase[] = [
  scenario({
    name: 'scd2: rows of a first load are active from when it started [dispositions.scd2.first]',
    tables,
    plan,
    loads: [first],
    after: loaded(1, [a, b]),
  }),
  scenario({
    name: 'scd2: a changed record is a new version, and the old one ends when the load started; both have their children [dispositions.scd2]',
    tables,
    plan,
    loads: [
      first,
      {
        records: [changed, b],
        changes: [
          { inserted: 1, updated: 1, unchanged: 1 },
          { inserted: 1, unchanged: 1 },
          { inserted: 1, unchanged: 1 },
        ],
      },
    ],
    after: [...ended(1, 2, [a]), ...loaded(1, [b], 2), ...loaded(2, [changed])],
  }),
  scenario({
    name: 'scd2: a record that did not change, whatever the order of its keys, keeps its version as it is [dispositions.scd2.unchanged]',
    tables,
    plan,
    loads: [
      first,
      {
        records: [{ tags: a.tags, part: null, name: 'a', id: 1 }, b],
        changes: [{ unchanged: 2 }, { unchanged: 3 }, { unchanged: 3 }],
      },
    ],
    after: loaded(1, [a, b]),
  }),
  scenario({
    name: 'scd2: a change of a child alone is a new version [dispositions.scd2.children]',
    tables,
    plan,
    loads: [
      first,
      { records: [{ ...b, tags: [tag('z', 4)] }], changes: [{ inserted: 1, updated: 1 }, { inserted: 1 }, { inserted: 1 }] },
    ],
    after: [...loaded(1, [a]), ...ended(1, 2, [b], 2), ...loaded(2, [{ ...b, tags: [tag('z', 4)] }])],
  }),
  scenario({
    name: 'scd2: what has ended keeps its end, its load and its children in all loads to come [dispositions.scd2.history]',
    tables,
    plan,
    loads: [
      { records: [a] },
      { records: [changed] },
      { records: [{ id: 1, name: 'third' }], changes: [{ inserted: 1, updated: 1 }] },
      { records: [changed], changes: [{ inserted: 1, updated: 1 }, { inserted: 1 }, { inserted: 1 }] },
    ],
    after: [...ended(1, 2, [a]), ...ended(2, 3, [changed]), ...ended(3, 4, [{ id: 1, name: 'third' }]), ...loaded(4, [changed])],
  }),
  scenario({
    name: 'scd2: a record that says the same as a version that has ended is a new version [dispositions.scd2.returning]',
    tables,
    plan,
    loads: [
      { records: [a] },
      { records: [changed] },
      { records: [a], changes: [{ inserted: 1, updated: 1 }, { inserted: 2 }, { inserted: 2 }] },
    ],
    after: [...ended(1, 2, [a]), ...ended(2, 3, [changed]), ...loaded(3, [a])],
  }),
  scenario({
    name: 'scd2: of duplicates in a load the last one is the version [dispositions.scd2.duplicates]',
    tables,
    plan,
    loads: [
      first,
      {
        batches: [[{ id: 1, name: 'lost', tags: [tag('lost')] }], [changed, { id: 3, name: 'lost' }], [{ id: 3, name: 'c' }]],
        changes: [{ inserted: 2, updated: 1 }, { inserted: 1 }, { inserted: 1 }],
      },
    ],
    after: [...ended(1, 2, [a]), ...loaded(1, [b], 2), ...loaded(2, [changed], 2), ...loaded(2, [{ id: 3, name: 'c' }], 4)],
  }),
]
