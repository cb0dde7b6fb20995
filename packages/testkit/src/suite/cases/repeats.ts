import type { LoadPlan } from '@tributary/core'
import type { DestinationCase } from '../case.ts'
import { ended, loaded } from '../expect.ts'
import { primaryKey, tables, tag, versionedTables } from '../items.ts'
import { scenario } from '../scenario.ts'

const a = { id: 1, name: 'a', part: 'p', tags: [tag('x', 1)] }
const b = { id: 2, name: 'b', part: 'p', tags: [tag('y')] }
const again = { id: 1, name: 'again', part: 'p', tags: [tag('z', 2, 3)] }
const stored = [
  { id: 1, name: 'old', part: 'p' },
  { id: 3, name: 'c', part: 'q' },
]
const repeating = { batches: [[a, b], [again]], mayRepeat: true }
const [oldRow, other] = stored as [(typeof stored)[0], (typeof stored)[0]]

/** What the strategies make of a load that may repeat rows, and does: a row of a key that is stored, and a new one. */
const STRATEGIES: readonly (readonly [plan: Partial<LoadPlan>, after: ReturnType<typeof loaded>])[] = [
  [{ strategy: 'delete-insert' }, [...loaded(1, [other], 2), ...loaded(2, [b, again], 2)]],
  [{ strategy: 'upsert' }, [...loaded(1, [other], 2), ...loaded(2, [b, again], 2)]],
  [{ strategy: 'insert-only' }, [...loaded(1, stored), ...loaded(2, [b], 2)]],
  [{ strategy: 'mirror', removesAbsent: true }, loaded(2, [b, again], 2)],
  [{ strategy: 'scd2' }, [...ended(1, 2, [oldRow]), ...loaded(1, [other], 2), ...loaded(2, [b, again], 2)]],
  [
    { strategy: 'delete-insert', mergeKey: ['part'], skipUnchanged: true },
    [...loaded(1, [other], 2), ...loaded(2, [b, again], 2)],
  ],
]

export const repeatCases: readonly DestinationCase[] = [
  ...STRATEGIES.map(([plan, after]) =>
    scenario({
      name: `repeats: ${plan.strategy}${plan.mergeKey === undefined ? '' : ' by merge key'} takes each key once [dispositions.repeats]`,
      tables: plan.strategy === 'scd2' ? versionedTables : tables,
      plan: { disposition: 'merge', primaryKey, ...plan },
      loads: [{ records: stored }, repeating],
      after,
    }),
  ),
  scenario({
    name: 'repeats: rows without a key that may repeat all stay [dispositions.repeats.unkeyed]',
    tables,
    plan: {},
    loads: [
      { records: [a] },
      { ...repeating, batches: [[a, b], [a]], firstLoadId: 1, changes: [{ inserted: 3 }, { inserted: 3 }, { inserted: 2 }] },
    ],
    after: [...loaded(1, [a]), ...loaded(2, [a, b, a])],
  }),
  scenario({
    name: 'repeats: append leaves out what its run has appended, with its children [dispositions.repeats.append]',
    tables,
    plan: { primaryKey },
    loads: [
      { records: [{ ...a, name: 'of an earlier run' }] },
      { records: [a], firstLoadId: 2 },
      { records: [b], firstLoadId: 2 },
      { batches: [[again, { ...b, name: 'B' }], [{ id: 4 }]], mayRepeat: true, firstLoadId: 2, changes: [{ inserted: 1 }] },
    ],
    after: [
      ...loaded(1, [{ ...a, name: 'of an earlier run' }]),
      ...loaded(2, [a]),
      ...loaded(3, [b]),
      ...loaded(4, [{ id: 4 }], 3),
    ],
  }),
  scenario({
    name: 'repeats: with a sort the best of a key is appended [dispositions.dedup-sort.append]',
    tables,
    plan: { primaryKey, dedupSort: { column: 'version', order: 'desc' } },
    loads: [
      { records: [{ id: 1, version: 9 }] },
      {
        batches: [[{ id: 1, version: 2, tags: [tag('x')] }, { id: 2 }], [{ id: 1, version: 1 }]],
        mayRepeat: true,
        changes: [{ inserted: 2 }, { inserted: 1 }, {}],
      },
    ],
    // Each run appends its own.
    after: [...loaded(1, [{ id: 1, version: 9 }]), ...loaded(2, [{ id: 1, version: 2, tags: [tag('x')] }, { id: 2 }])],
  }),
  scenario({
    name: 'repeats: with a sort the best of a key is what replaces [dispositions.dedup-sort.replace]',
    tables,
    plan: { primaryKey, disposition: 'replace', keep: 'last', dedupSort: { column: 'version', order: 'asc' } },
    loads: [
      { records: [{ id: 1, version: 0 }] },
      {
        records: [{ id: 1, version: 2, tags: [tag('x')] }, { id: 1, version: 3 }, { id: 1 }],
        changes: [{ inserted: 1, deleted: 1 }, { inserted: 1 }, {}],
      },
    ],
    after: loaded(2, [{ id: 1, version: 2, tags: [tag('x')] }]),
  }),
]
