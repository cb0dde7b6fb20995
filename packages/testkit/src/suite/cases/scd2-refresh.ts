import { hashOf } from '../../build/hash-of.ts'
import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { ended, loaded } from '../expect.ts'
import { items, tables as plainTables, primaryKey, versionedTables as tables, tag } from '../items.ts'
import { scenario } from '../scenario.ts'

const plan = { primaryKey, disposition: 'merge', strategy: 'scd2' } as const
const a = { id: 1, name: 'a', tags: [tag('x', 1, 2), tag('y')] }
const b = { id: 2, name: 'b', tags: [tag('z', 3)] }
const changed = { id: 1, name: 'A', tags: [tag('x', 1)] }
const first = { records: [a, b], changes: [{ inserted: 2 }, { inserted: 3 }, { inserted: 3 }] }

const wider = schemaOf(
  'items',
  { id: 'bigint', version: 'text', name: 'text', part: 'text', gone: 'bool', more: 'text' },
  { versioned: true },
)

export const scd2RefreshCases: readonly DestinationCase[] = [
  scenario({
    name: 'scd2: skipUnchanged changes nothing of it [dispositions.skip-unchanged.scd2]',
    tables,
    plan: { ...plan, skipUnchanged: true },
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
    name: 'scd2: by a key of several columns [dispositions.merge.compound-key]',
    tables,
    plan: { ...plan, primaryKey: ['id', 'part'] },
    loads: [
      {
        records: [
          { id: 1, part: 'p' },
          { id: 1, part: 'q' },
        ],
      },
      { records: [{ id: 1, part: 'q', name: 'new' }], changes: [{ inserted: 1, updated: 1 }] },
    ],
    after: [
      ...loaded(1, [{ id: 1, part: 'p' }]),
      ...ended(1, 2, [{ id: 1, part: 'q' }], 2),
      ...loaded(2, [{ id: 1, part: 'q', name: 'new' }]),
    ],
  }),
  scenario({
    name: 'scd2: a full refresh makes the versions anew [dispositions.scd2.full-refresh]',
    tables,
    plan,
    loads: [
      first,
      { records: [changed] },
      {
        disposition: 'replace',
        recreate: true,
        keep: 'last',
        records: [b, changed],
        changes: [
          { inserted: 2, deleted: 3 },
          { inserted: 2, deleted: 4 },
          { inserted: 2, deleted: 4 },
        ],
      },
    ],
    after: loaded(3, [b, changed]),
  }),
  scenario({
    name: 'scd2: a full refresh makes versions of a table that had none [dispositions.scd2.full-refresh]',
    tables: plainTables,
    plan: { primaryKey },
    loads: [
      { records: [a], disposition: 'merge' },
      { tables, records: [a, b], disposition: 'replace', recreate: true, keep: 'last' },
      {
        records: [changed],
        disposition: 'merge',
        strategy: 'scd2',
        changes: [{ inserted: 1, updated: 1 }, { inserted: 1 }, { inserted: 1 }],
      },
    ],
    after: [...ended(2, 3, [a]), ...loaded(2, [b], 2), ...loaded(3, [changed])],
  }),
  scenario({
    name: 'scd2: versions that have ended keep their values where columns are new or have widened [dispositions.scd2.schema]',
    tables: [{ ...items, versioned: true }],
    plan,
    loads: [
      {
        records: [
          { id: 1, version: 1 },
          { id: 2, version: 2 },
        ],
      },
      { tables: [wider], records: [{ id: 1, version: 'one', more: 'm' }], changes: [{ inserted: 1, updated: 1 }] },
      { tables: [wider], records: [{ id: 1, version: 'one', more: 'm' }], changes: [{ unchanged: 1 }] },
    ],
    after: [
      ...ended(1, 2, [{ id: 1, version: '1', _sync_row_hash: hashOf({ id: 1, version: 1 }) }]),
      ...loaded(1, [{ id: 2, version: '2', _sync_row_hash: hashOf({ id: 2, version: 2 }) }], 2),
      ...loaded(2, [{ id: 1, version: 'one', more: 'm' }]),
    ],
  }),
]
