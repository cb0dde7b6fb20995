import type { MergeStrategy } from '@tributary/core'
import type { DestinationCase } from '../case.ts'
import { ended, loaded } from '../expect.ts'
import { primaryKey, tables, tag, versionedTables } from '../items.ts'
import { scenario } from '../scenario.ts'

const plan = { primaryKey, disposition: 'merge' } as const
const one = { id: 1, name: 'of load 1', tags: [tag('x', 1)] }
const two = { id: 2, name: 'of load 2', tags: [tag('y', 2)] }
const three = { id: 3, name: 'of load 3' }
const loads = [{ records: [one] }, { records: [two] }, { records: [three] }]
/** What load 2 left out, as it would be today. */
const replayed = [
  { id: 1, name: 'replayed' },
  { id: 2, name: 'replayed' },
  { id: 3, name: 'replayed' },
  { id: 4, name: 'replayed' },
]

export const replayCases: readonly DestinationCase[] = [
  ...(['delete-insert', 'upsert', 'mirror'] as const satisfies readonly MergeStrategy[]).map((strategy) => {
    const stays = strategy !== 'delete-insert'
    return scenario({
      name: `replay: with ${strategy} a row that a later load wrote is newer, and stays; others are replaced [contracts.replay.newer]`,
      tables,
      plan: { ...plan, strategy },
      loads: [
        ...loads,
        {
          replays: 2,
          records: replayed,
          changes: [
            { inserted: 1, updated: 2, unchanged: 1 },
            stays ? { unchanged: 2 } : { deleted: 2 },
            stays ? { unchanged: 2 } : { deleted: 2 },
          ],
        },
      ],
      after: [
        ...loaded(3, [three]),
        ...loaded(4, [
          { ...(stays ? one : {}), ...replayed[0] },
          { ...(stays ? two : {}), ...replayed[1] },
        ]),
        ...loaded(4, [replayed[3]!], 4),
      ],
    })
  }),
  scenario({
    name: 'replay: what an earlier replay wrote is as old as what it put through again [contracts.replay.order]',
    tables,
    plan: { ...plan, strategy: 'delete-insert' },
    loads: [
      { records: [one] },
      { records: [two] },
      { replays: 1, records: [{ id: 1, name: 'of load 1, again' }] },
      { replays: 2, replayedBefore: [3], records: [{ id: 1, name: 'of load 2, again' }] },
    ],
    after: [...loaded(2, [two]), ...loaded(4, [{ id: 1, name: 'of load 2, again' }])],
  }),
  scenario({
    name: 'replay: with insert-only only keys that are not stored come [contracts.replay.newer]',
    tables,
    plan: { ...plan, strategy: 'insert-only' },
    loads: [...loads, { replays: 2, records: replayed, changes: [{ inserted: 1, unchanged: 3 }] }],
    after: [...loaded(1, [one]), ...loaded(2, [two]), ...loaded(3, [three]), ...loaded(4, [replayed[3]!], 4)],
  }),
  scenario({
    name: 'replay: with scd2 an active version of a later load is newer, and stays [contracts.replay.newer]',
    tables: versionedTables,
    plan: { ...plan, strategy: 'scd2' },
    loads: [...loads, { replays: 2, records: replayed, changes: [{ inserted: 3, updated: 2, unchanged: 1 }] }],
    after: [
      ...ended(1, 4, [one]),
      ...ended(2, 4, [two]),
      ...loaded(3, [three]),
      ...loaded(4, replayed.slice(0, 2)),
      ...loaded(4, replayed.slice(3), 4),
    ],
  }),
  scenario({
    name: 'replay: a deletion takes no row that a later load wrote [contracts.replay.deletions]',
    tables,
    plan: { ...plan, hardDelete: 'gone' },
    loads: [
      ...loads,
      {
        replays: 2,
        records: replayed.map((record) => ({ ...record, gone: true })),
        changes: [{ unchanged: 1, deleted: 2 }, { deleted: 2 }, { deleted: 2 }],
      },
    ],
    after: loaded(3, [three]),
  }),
  scenario({
    name: 'replay: a better row of a later load, and a better one of an earlier load, both stay [contracts.replay.sorted]',
    tables,
    plan: { ...plan, dedupSort: { column: 'version', order: 'desc' } },
    loads: [
      {
        records: [
          { id: 1, version: 9 },
          { id: 2, version: 1 },
        ],
      },
      {},
      { records: [{ id: 3, version: 1 }] },
      {
        replays: 2,
        records: [
          { id: 1, version: 5 },
          { id: 2, version: 5 },
          { id: 3, version: 5 },
        ],
        changes: [{ updated: 1, unchanged: 2 }],
      },
    ],
    after: [
      ...loaded(1, [{ id: 1, version: 9 }]),
      ...loaded(3, [{ id: 3, version: 1 }]),
      ...loaded(4, [{ id: 2, version: 5 }], 2),
    ],
  }),
  scenario({
    name: 'replay: append adds the rows [contracts.replay.append]',
    tables,
    plan: {},
    loads: [...loads, { replays: 2, records: replayed.slice(0, 1), changes: [{ inserted: 1 }] }],
    after: [...loaded(1, [one]), ...loaded(2, [two]), ...loaded(3, [three]), ...loaded(4, replayed.slice(0, 1))],
  }),
]
