import type { LoadPlan } from '@tributary/core'
import { doubledKeyFaults } from './doubled-keys.ts'
import type { Fault, Faults } from './fault.ts'

const changing = (change: (plan: LoadPlan) => Partial<LoadPlan>): Fault => ({ plan: (plan) => ({ ...plan, ...change(plan) }) })
const without = (
  name: 'dedupSort' | 'hardDelete' | 'outdatedRejects' | 'replays',
  where: (plan: LoadPlan) => boolean = () => true,
): Fault => ({
  plan(plan) {
    const { [name]: _left, ...others } = plan
    return where(plan) ? others : plan
  },
})

/** Of merge keys, sorts, deletions, keys that are stored several times, and what is put through again. */
export const keyFaults: Faults = {
  ...doubledKeyFaults,
  'knows no merge keys': {
    noticedBy: 'merge key: partitions that came are replaced, with their children',
    ...changing(() => ({ mergeKey: [] })),
  },
  'takes the first column of a merge key': {
    noticedBy: 'merge key: of several columns',
    ...changing(({ mergeKey }) => ({ mergeKey: mergeKey.slice(0, 1) })),
  },
  'forgets the primary key where there is a merge key': {
    noticedBy: 'merge key: with a primary key too, either match is replaced',
    ...changing(({ mergeKey }) => (mergeKey.length > 0 ? { primaryKey: [] } : {})),
  },
  'replaces the whole of a partition, also what did not change': {
    noticedBy: 'merge key: with skipUnchanged, rows that did not change stay, and others of the partition go',
    ...changing(({ mergeKey }) => (mergeKey.length > 0 ? { skipUnchanged: false } : {})),
  },
  'does not sort': { noticedBy: 'dedup sort: desc by bigint, in a load and against what is stored', ...without('dedupSort') },
  'sorts the other way round': {
    noticedBy: 'dedup sort: asc by text, in a load and against what is stored',
    ...changing(({ dedupSort }) =>
      dedupSort === undefined ? {} : { dedupSort: { ...dedupSort, order: dedupSort.order === 'asc' ? 'desc' : 'asc' } },
    ),
  },
  'takes the first of equals': {
    noticedBy: 'dedup sort: of equals the last is kept',
    ...changing(({ keep }) => (keep === 'last' ? { keep: 'first' } : {})),
  },
  'sorts a replace by nothing': {
    noticedBy: 'repeats: with a sort the best of a key is what replaces',
    ...without('dedupSort', ({ disposition }) => disposition === 'replace'),
  },
  'knows no deletions': { noticedBy: 'hard delete: by a column of bool', ...without('hardDelete') },
  'takes every value for a deletion': {
    noticedBy: 'hard delete: by a column of bool',
    batch: (batch) => ({
      ...batch,
      columns: batch.columns.map((column) =>
        column.kind === 'bool' ? { ...column, values: column.values.map(() => 1) } : column,
      ),
    }),
  },
  'writes deletions where nothing is merged': {
    noticedBy: 'hard delete: with replace the row is left out',
    ...without('hardDelete', ({ disposition }) => disposition !== 'merge'),
  },
  'removes what it should end': {
    noticedBy: 'hard delete: scd2 ends the version, which keeps its children',
    ...changing(({ strategy, hardDelete }) =>
      strategy === 'scd2' && hardDelete !== undefined ? { strategy: 'delete-insert' } : {},
    ),
  },
  'deletes what is to be inserted only': {
    noticedBy: 'hard delete: insert-only keeps what is stored, and never writes the deletion',
    ...changing(({ strategy }) => (strategy === 'insert-only' ? { strategy: 'delete-insert' } : {})),
  },
  'takes what is put through again for older than all that is stored': {
    noticedBy: 'replay: with upsert what is put through again is the newest',
    ...changing(({ replays }) => (replays === undefined ? {} : { strategy: 'insert-only', keep: 'first' })),
  },
  'keeps rejects that were put through again': {
    noticedBy: 'rejects: those that are put through again go, but for those that are left out again',
    ...without('replays'),
  },
  'keeps rejects that are out of date': {
    noticedBy: 'rejects: those that are out of date go, of earlier loads and of this one, and no others',
    ...without('outdatedRejects'),
  },
}
