import type { DatasetReader, Destination, LoadPlan, LoadResult } from '@tributary/core'
import type { Fault, Faults } from './fault.ts'

type Row = Readonly<Record<string, unknown>>

async function rowsOf(reader: DatasetReader, table: string): Promise<Row[]> {
  const rows: Row[] = []
  for await (const row of reader.rows(table)) rows.push(row)
  return rows
}

const sizeOf = async (destination: Destination, dataset: string, table: string): Promise<number> =>
  rowsOf(await destination.inspect(dataset), table).then(
    ({ length }) => length,
    () => 0,
  )

/** Counts of the root table that are told otherwise, with how many rows it had and has. */
const counting = (change: (root: LoadResult['tables'][string], before: number, after: number) => object): Fault => ({
  destination: (destination) => ({
    ...destination,
    async open(name) {
      const dataset = await destination.open(name)
      return {
        ...dataset,
        async begin(plan) {
          const session = await dataset.begin(plan)
          return {
            ...session,
            async commit(state) {
              const before = await sizeOf(destination, name, plan.table)
              const result = await session.commit(state)
              const root = result.tables[plan.table]
              if (plan.disposition !== 'merge' || root === undefined) return result
              const changed = { ...root, ...change(root, before, await sizeOf(destination, name, plan.table)) }
              return { ...result, tables: { ...result.tables, [plan.table]: changed } }
            },
          }
        },
      }
    },
  }),
})

const showing = (change: (rows: readonly Row[], reader: DatasetReader) => Promise<Row[]>): Fault => ({
  look: (reader) => ({
    ...reader,
    async *rows(table) {
      yield* await change(await rowsOf(reader, table), reader)
    },
  }),
})

const isNew = ({ disposition, primaryKey }: LoadPlan): boolean => disposition === 'append' && primaryKey.length > 0

/** Of keys that an append has doubled. */
export const doubledKeyFaults: Faults = {
  'counts what comes down to one row as deleted': {
    noticedBy: 'doubled keys: delete-insert leaves one row, an updated one, and its children',
    ...counting(({ inserted }, before, after) => ({ deleted: before + inserted - after })),
  },
  'counts what comes down to one row as unchanged': {
    noticedBy: 'doubled keys: with upsert, a row like one of them is no unchanged one',
    ...counting(({ updated, unchanged }) => ({ updated: 0, unchanged: updated + unchanged })),
  },
  'appends only keys that are new': {
    noticedBy: 'doubled keys: upsert takes what did not come from the one that was loaded last',
    plan: (plan) => (isNew(plan) ? { ...plan, disposition: 'merge', strategy: 'insert-only', keep: 'first' } : plan),
  },
  'has each child once': {
    noticedBy: 'doubled keys: insert-only leaves each as it is',
    ...showing(async (rows) => {
      if (rows.some(({ _sync_root_id: root }) => root === undefined)) return [...rows]
      return [...new Map(rows.map((row) => [row._sync_id, row])).values()]
    }),
  },
  'loses children with the first of several rows': {
    noticedBy: 'doubled keys: children of rows that one load has written go with the last of them',
    ...showing(async (rows, reader) => {
      const roots = await rowsOf(reader, 'items').catch(() => [])
      const number = (of: readonly Row[], id: unknown, load: unknown): number =>
        of.filter((row) => row._sync_id === id && row._sync_load_id === load).length
      return rows.filter(
        ({ _sync_id: id, _sync_root_id: root, _sync_load_id: load }) =>
          root === undefined || number(rows, id, load) <= number(roots, root, load),
      )
    }),
  },
  'ends one of several rows': {
    noticedBy: 'doubled keys: scd2 ends each where a version takes their place, and keeps the children of each',
    ...showing(async (rows) => {
      const ended = new Set<unknown>()
      return rows.map(({ _sync_valid_to: to, ...row }) => {
        if (to === undefined || to === null) return row
        if (row._sync_valid_from === undefined && ended.has(row._sync_id)) return row
        ended.add(row._sync_id)
        return { ...row, _sync_valid_to: to }
      })
    }),
  },
}
