import type { DestinationCase } from '../case.ts'
import { loaded } from '../expect.ts'
import { items, primaryKey, tables } from '../items.ts'
import { scenario } from '../scenario.ts'

const plan = { primaryKey, disposition: 'merge', strategy: 'upsert' } as const
const a = { id: 1, name: 'a', part: 'p', version: 1, gone: false }
const b = { id: 2, name: 'b', part: 'q', version: 2, gone: null }
const first = { records: [a, b] }

export const upsertCases: readonly DestinationCase[] = [
  scenario({
    name: 'upsert: a field that did not come stays, one that is null becomes null [dispositions.upsert]',
    tables,
    plan,
    loads: [
      first,
      {
        records: [
          { id: 1, name: null },
          { id: 2, version: 3 },
          { id: 3, name: 'c' },
        ],
        changes: [{ inserted: 1, updated: 2 }],
      },
    ],
    after: loaded(2, [
      { ...a, name: null },
      { ...b, version: 3 },
      { id: 3, name: 'c' },
    ]),
  }),
  scenario({
    name: 'upsert: a row of which nothing came but what it has is unchanged [dispositions.upsert.unchanged]',
    tables,
    plan,
    loads: [
      first,
      {
        records: [
          { id: 1, name: 'a' },
          { id: 2, gone: null },
        ],
        changes: [{ unchanged: 2 }],
      },
    ],
    after: loaded(2, [a, b]),
  }),
  scenario({
    name: 'upsert: with skipUnchanged, such a row keeps the id of its load [dispositions.skip-unchanged.upsert]',
    tables,
    plan: { ...plan, skipUnchanged: true },
    loads: [
      first,
      {
        records: [
          { id: 1, name: 'a' },
          { id: 2, name: 'B' },
        ],
        changes: [{ updated: 1, unchanged: 1 }],
      },
    ],
    after: [...loaded(1, [a]), ...loaded(2, [{ ...b, name: 'B' }], 2)],
  }),
  scenario({
    name: 'upsert: by a key of several columns [dispositions.merge.compound-key]',
    tables: [items],
    plan: { ...plan, primaryKey: ['part', 'id'] },
    loads: [
      { records: [a, { ...a, part: 'q', name: 'other' }] },
      { records: [{ id: 1, part: 'q', version: 7 }], changes: [{ updated: 1 }] },
    ],
    after: [...loaded(1, [a]), ...loaded(2, [{ ...a, part: 'q', name: 'other', version: 7 }])],
  }),
]
