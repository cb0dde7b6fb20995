import type { MergeStrategy } from '@tributary/core'
import type { DestinationCase } from '../case.ts'
import { ended, loaded } from '../expect.ts'
import { primaryKey, tables, versionedTables } from '../items.ts'
import { scenario } from '../scenario.ts'

const plan = { primaryKey, disposition: 'merge' } as const
const one = { id: 1, name: 'of load 1' }
const two = { id: 2, name: 'of load 2' }
/** What load 1 left out, as it would be today. */
const replayed = [
  { id: 2, name: 'replayed' },
  { id: 3, name: 'replayed' },
]

/** What is put through again is a load like any other. */
export const replayCases: readonly DestinationCase[] = [
  ...(['delete-insert', 'upsert', 'mirror'] as const satisfies readonly MergeStrategy[]).map((strategy) =>
    scenario({
      name: `replay: with ${strategy} what is put through again is the newest [contracts.replay.newest]`,
      tables,
      plan: { ...plan, strategy },
      loads: [{ records: [one] }, { records: [two] }, { replays: 1, records: replayed, changes: [{ inserted: 1, updated: 1 }] }],
      after: [...loaded(1, [one]), ...loaded(3, replayed)],
    }),
  ),
  scenario({
    name: 'replay: with insert-only only keys that are not stored come [contracts.replay.newest]',
    tables,
    plan: { ...plan, strategy: 'insert-only' },
    loads: [{ records: [one] }, { records: [two] }, { replays: 1, records: replayed, changes: [{ inserted: 1, unchanged: 1 }] }],
    after: [...loaded(1, [one]), ...loaded(2, [two]), ...loaded(3, replayed.slice(1), 2)],
  }),
  scenario({
    name: 'replay: with scd2 what is put through again is the active version [contracts.replay.newest]',
    tables: versionedTables,
    plan: { ...plan, strategy: 'scd2' },
    loads: [{ records: [one] }, { records: [two] }, { replays: 1, records: replayed, changes: [{ inserted: 2, updated: 1 }] }],
    after: [...loaded(1, [one]), ...ended(2, 3, [two]), ...loaded(3, replayed)],
  }),
  scenario({
    name: 'replay: append adds the rows [contracts.replay.append]',
    tables,
    plan: {},
    loads: [{ records: [one] }, { records: [two] }, { replays: 1, records: replayed, changes: [{ inserted: 2 }] }],
    after: [...loaded(1, [one]), ...loaded(2, [two]), ...loaded(3, replayed)],
  }),
]
