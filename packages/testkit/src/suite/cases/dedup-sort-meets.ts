import type { DestinationCase } from '../case.ts'
import { loaded } from '../expect.ts'
import { primaryKey, tables, tag } from '../items.ts'
import { scenario } from '../scenario.ts'

const plan = { primaryKey, disposition: 'merge', dedupSort: { column: 'version', order: 'desc' } } as const
const better = { id: 1, version: 2, name: 'better', tags: [tag('better', 2, 3)] }
const counted = { unchanged: 1 }

export const dedupSortMeetsCases: readonly DestinationCase[] = [
  scenario({
    name: 'dedup sort: a deletion that is older than the stored row deletes nothing [dispositions.dedup-sort.deletions]',
    tables,
    plan: { ...plan, hardDelete: 'gone' },
    loads: [
      { records: [better, { id: 2, version: 1 }, { id: 3, version: 1 }] },
      {
        records: [
          { id: 1, version: 1, gone: true },
          { id: 2, version: 2, gone: true },
          { id: 3, version: 1, gone: true },
        ],
        changes: [{ unchanged: 1, deleted: 2 }],
      },
    ],
    after: loaded(1, [better]),
  }),
  scenario({
    name: 'dedup sort: of a deletion and a row in one load the better one counts [dispositions.dedup-sort.deletions]',
    tables,
    plan: { ...plan, hardDelete: 'gone' },
    loads: [
      {
        records: [
          { id: 1, version: 1 },
          { id: 2, version: 1 },
        ],
      },
      {
        records: [
          { id: 1, version: 3, gone: true },
          { id: 1, version: 2 },
          { id: 2, version: 3 },
          { id: 2, version: 2, gone: true },
        ],
        changes: [{ updated: 1, deleted: 1 }],
      },
    ],
    after: loaded(2, [{ id: 2, version: 3 }], 3),
  }),
  scenario({
    name: 'dedup sort: upsert leaves a stored row that is better as it is [dispositions.dedup-sort.upsert]',
    tables,
    plan: { ...plan, strategy: 'upsert' },
    loads: [
      { records: [better] },
      { records: [{ id: 1, version: 1, part: 'new' }], changes: [counted] },
      { records: [{ id: 1, version: 3 }] },
    ],
    after: loaded(3, [{ ...better, version: 3 }]),
  }),
  scenario({
    name: 'dedup sort: upsert takes a row without the value for worse, as all strategies do [dispositions.dedup-sort.upsert]',
    tables,
    plan: { ...plan, strategy: 'upsert' },
    loads: [{ records: [better] }, { records: [{ id: 1, part: 'new' }], changes: [counted] }],
    after: loaded(1, [better]),
  }),
]
