import { schemaOf } from '../../build/schema-of.ts'
import type { DestinationCase } from '../case.ts'
import { loaded } from '../expect.ts'
import { items, primaryKey } from '../items.ts'
import { scenario } from '../scenario.ts'

const plan = { primaryKey, disposition: 'merge', strategy: 'upsert' } as const
const a = { id: 1, name: 'a', part: 'p', version: 1, gone: false }
const b = { id: 2, name: 'b', part: 'q', version: 2, gone: null }
const first = { records: [a, b] }
const wider = schemaOf('items', { id: 'bigint', name: 'text', part: 'text', version: 'bigint', gone: 'bool', more: 'text' })

const widened = schemaOf('items', { id: 'bigint', name: 'text', part: 'text', version: 'text', gone: 'bool' })

/** More rows than there are bits in a word, each with another few of the fields. */
const many = Array.from({ length: 70 }, (_, id) => ({ id, name: `name ${id}`, part: `part ${id}`, version: id }))
const some = many.map(({ id }) => ({
  id,
  ...(id % 2 === 0 && { name: 'new' }),
  ...(id % 3 === 0 && { part: null }),
  ...(id % 33 === 0 && { version: -1 }),
}))

export const upsertGapCases: readonly DestinationCase[] = [
  scenario({
    name: 'upsert: rows with as many kinds of gaps as a batch can have [dispositions.upsert.each-row]',
    tables: [items],
    plan,
    loads: [{ records: many }, { records: some }],
    after: loaded(
      2,
      many.map((record, index) => ({ ...record, ...some[index] })),
    ),
  }),
  scenario({
    name: 'upsert: a column that is new in this load [dispositions.upsert.new-column]',
    tables: [items],
    plan,
    loads: [first, { tables: [wider], records: [{ id: 1, more: 'm' }, { id: 2, more: null }, { id: 3 }] }],
    after: loaded(2, [{ ...a, more: 'm' }, b, { id: 3 }]),
  }),
  scenario({
    name: 'upsert: a batch that does not know a column yet did not have it [dispositions.upsert.batches]',
    tables: [wider],
    plan,
    loads: [
      {
        records: [
          { ...a, more: 'ma' },
          { ...b, more: 'mb' },
          { id: 3, more: 'mc' },
        ],
      },
      {
        batches: [[{ id: 1, name: 'A' }], [{ id: 2, more: null }], [{ id: 3, version: 5 }]],
        tablesOfBatches: [
          [schemaOf('items', { id: 'bigint', name: 'text' })],
          [wider],
          [schemaOf('items', { id: 'bigint', version: 'bigint' })],
        ],
        changes: [{ updated: 3 }],
      },
    ],
    after: loaded(2, [{ ...a, name: 'A', more: 'ma' }, b, { id: 3, version: 5, more: 'mc' }]),
  }),
  scenario({
    name: 'upsert: what did not come stays also where its column has widened [dispositions.upsert.widened]',
    tables: [items],
    plan: { ...plan, skipUnchanged: true },
    loads: [
      first,
      {
        tables: [widened],
        records: [
          { id: 1, name: 'A' },
          { id: 2, version: '2' },
          { id: 3, version: 'three' },
        ],
        changes: [{ inserted: 1, updated: 1, unchanged: 1 }],
      },
    ],
    after: [
      ...loaded(1, [{ ...b, version: '2' }], 2),
      ...loaded(2, [
        { ...a, name: 'A', version: '1' },
        { id: 3, version: 'three' },
      ]),
    ],
  }),
]
