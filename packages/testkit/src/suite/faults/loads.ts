import { type Batch, type Dataset, EMPTY_STATE, textsOf } from '@tributary/core'
import { stateOf } from '../../build/plan-of.ts'
import { textsIn } from '../../build/texts-of.ts'
import type { Faults } from './fault.ts'

const changeColumns = (
  batch: Batch,
  change: (column: Batch['columns'][number], type: string) => Batch['columns'][number],
): Batch => ({
  ...batch,
  columns: batch.columns.map((column, index) => change(column, batch.table.columns[index]!.type)),
})

/** Of rows, commits, state and types. */
export const loadFaults: Faults = {
  'loses the last row of a batch': {
    noticedBy: 'append: keeps the rows that are there',
    batch: (batch) => ({ ...batch, rowCount: batch.rowCount - 1 }),
  },
  'commits on abort': {
    noticedBy: 'commit: a first load that is aborted leaves nothing',
    session: (session, _plan, written) => ({
      ...session,
      abort: async () => {
        await session.commit(stateOf(written.map(({ table }) => table))).catch(() => {})
      },
    }),
  },
  'commits when it is closed': {
    noticedBy: 'commit: merge that was never committed leaves everything as it was',
    dataset: (dataset) => {
      const open: (() => Promise<unknown>)[] = []
      return {
        ...dataset,
        async begin(plan) {
          const session = await dataset.begin(plan)
          const { state } = await dataset.read()
          open.push(() => session.commit(state).catch(() => {}))
          return session
        },
        async close() {
          for (const commit of open) await commit()
          await dataset.close()
        },
      }
    },
  },
  'ignores duplicates': {
    noticedBy: 'merge: the first load of a table takes only the last row of each key',
    plan: (plan) => (plan.disposition === 'merge' ? { ...plan, disposition: 'append', keep: 'all' } : plan),
  },
  'keeps the first of duplicates': {
    noticedBy: 'duplicates: the last of a batch wins, with its children',
    batch: (batch) => ({ ...batch, sequence: batch.sequence.map((sequence) => -sequence) }),
  },
  'takes the batch that came last for the last': {
    noticedBy: 'duplicates: the larger sequence wins, whichever batch it came in',
    dataset: (dataset) => {
      let written = 0
      return {
        ...dataset,
        async begin(plan) {
          const session = await dataset.begin(plan)
          return {
            ...session,
            write: (batch) => {
              const base = 1000 * written++
              return session.write({ ...batch, sequence: batch.sequence.map((sequence) => base + sequence) })
            },
          }
        },
      }
    },
  },
  'forgets children': {
    noticedBy: 'append: keeps the rows that are there',
    batch: (batch) => (batch.lineage === undefined ? batch : undefined),
  },
  'forgets grandchildren': {
    noticedBy: 'children: are replaced with their parents, at every depth',
    batch: (batch) => (batch.table.path.length > 1 ? undefined : batch),
  },
  'forgets state': {
    noticedBy: 'state: cursors, pending requests and tables are read back by the next run',
    session: (session) => ({ ...session, commit: (state) => session.commit({ ...state, resources: {} }) }),
  },
  'reads no loads': {
    noticedBy: 'loads: are read back, earlier ones first, with what they did',
    dataset: (dataset) => ({ ...dataset, read: async () => ({ ...(await dataset.read()), loads: [] }) }),
  },
  'reads nothing': {
    noticedBy: 'state: what is no longer in it is forgotten',
    dataset: (dataset) => ({ ...dataset, read: async () => ({ state: EMPTY_STATE, loads: [] }) }),
  },
  'remembers something of a dataset that there is not': {
    noticedBy: 'state: a dataset that does not exist is empty',
    dataset: (dataset) => ({
      ...dataset,
      async read() {
        const { state, loads } = await dataset.read()
        return { loads, state: loads.length === 0 ? stateOf([], { unknown: {} }) : state }
      },
    }),
  },
  'appends instead of replacing': {
    noticedBy: 'replace: leaves the rows of the load alone, children too',
    plan: (plan) => (plan.disposition === 'replace' ? { ...plan, disposition: 'append' } : plan),
  },
  'does not replace by nothing': {
    noticedBy: 'replace: without rows leaves empty tables',
    session: (session, plan, written) => ({
      ...session,
      commit: async (state) => (plan.disposition === 'replace' && written.length === 0 ? { tables: {} } : session.commit(state)),
    }),
  },
  'gives every row the id of the load': {
    noticedBy: 'merge: with skipUnchanged, rows that did not change keep the id of their load',
    plan: (plan) => ({ ...plan, skipUnchanged: false }),
  },
  'always skips what did not change': {
    noticedBy: 'merge: rows that did not change are counted, and get the id of the load',
    plan: (plan) => ({ ...plan, skipUnchanged: true }),
  },
  'merges by the first column of the key': {
    noticedBy: 'merge: by a key of several columns',
    plan: (plan) => ({ ...plan, primaryKey: plan.primaryKey.slice(0, 1) }),
  },
  'does not know that rows may repeat': {
    noticedBy: 'append: rows that may repeat are loaded once a run',
    batch: (batch) => ({ ...batch, mayRepeat: false }),
  },
  'takes all loads for one run': {
    noticedBy: 'append: rows that may repeat are loaded once a run',
    plan: (plan) => ({ ...plan, firstLoadId: 1 }),
  },
  'counts nothing': {
    noticedBy: 'append: keeps the rows that are there',
    session: (session) => ({
      ...session,
      commit: async (state) => {
        const { tables } = await session.commit(state)
        const nothing = { inserted: 0, updated: 0, deleted: 0, unchanged: 0 }
        return { tables: Object.fromEntries(Object.keys(tables).map((name) => [name, nothing])) }
      },
    }),
  },
  'passes integers through doubles': {
    noticedBy: 'types: bigint: to the ends of 64 bits',
    batch: (batch) =>
      changeColumns(batch, (column) =>
        column.kind === 'int64'
          ? { ...column, values: column.values.map((value) => BigInt.asIntN(64, BigInt(Number(value)))) }
          : column,
      ),
  },
  'cuts timestamps to milliseconds': {
    noticedBy: 'types: timestamp: microseconds, before 1970, and the years 1 to 9999',
    batch: (batch) =>
      changeColumns(batch, (column, type) =>
        column.kind === 'int64' && type === 'timestamp'
          ? { ...column, values: column.values.map((value) => value - (value % 1000n)) }
          : column,
      ),
  },
  'reads what is not valid': {
    noticedBy: 'types: text: empty, quotes, line ends and other scripts',
    batch: (batch) => changeColumns(batch, (column) => ({ ...column, valid: column.valid.map(() => 0xffff_ffff) })),
  },
  'reads texts from the first byte on': {
    noticedBy: 'types: text: empty, quotes, line ends and other scripts',
    batch: (batch) =>
      changeColumns(batch, (column) =>
        column.kind === 'text' ? { ...column, offsets: column.offsets.map((at) => at - column.offsets[0]!) } : column,
      ),
  },
  'escapes once more what JSON has escaped': {
    noticedBy: 'types: half of a surrogate pair, in JSON, a key or a cursor, fails no load',
    batch: (batch) =>
      changeColumns(batch, (column, type) =>
        column.kind === 'text' && type === 'json'
          ? { ...column, ...textsOf(textsIn(column, batch.rowCount).map((text) => text.replaceAll('\\u', '\\\\u'))) }
          : column,
      ),
  },
  'cuts long texts': {
    noticedBy: 'types: text: 1 MB',
    batch: (batch) =>
      changeColumns(batch, (column) =>
        column.kind === 'text'
          ? { ...column, ...textsOf(textsIn(column, batch.rowCount).map((text) => text.slice(0, 65_536))) }
          : column,
      ),
  },
  'refuses a dataset at once': {
    noticedBy: 'concurrency: a dataset that is let go in time is opened',
    open: (open) => {
      const held = new Set<string>()
      return async (dataset) => {
        if (held.has(dataset)) throw Object.assign(new Error('in use'), { code: 'DATASET_IN_USE' })
        held.add(dataset)
        const opened = await open(dataset)
        return {
          ...opened,
          close: async () => {
            held.delete(dataset)
            await opened.close()
          },
        }
      }
    },
  },
  'lets two open a dataset at once': {
    noticedBy: 'concurrency: a dataset that is in use is refused after a bounded wait',
    open: (open) => {
      let shared: Promise<Dataset> | undefined
      return async (dataset) => {
        shared ??= open(dataset)
        return { ...(await shared), close: async () => {} }
      }
    },
  },
}
