import { type Batch, isValid, type LoadPlan, type MergeStrategy, textsOf } from '@tributary/core'
import type { Fault, Faults } from './fault.ts'
import { repeatedKeyFaults } from './repeated-keys.ts'

const changing = (change: (plan: LoadPlan) => Partial<LoadPlan>): Fault => ({ plan: (plan) => ({ ...plan, ...change(plan) }) })
const instead = (of: MergeStrategy, strategy: MergeStrategy): Fault =>
  changing((plan) => (plan.strategy === of ? { strategy } : {}))

const withoutCame = ({ came: _came, ...batch }: Batch): Batch => batch
const changeCame = (change: (came: NonNullable<Batch['came']>, batch: Batch) => NonNullable<Batch['came']>): Fault => ({
  batch: (batch) => (batch.came === undefined ? batch : { ...batch, came: change(batch.came, batch) }),
})
const NOT_EMPTIED = 'upsert: a list that came empty empties the table of it'

/** Of the strategies of a merge. */
export const strategyFaults: Faults = {
  ...repeatedKeyFaults,
  'upserts whole rows': {
    noticedBy: 'upsert: a field that did not come stays, one that is null becomes null',
    batch: withoutCame,
  },
  'takes null for a field that did not come': {
    noticedBy: 'upsert: a field that did not come stays, one that is null becomes null',
    ...changeCame((came, { columns }) => ({ ...came, columns: columns.map(({ valid }) => valid) })),
  },
  'takes one record of a batch for all': {
    noticedBy: 'upsert: rows with as many kinds of gaps as a batch can have',
    ...changeCame((came, { rowCount }) => ({
      ...came,
      columns: came.columns.map((bits) => {
        if (bits === true) return true
        return Array.from({ length: rowCount }, (_, row) => isValid(bits, row)).includes(true) ? true : bits
      }),
    })),
  },
  'reads which fields came for the first 32 records alone': {
    noticedBy: 'upsert: rows with as many kinds of gaps as a batch can have',
    ...changeCame((came) => ({
      ...came,
      columns: came.columns.map((bits) => (bits === true ? true : bits.map((word, index) => (index === 0 ? word : 0)))),
    })),
  },
  'takes a column that a batch does not know for null': {
    noticedBy: 'upsert: a batch that does not know a column yet did not have it',
    batch: (batch) => {
      const { table, came, columns } = batch
      if (came === undefined || table.columns.some(({ name }) => name === 'more')) return batch
      const more = { name: 'more', type: 'text', nullable: true, path: ['more'] } as const
      return {
        ...batch,
        table: { ...table, columns: [...table.columns, more] },
        columns: [...columns, { kind: 'text', ...textsOf(Array(batch.rowCount)), valid: new Uint32Array(batch.rowCount) }],
        came: { ...came, columns: [...came.columns, true] },
      }
    },
  },
  'takes an empty list for one that did not come': {
    noticedBy: NOT_EMPTIED,
    ...changeCame((came) => ({ ...came, children: new Map() })),
  },
  'empties lists that did not come': {
    noticedBy: 'upsert: a list that did not come stays, with all that is below it',
    ...changeCame((came) => ({ ...came, children: new Map([['items__tags', true]]) })),
  },
  'replaces what is to be inserted only': {
    noticedBy: 'insert-only: keys that are known stay, with their children',
    ...instead('insert-only', 'delete-insert'),
  },
  'inserts the last of duplicates': {
    noticedBy: 'insert-only: the first of a key in a load is taken, with its children',
    ...changing((plan) => (plan.strategy === 'insert-only' ? { keep: 'last' } : {})),
  },
  'never removes what is absent': {
    noticedBy: 'mirror: keys that did not come are gone, with their children',
    ...changing(() => ({ removesAbsent: false })),
  },
  'always removes what is absent': {
    noticedBy: 'mirror: nothing is gone where the load has not all that there is',
    ...changing(() => ({ removesAbsent: true })),
  },
  'always ends what is absent': {
    noticedBy: 'scd2: nothing ends for its absence where the load has not all that there is',
    ...changing(() => ({ removesAbsent: true })),
  },
  'does nothing for a load without rows': {
    noticedBy: 'mirror: a load without rows empties the tables',
    ...changing(() => ({})),
    session: (session, plan, written) => ({
      ...session,
      commit: async (state) => {
        if (plan.removesAbsent && written.length === 0) return { tables: {} }
        return session.commit(state)
      },
    }),
  },
  'keeps no versions': {
    noticedBy: 'scd2: a changed record is a new version, and the old one ends when the load started; both have their children',
    ...instead('scd2', 'delete-insert'),
  },
  'makes a version of every row that comes': {
    noticedBy: 'scd2: a record that did not change, whatever the order of its keys, keeps its version as it is',
    batch: (batch) => (batch.hashes === undefined ? batch : { ...batch, hashes: batch.ids }),
  },
  'has versions begin when they are committed': {
    noticedBy: 'scd2: rows of a first load are active from when it started',
    ...changing(({ startedAt }) => ({ startedAt: new Date(startedAt.getTime() + 1) })),
  },
  'does not bound versions by a merge key': {
    noticedBy: 'scd2: a merge key bounds what is absent',
    ...changing(({ strategy }) => (strategy === 'scd2' ? { mergeKey: [] } : {})),
  },
  'keeps every one of equal versions': {
    noticedBy: 'scd2: without a primary key, rows that say the same are one version',
    ...changing(({ strategy }) => (strategy === 'scd2' ? { keep: 'all' } : {})),
  },
  'keeps versions in a full refresh': {
    noticedBy: 'scd2: a full refresh makes the versions anew',
    ...changing(({ recreate }) => (recreate ? { disposition: 'append' } : {})),
  },
  'loses the children of versions that have ended': {
    noticedBy: 'scd2: what has ended keeps its end, its load and its children in all loads to come',
    look: (reader) => ({
      ...reader,
      async *rows(table) {
        const ended = new Set<unknown>()
        for await (const row of reader.rows('items')) if (row._sync_valid_to !== undefined) ended.add(row._sync_id)
        for await (const row of reader.rows(table)) if (!ended.has(row._sync_root_id)) yield row
      },
    }),
  },
}
