import type { DestinationCase } from '../case.ts'
import { loaded } from '../expect.ts'
import { primaryKey, tables, tag } from '../items.ts'
import { scenario } from '../scenario.ts'

const plan = { primaryKey, disposition: 'merge', strategy: 'mirror', removesAbsent: true } as const
const a = { id: 1, name: 'a', part: 'p', tags: [tag('x', 1, 2), tag('y')] }
const b = { id: 2, name: 'b', part: 'p', tags: [tag('z', 3)] }
const first = { records: [a, b], changes: [{ inserted: 2 }, { inserted: 3 }, { inserted: 3 }] }
const absent = { deleted: 1 }

export const mirrorCases: readonly DestinationCase[] = [
  scenario({
    name: 'mirror: keys that did not come are gone, with their children [dispositions.mirror]',
    tables,
    plan,
    loads: [
      first,
      {
        records: [a, { id: 3, name: 'c' }],
        changes: [
          { inserted: 1, unchanged: 1, ...absent },
          { unchanged: 2, deleted: 1 },
          { unchanged: 2, deleted: 1 },
        ],
      },
    ],
    after: loaded(2, [a, { id: 3, name: 'c' }]),
  }),
  scenario({
    name: 'mirror: nothing is gone where the load has not all that there is [dispositions.mirror.partial]',
    tables,
    plan,
    loads: [first, { records: [a], removesAbsent: false, changes: [{ unchanged: 1 }, { unchanged: 2 }, { unchanged: 2 }] }],
    after: [...loaded(1, [b], 2), ...loaded(2, [a])],
  }),
  scenario({
    name: 'mirror: a load without rows empties the tables [dispositions.mirror.empty]',
    tables,
    plan,
    loads: [first, { changes: [{ deleted: 2 }, { deleted: 3 }, { deleted: 3 }] }],
    after: [],
  }),
  scenario({
    name: 'mirror: a load without rows that has not all that there is changes nothing [dispositions.mirror.partial]',
    tables,
    plan,
    loads: [first, { removesAbsent: false, changes: [] }],
    after: loaded(1, [a, b]),
  }),
  scenario({
    name: 'mirror: is an upsert for what came: fields and lists that did not come stay [dispositions.mirror.upsert]',
    tables,
    plan,
    loads: [
      first,
      {
        records: [
          { id: 1, name: null },
          { id: 2, tags: [] },
        ],
        changes: [{ updated: 2 }, { unchanged: 2, deleted: 1 }, { unchanged: 2, deleted: 1 }],
      },
    ],
    after: loaded(2, [
      { ...a, name: null },
      { ...b, tags: [] },
    ]),
  }),
  scenario({
    name: 'mirror: with skipUnchanged, rows that did not change keep the id of their load [dispositions.skip-unchanged.mirror]',
    tables,
    plan: { ...plan, skipUnchanged: true },
    loads: [
      first,
      {
        records: [{ id: 1, part: 'p' }, { id: 3 }],
        changes: [
          { inserted: 1, unchanged: 1, ...absent },
          { unchanged: 2, deleted: 1 },
          { unchanged: 2, deleted: 1 },
        ],
      },
    ],
    after: [...loaded(1, [a]), ...loaded(2, [{ id: 3 }], 2)],
  }),
  scenario({
    name: 'mirror: a key whose row in the load is left out counts as being there [dispositions.mirror.left-out]',
    tables,
    plan: { ...plan, dedupSort: { column: 'version', order: 'desc' } },
    loads: [
      {
        records: [
          { id: 1, version: 5, tags: [tag('x', 1)] },
          { id: 2, version: 1 },
        ],
      },
      { records: [{ id: 1, version: 4, name: 'older' }], changes: [{ unchanged: 1, deleted: 1 }] },
    ],
    after: loaded(1, [{ id: 1, version: 5, tags: [tag('x', 1)] }]),
  }),
  scenario({
    name: 'mirror: a row that came as deleted is gone once [dispositions.hard-delete.mirror]',
    tables,
    plan: { ...plan, hardDelete: 'gone' },
    loads: [
      first,
      {
        records: [
          { id: 1, gone: true },
          { id: 2, gone: false },
        ],
        changes: [
          { updated: 1, deleted: 1 },
          { unchanged: 1, deleted: 2 },
          { unchanged: 1, deleted: 2 },
        ],
      },
    ],
    after: loaded(2, [{ ...b, gone: false }], 2),
  }),
]
