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

export const mergeKeyMeetsCases: readonly DestinationCase[] = [
  scenario({
    name: 'merge key: with skipUnchanged, rows that did not change stay, and others of the partition go [dispositions.skip-unchanged.merge-key]',
    tables,
    plan: { ...keyed, skipUnchanged: true },
    loads: [
      first,
      {
        records: [a, { id: 4, part: 'p' }],
        changes: [
          { inserted: 1, unchanged: 1, deleted: 1 },
          { unchanged: 1, deleted: 1 },
          { unchanged: 2, deleted: 1 },
        ],
      },
    ],
    after: [...loaded(1, [a]), ...loaded(1, [c], 3), ...loaded(2, [{ id: 4, part: 'p' }], 2)],
  }),
  scenario({
    name: 'merge key: a stored row that is better stays, and others of the partition go [dispositions.dedup-sort.merge-key]',
    tables,
    plan: { ...keyed, dedupSort: { column: 'version', order: 'desc' } },
    loads: [
      {
        records: [
          { id: 1, part: 'p', version: 5 },
          { id: 2, part: 'p', version: 5 },
          { id: 3, part: 'q', version: 5 },
        ],
      },
      {
        records: [
          { id: 1, part: 'p', version: 4 },
          { id: 4, part: 'p', version: 1 },
        ],
        changes: [{ inserted: 1, unchanged: 1, deleted: 1 }],
      },
    ],
    after: [
      ...loaded(1, [{ id: 1, part: 'p', version: 5 }]),
      ...loaded(1, [{ id: 3, part: 'q', version: 5 }], 3),
      ...loaded(2, [{ id: 4, part: 'p', version: 1 }], 2),
    ],
  }),
  ...[merge, keyed].map((plan) =>
    scenario({
      name: `merge key: a deletion ${plan === keyed ? 'by key' : 'without a primary key'} empties its partition too [dispositions.hard-delete.merge-key]`,
      tables,
      plan: { ...plan, hardDelete: 'gone' },
      loads: [first, { records: [{ id: 9, part: 'p', gone: true }], changes: [{ deleted: 2 }, { deleted: 2 }, { deleted: 3 }] }],
      after: loaded(1, [c], 3),
    }),
  ),
  ...(['upsert', 'insert-only', 'mirror'] as const).map((strategy) =>
    scenario({
      name: `merge key: means nothing to ${strategy} [dispositions.merge-key.others]`,
      tables,
      plan: { ...keyed, strategy },
      loads: [first, { records: [{ id: 4, part: 'p' }], changes: [{ inserted: 1 }] }],
      after: [...loaded(1, [a, b, c]), ...loaded(2, [{ id: 4, part: 'p' }])],
    }),
  ),
]
