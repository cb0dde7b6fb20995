import type { LoadPlan, MergeStrategy } from '@tributary/core'
import type { DestinationCase } from '../case.ts'
import { loaded } from '../expect.ts'
import { primaryKey, tables, tag } from '../items.ts'
import { scenario } from '../scenario.ts'

const STRATEGIES: readonly MergeStrategy[] = ['delete-insert', 'upsert', 'insert-only', 'mirror']
const merges: Partial<LoadPlan> = { primaryKey, mergeKey: ['part'], removesAbsent: true, skipUnchanged: true }
const first = [
  { id: 1, name: 'a', part: 'p', tags: [tag('x', 1)] },
  { id: 2, name: 'b', part: 'q' },
]
const second = [{ id: 1, part: 'p' }, first[1]!]

/** What a plan says of merges means nothing where the load is none: also what batches say of which fields came. */
export const noMergeCases: readonly DestinationCase[] = STRATEGIES.flatMap((strategy) => [
  scenario({
    name: `append: takes no notice of ${strategy} and what goes with it [dispositions.append.plan]`,
    tables,
    plan: { ...merges, strategy },
    loads: [{ records: first }, { records: second, changes: [{ inserted: 2 }] }],
    after: [...loaded(1, first), ...loaded(2, second)],
  }),
  ...[false, true].map((recreate) =>
    scenario({
      name: `replace: takes no notice of ${strategy} and what goes with it${recreate ? ', in a full refresh' : ''} [dispositions.replace.plan]`,
      tables,
      plan: { ...merges, strategy },
      loads: [
        { records: first },
        {
          disposition: 'replace',
          recreate,
          keep: 'last',
          records: second,
          changes: [{ inserted: 2, deleted: 2 }, { deleted: 1 }, { deleted: 1 }],
        },
      ],
      after: loaded(2, second),
    }),
  ),
])
