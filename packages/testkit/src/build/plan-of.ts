import type { LoadPlan, PipelineState, ResourceState, TableSchema } from '@tributary/core'

const HOUR = 3_600_000
const FIRST_START = Date.parse('2026-01-02T03:04:05.678Z')

/** When a load of `planOf` started, unless it says otherwise: an hour after the load with the id before. */
export function startOf(loadId: number): Date {
  return new Date(FIRST_START + (loadId - 1) * HOUR)
}

/**
 * A plan for a load of one resource. Required is only the table; the rest is as a connector of few words would have it:
 * load 1, `append`, no key. `merge` is by `delete-insert`, which keeps the last row of a key (`insert-only`: the first), and
 * `firstLoadId` is the load's own id.
 */
export function planOf(plan: Partial<LoadPlan> & Pick<LoadPlan, 'table'>): LoadPlan {
  const { table, id = 1, disposition = 'append', strategy = 'delete-insert' } = plan
  const kept = strategy === 'insert-only' ? 'first' : 'last'
  return {
    id,
    connector: 'conformance',
    connectorVersion: '1.0.0',
    resource: table,
    startedAt: startOf(id),
    disposition,
    primaryKey: [],
    strategy,
    mergeKey: [],
    keep: disposition === 'merge' ? kept : 'all',
    removesAbsent: false,
    skipUnchanged: false,
    recreate: false,
    firstLoadId: id,
    ...plan,
  }
}

/** A state that knows these tables, and of each resource what is given. */
export function stateOf(tables: readonly TableSchema[], resources: Readonly<Record<string, ResourceState>> = {}): PipelineState {
  return { resources, tables: Object.fromEntries(tables.map((table) => [table.name, table])) }
}
