import type { Dataset, Destination, LoadPlan, LoadResult, TableSchema } from '@tributary/core'
import { batchesOf, planOf, type RecordValues, stateOf } from '@tributary/testkit'

export const DATASET = 'shop'

export interface Spec extends Partial<LoadPlan> {
  readonly id: number
  /** Root first. */
  readonly tables: readonly TableSchema[]
  readonly records?: readonly RecordValues[]
  /** Says which fields each record had. Default false: a record is all that there is. */
  readonly came?: boolean
}

/** Stages a load and commits it. */
export async function loadInto(dataset: Dataset, { tables, records = [], came = false, ...plan }: Spec): Promise<LoadResult> {
  const root = tables[0]!
  const session = await dataset.begin(planOf({ table: root.name, resource: root.resource, ...plan }))
  try {
    const options = { loadId: plan.id, came, ...(plan.primaryKey !== undefined && { primaryKey: plan.primaryKey }) }
    for (const batch of batchesOf(tables, records, options)) await session.write(batch)
    const { state } = await dataset.read()
    const others = Object.values(state.tables).filter(({ resource }) => resource !== root.resource)
    return await session.commit(stateOf([...others, ...tables], { ...state.resources, [root.resource]: {} }))
  } finally {
    await session.abort()
  }
}

/** Opens the dataset, does one load and closes it. */
export async function load(destination: Destination, spec: Spec): Promise<LoadResult> {
  const dataset = await destination.open(DATASET)
  try {
    return await loadInto(dataset, spec)
  } finally {
    await dataset.close()
  }
}

/** The rows of a table, in the order of their ids. */
export async function rowsOf(destination: Destination, table: string): Promise<Record<string, unknown>[]> {
  const reader = await destination.inspect(DATASET)
  try {
    const rows: Record<string, unknown>[] = []
    for await (const row of reader.rows(table)) rows.push(row)
    return rows.sort((a, b) => (String(a._sync_id) < String(b._sync_id) ? -1 : 1))
  } finally {
    await reader.close()
  }
}
