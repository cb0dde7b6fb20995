import { isDeepStrictEqual } from 'node:util'
import type { ResolvedResource } from './connector/resolve.ts'
import { ownValue } from './load/own-value.ts'
import type { Pipeline } from './load/pipeline.ts'
import type { ResourceLoad } from './load/resource-load.ts'
import type { TableSchema } from './load/schema.ts'
import type { ResourceState } from './load/state.ts'
import type { StoredRows } from './load/stored-rows.ts'
import type { Normalizer } from './normalize/normalizer.ts'
import type { ResourcePlan } from './plan-resource.ts'

/** A run that brought nothing new makes no load. */
export function isWorthALoad(
  pipeline: Pipeline,
  resource: ResolvedResource,
  plan: ResourcePlan,
  load: ResourceLoad,
  normalizer: Normalizer,
  state: ResourceState,
  removesAbsent: boolean,
): boolean {
  if (!load.isEmpty() || plan.fullRefresh || plan.pending !== undefined) return true
  const { resources, tables } = pipeline.state()
  if (!isDeepStrictEqual(ownValue(resources, resource.name) ?? {}, state)) return true
  const table = ownValue(tables, resource.table)
  if (table === undefined)
    return resource.disposition === 'replace' || removesAbsent || normalizer.schemas().some((schema) => schema.columns.length > 0)
  return resource.disposition === 'replace' || (removesAbsent && hasRowsLeft(resource, table, pipeline.rowsOf(table)))
}

/** Whether a load without rows, which removes what is absent, may find something to remove. */
function hasRowsLeft(
  { strategy, mergeKey, hardDelete }: ResolvedResource,
  table: TableSchema,
  { count, last }: StoredRows,
): boolean {
  if (count === 0 || strategy === 'mirror') return count > 0
  if (mergeKey.length > 0) return false
  // The last load was one such: no row came that was new, or there already, and versions ended.
  const hasEnded = last !== undefined && last.updated > 0 && last.inserted + last.unchanged === 0
  return !(table.versioned === true && hardDelete === undefined && hasEnded)
}
