import type { LoadPlan, PipelineState, ResourceState, TableSchema } from '@tributary/core'

/**
 * A plan for a load of one resource. Required is only the table; the rest is as a connector of few words would have it:
 * load 1, `append`, no key. `merge` is by
 * `delete-insert` and keeps the last row of a key, and `firstLoadId` is the load's own id.
 */
export function planOf(plan: Partial<LoadPlan> & Pick<LoadPlan, 'table'>): LoadPlan {
  const { table, id = 1, disposition = 'append' } = plan
  return {
    id,
    connector: 'conformance',
    connectorVersion: '1.0.0',
    resource: table,
    startedAt: new Date('2026-01-02T03:04:05.678Z'),
    disposition,
    primaryKey: [],
    strategy: 'delete-insert',
    mergeKey: [],
    keep: disposition === 'merge' ? 'last' : 'all',
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
