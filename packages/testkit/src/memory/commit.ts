import { type LoadPlan, type LoadResult, type PipelineState, SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import type { MemoryRow } from './decode.ts'
import { isDeletion } from './deletions.ts'
import { asWritten, merge } from './merge.ts'
import { oneOfEachKey } from './one-of-each-key.ts'
import { emptyOutcome, insert, type Outcome } from './outcome.ts'
import { loadedRecords, type StoredRecord, storedRecords } from './records.ts'
import { nextRejects } from './rejects.ts'
import { withoutRepeats } from './repeats.ts'
import type { Staged } from './session.ts'
import { type Committed, type MemoryTable, textOf } from './store.ts'
import { nextVersions } from './versions.ts'

/** The dataset as it is after a load. Changes nothing. */
export function commitLoad(
  committed: Committed,
  plan: LoadPlan,
  staged: Staged,
  state: PipelineState,
): { committed: Committed; result: LoadResult } {
  const schemas = Object.values(state.tables)
    .filter(({ resource }) => resource === plan.resource)
    .sort((a, b) => a.path.length - b.path.length)
  const tables = new Map<string, MemoryTable>(committed.tables)
  let result: LoadResult = { tables: {} }
  if (schemas.length > 0) {
    const stored = storedRecords(committed.tables, plan.disposition === 'replace' ? [] : schemas)
    const outcome = workOut(plan, schemas, stored, staged, committed.tables)
    for (const schema of schemas) tables.set(schema.name, { schema, rows: rowsAfter(plan, schema, stored, outcome) })
    result = { tables: Object.fromEntries([...outcome.counts].map(([table, count]) => [table, { ...count }])) }
  }
  if (plan.recreate) dropForgotten(tables, plan, state)

  const versions = nextVersions(committed, plan.id, state)
  const { id: loadId, connector, connectorVersion, resource, startedAt } = plan
  const schemaVersion = versions.current
  const record = { loadId, connector, connectorVersion, resource, startedAt, committedAt: new Date(), ...result, schemaVersion }
  return {
    committed: {
      tables,
      state: textOf(state),
      loads: [...committed.loads, record],
      versions: versions.all,
      rejects: nextRejects(committed.rejects, plan, staged.rejects),
    },
    result,
  }
}

/** Steps 1 to 6. */
function workOut(
  plan: LoadPlan,
  schemas: readonly TableSchema[],
  stored: readonly StoredRecord[],
  { batches }: Staged,
  tables: ReadonlyMap<string, MemoryTable>,
): Outcome {
  const root = schemas[0]!
  const all = loadedRecords(plan, batches, schemas)
  const load = withoutRepeats(plan, oneOfEachKey(plan, schemas, all), stored)
  if (plan.disposition === 'merge') return merge(plan, schemas, stored, load)
  const outcome = emptyOutcome(schemas)
  for (const record of load) if (!isDeletion(plan, root, record)) insert(outcome, root.name, record)
  if (plan.disposition === 'replace') {
    for (const [table, count] of outcome.counts) count.deleted = tables.get(table)?.rows.length ?? 0
  }
  return outcome
}

/** Step 7: the rows of a table after a load. */
function rowsAfter(plan: LoadPlan, schema: TableSchema, stored: readonly StoredRecord[], outcome: Outcome): MemoryRow[] {
  const isRoot = schema.parent === undefined
  const rowsOf = ({ row, children }: Pick<StoredRecord, 'row' | 'children'>): readonly MemoryRow[] =>
    isRoot ? [row] : (children.get(schema.name) ?? [])
  const staying = stored.filter((record) => !outcome.gone.has(record))
  const kept = isRoot
    ? staying.map((record) => (outcome.ended.has(record) ? ended(plan, record.row) : record.row))
    : [...new Set(staying.map(({ children }) => children))].flatMap((children) => children.get(schema.name) ?? [])
  const written = outcome.written.flatMap(rowsOf).map((row) => asWritten(plan, row, schema.versioned === true))
  return [...kept, ...written]
}

const ended = ({ startedAt }: LoadPlan, row: MemoryRow): MemoryRow => ({
  ...row,
  [SYSTEM_COLUMNS.validTo]: startedAt.toISOString(),
})

/** Drops those tables of the resource that the state no longer has. */
function dropForgotten(tables: Map<string, MemoryTable>, { resource }: LoadPlan, state: PipelineState): void {
  for (const [name, { schema }] of tables) {
    if (schema.resource === resource && !Object.hasOwn(state.tables, name)) tables.delete(name)
  }
}
