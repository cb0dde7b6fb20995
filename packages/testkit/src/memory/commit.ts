import {
  type LoadPlan,
  type LoadResult,
  type PipelineState,
  SYSTEM_COLUMNS,
  type TableChanges,
  type TableSchema,
} from '@tributary/core'
import { convertRows } from './convert.ts'
import type { MemoryRow } from './decode.ts'
import { merge, type TableLoad, type TableOutcome } from './merge.ts'
import type { StagedTable } from './session.ts'
import { type Committed, type MemoryTable, stateText } from './store.ts'
import { leftOut } from './unique.ts'

/** The dataset as it is after a load. Changes nothing. */
export function commitLoad(
  committed: Committed,
  plan: LoadPlan,
  staged: ReadonlyMap<string, StagedTable>,
  state: PipelineState,
): { committed: Committed; result: LoadResult } {
  const schemas = Object.values(state.tables)
    .filter(({ resource }) => resource === plan.resource)
    .sort((a, b) => a.path.length - b.path.length)
  const loads = tableLoads(committed, plan, staged, schemas)
  const outcomes = plan.disposition === 'merge' ? merge(plan, loads) : loads.map((load) => place(plan, load))

  const tables = new Map<string, MemoryTable>(committed.tables)
  const changes: [string, TableChanges][] = []
  for (const [index, schema] of schemas.entries()) {
    tables.set(schema.name, { schema, rows: outcomes[index]!.rows })
    changes.push([schema.name, outcomes[index]!.changes])
  }
  if (plan.recreate) dropForgotten(tables, plan, state)
  const result = { tables: Object.fromEntries(changes) }
  const { id: loadId, connector, connectorVersion, resource, startedAt } = plan
  const record = { loadId, connector, connectorVersion, resource, startedAt, committedAt: new Date(), ...result }
  return { committed: { tables, state: stateText(state), loads: [...committed.loads, record] }, result }
}

function tableLoads(
  committed: Committed,
  plan: LoadPlan,
  staged: ReadonlyMap<string, StagedTable>,
  schemas: readonly TableSchema[],
): TableLoad[] {
  const loads = schemas.map((schema) => {
    const before = committed.tables.get(schema.name)
    return { schema, stored: before === undefined ? [] : convertRows(before.rows, before.schema, schema) }
  })
  const mayRepeat = schemas.some(({ name }) => staged.get(name)?.mayRepeat === true)
  const out = leftOut(plan, staged.get(plan.table)?.rows ?? [], loads[0]?.stored ?? [], mayRepeat)
  return loads.map((load) => {
    const parts = staged.get(load.schema.name)?.parts ?? []
    const incoming = parts.flatMap(({ schema, rows }) =>
      convertRows(
        rows.filter(({ sequence }) => !out.has(sequence)).map(({ row }) => row),
        schema,
        load.schema,
      ),
    )
    return { ...load, incoming }
  })
}

function place({ id, disposition }: LoadPlan, { stored, incoming }: TableLoad): TableOutcome {
  const added = incoming.map((row): MemoryRow => ({ ...row, [SYSTEM_COLUMNS.loadId]: id }))
  const deleted = disposition === 'replace' ? stored.length : 0
  const changes = { inserted: added.length, updated: 0, deleted, unchanged: 0 }
  return { rows: disposition === 'replace' ? added : [...stored, ...added], changes }
}

/** Drops those tables of the resource that the state no longer has. */
function dropForgotten(tables: Map<string, MemoryTable>, { resource }: LoadPlan, state: PipelineState): void {
  for (const [name, { schema }] of tables) {
    if (schema.resource === resource && !Object.hasOwn(state.tables, name)) tables.delete(name)
  }
}
