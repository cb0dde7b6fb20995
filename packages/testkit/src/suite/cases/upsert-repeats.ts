import type { MergeStrategy } from '@tributary/core'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { loaded } from '../expect.ts'
import { items, marks, primaryKey, tables, tag, tags } from '../items.ts'
import { scenario } from '../scenario.ts'

const a = { id: 1, name: 'a', part: 'p', version: 1, tags: [tag('x', 1, 2), tag('y')] }
const b = { id: 2, name: 'b', part: 'q', version: 2, tags: [tag('z', 3)] }
const first = { records: [a, b] }
const late = { ...items, columns: [...items.columns, ...schemaOf('items', { late: 'text' }).columns] }
const lateTables = [late, tags, marks]

/** Records of one key in one load are as good as records of loads of their own. */
export const upsertRepeatCases: readonly DestinationCase[] = (
  ['upsert', 'mirror'] as const satisfies readonly MergeStrategy[]
).flatMap((strategy) => {
  const plan = { primaryKey, disposition: 'merge', strategy } as const
  const named = (name: string, rule: string): string =>
    `${strategy} of repeated keys: ${name} [dispositions.upsert-repeats.${rule}]`
  return [
    scenario({
      name: named('fields that the last record does not have are those of the ones before', 'fields'),
      tables,
      plan,
      loads: [
        first,
        {
          records: [
            { id: 1, name: 'A' },
            { id: 3, name: 'c' },
            { id: 1, version: 9, part: 'lost' },
            { id: 3, part: 'r', version: 3 },
            { id: 1, part: 'P' },
            { id: 3, version: 4 },
          ],
          changes: [{ inserted: 1, updated: 1 }, { unchanged: 2 }, { unchanged: 2 }],
        },
      ],
      after: [
        ...loaded(1, [b], 2),
        ...loaded(2, [{ ...a, name: 'A', version: 9, part: 'P' }], 5),
        ...loaded(2, [{ id: 3, name: 'c', part: 'r', version: 4 }], 6),
      ],
    }),
    scenario({
      name: named('a null is a value, and stays where no later record has the field', 'nulls'),
      tables,
      plan,
      loads: [
        first,
        {
          records: [
            { id: 1, name: 'lost', part: null },
            { id: 1, name: null },
            { id: 1, version: 5 },
          ],
          changes: [{ updated: 1 }, { unchanged: 2 }, { unchanged: 2 }],
        },
      ],
      after: [...loaded(1, [b], 2), ...loaded(2, [{ id: 1, version: 5, tags: a.tags }], 3)],
    }),
    scenario({
      name: named('a list comes from the last record that has it, with what is below', 'lists'),
      tables,
      plan,
      loads: [
        first,
        {
          records: [
            { id: 1, tags: [tag('lost', 7, 8), tag('lost too')] },
            { id: 2, tags: [tag('t', 5)] },
            { id: 3, name: 'c', tags: [tag('u', 6, 7)] },
            { id: 4, tags: [tag('lost', 1)] },
            { id: 1, tags: [tag('new', 9)] },
            { id: 2, name: 'B' },
            { id: 3, part: 'r' },
            { id: 4, tags: [] },
            { id: 1, name: 'A' },
            { id: 4, name: 'd' },
          ],
          changes: [
            { inserted: 2, updated: 2 },
            { inserted: 1, updated: 2, deleted: 1 },
            { inserted: 2, updated: 2, deleted: 1 },
          ],
        },
      ],
      after: [
        ...loaded(2, [{ ...b, name: 'B', tags: [tag('t', 5)] }], 6),
        ...loaded(2, [{ id: 3, name: 'c', part: 'r', tags: [tag('u', 6, 7)] }], 7),
        ...loaded(2, [{ ...a, name: 'A', tags: [tag('new', 9)] }], 9),
        ...loaded(2, [{ id: 4, name: 'd' }], 10),
      ],
    }),
    scenario({
      name: named('also in batches of other columns, and in batches that may repeat', 'batches'),
      tables,
      plan,
      loads: [
        first,
        {
          tables: lateTables,
          tablesOfBatches: [tables, lateTables, lateTables],
          mayRepeat: true,
          batches: [
            [
              { id: 1, name: 'A' },
              { id: 5, name: 'e', tags: [tag('v')] },
            ],
            [
              { id: 1, late: 'L' },
              { id: 5, late: 'M' },
            ],
            [
              { id: 5, version: 6 },
              { id: 1, part: 'P' },
            ],
          ],
          changes: [{ inserted: 1, updated: 1 }, { inserted: 1, unchanged: 2 }, { unchanged: 2 }],
        },
      ],
      after: [
        ...loaded(1, [b], 2),
        ...loaded(2, [{ id: 5, name: 'e', late: 'M', version: 6, tags: [tag('v')] }], 5),
        ...loaded(2, [{ ...a, name: 'A', late: 'L', part: 'P' }], 6),
      ],
    }),
    scenario({
      name: named('what comes after a deletion is new, and takes nothing of what was before', 'deletions'),
      tables,
      plan: { ...plan, hardDelete: 'gone' },
      loads: [
        first,
        {
          records: [
            { id: 1, name: 'lost' },
            { id: 2, name: 'lost' },
            { id: 3, name: 'lost', tags: [tag('lost')] },
            { id: 1, gone: true },
            { id: 3, gone: true },
            { id: 1, part: 'new', tags: [tag('n', 1)] },
            { id: 2, gone: true },
            { id: 1, version: 7 },
            { id: 3, name: 'c' },
          ],
          changes: [
            { inserted: 1, updated: 1, deleted: 1 },
            { updated: 1, deleted: 2 },
            { unchanged: 1, deleted: 2 },
          ],
        },
      ],
      after: [
        ...loaded(2, [{ id: 1, part: 'new', version: 7, tags: [tag('n', 1)] }], 8),
        ...loaded(2, [{ id: 3, name: 'c' }], 9),
      ],
    }),
    scenario({
      name: named('that say no more than what is stored change nothing', 'unchanged'),
      tables,
      plan: { ...plan, skipUnchanged: true },
      loads: [
        first,
        {
          records: [
            { id: 1, name: 'a', version: 8 },
            { id: 2, name: 'b' },
            { id: 1, version: 1 },
            { id: 2, part: 'q', tags: b.tags },
          ],
          changes: [{ unchanged: 2 }, { unchanged: 3 }, { unchanged: 3 }],
        },
      ],
      after: loaded(1, [a, b]),
    }),
    scenario({
      name: named('in a full refresh too', 'full-refresh'),
      tables,
      plan: { ...plan, hardDelete: 'gone' },
      loads: [
        first,
        {
          disposition: 'replace',
          keep: 'last',
          recreate: true,
          records: [
            { id: 1, name: 'A', tags: [tag('n', 1)] },
            { id: 2, name: 'lost', tags: [tag('lost')] },
            { id: 3, name: 'lost' },
            { id: 1, version: 5 },
            { id: 2, gone: true },
            { id: 2, part: 'q' },
            { id: 3, gone: true },
          ],
          changes: [
            { inserted: 2, deleted: 2 },
            { inserted: 1, deleted: 3 },
            { inserted: 1, deleted: 3 },
          ],
        },
      ],
      after: [...loaded(2, [{ id: 1, name: 'A', version: 5, tags: [tag('n', 1)] }], 4), ...loaded(2, [{ id: 2, part: 'q' }], 6)],
    }),
    scenario({
      name: named('with a sort the best one counts, whole', 'sorted'),
      tables,
      plan: { ...plan, dedupSort: { column: 'version', order: 'desc' } },
      loads: [
        first,
        {
          records: [
            { id: 1, version: 9, name: 'best' },
            { id: 1, version: 8, part: 'worse' },
            { id: 3, version: 1, name: 'worse' },
            { id: 3, version: 2, part: 'best' },
          ],
        },
      ],
      after: [
        ...loaded(1, [b], 2),
        ...loaded(2, [{ ...a, version: 9, name: 'best' }]),
        ...loaded(2, [{ id: 3, version: 2, part: 'best' }], 4),
      ],
    }),
  ]
})
