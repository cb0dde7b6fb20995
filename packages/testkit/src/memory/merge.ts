import { type LoadPlan, SYSTEM_COLUMNS, type TableChanges, type TableSchema } from '@tributary/core'
import { type ComparableRow, comparableRow } from '../values/comparable.ts'
import type { MemoryRow } from './decode.ts'

/** A table of a load: what it has, and what comes. */
export interface TableLoad {
  readonly schema: TableSchema
  readonly stored: readonly MemoryRow[]
  readonly incoming: readonly MemoryRow[]
}

/** What a table has after a load, and what the load did to it. */
export interface TableOutcome {
  readonly rows: readonly MemoryRow[]
  readonly changes: TableChanges
}

const { id: ID, rootId: ROOT_ID, loadId: LOAD_ID } = SYSTEM_COLUMNS

/** Replaces rows of the same key, and their children with them. The first table is the root. */
export function merge(plan: LoadPlan, tables: readonly TableLoad[]): TableOutcome[] {
  const [root, ...children] = tables
  if (root === undefined) return []
  const keyOf = (row: MemoryRow): string => {
    const comparable = comparableRow(root.schema, row)
    return JSON.stringify(plan.primaryKey.map((column) => comparable[column] ?? null))
  }
  const storedByKey = groupBy(root.stored, keyOf)
  const counts = tables.map(() => ({ inserted: 0, updated: 0, deleted: 0, unchanged: 0 }))
  /** Root ids of the stored rows that go, and of the incoming ones that are not written. */
  const replaced = new Set<unknown>()
  const kept = new Set<unknown>()
  const storedChildren = children.map(({ stored }) => groupBy(stored, (row) => row[ROOT_ID]))
  const comingChildren = children.map(({ incoming }) => groupBy(incoming, (row) => row[ROOT_ID]))

  for (const row of root.incoming) {
    const old = storedByKey.get(keyOf(row)) ?? []
    let differs = old.length !== 1 || !sameRow(root.schema, old[0]!, row)
    for (const [index, { schema }] of children.entries()) {
      const before = old.flatMap((parent) => storedChildren[index]!.get(parent[ID]) ?? [])
      const after = comingChildren[index]!.get(row[ID]) ?? []
      if (countChildren(schema, before, after, counts[index + 1]!)) differs = true
    }
    const count = counts[0]!
    if (old.length === 0) count.inserted++
    else if (differs) count.updated++
    else count.unchanged++
    if (old.length > 0 && !differs && plan.skipUnchanged) kept.add(row[ID])
    else for (const parent of old) replaced.add(parent[ID])
  }
  return tables.map(({ stored, incoming }, index) => {
    const idOf = (row: MemoryRow): unknown => row[index === 0 ? ID : ROOT_ID]
    const rows = [
      ...stored.filter((row) => !replaced.has(idOf(row))),
      ...incoming.filter((row) => !kept.has(idOf(row))).map((row) => ({ ...row, [LOAD_ID]: plan.id })),
    ]
    return { rows, changes: counts[index]! }
  })
}

/** Adds what becomes of the children of one record; true where any of them differ. */
function countChildren(
  schema: TableSchema,
  before: readonly MemoryRow[],
  after: readonly MemoryRow[],
  count: { inserted: number; updated: number; deleted: number; unchanged: number },
): boolean {
  const old = new Map(before.map((row) => [row[ID], row]))
  let differs = false
  for (const row of after) {
    const other = old.get(row[ID])
    old.delete(row[ID])
    const change = other === undefined ? 'inserted' : sameRow(schema, other, row) ? 'unchanged' : 'updated'
    count[change]++
    if (change !== 'unchanged') differs = true
  }
  count.deleted += old.size
  return differs || old.size > 0
}

function groupBy<K>(rows: readonly MemoryRow[], keyOf: (row: MemoryRow) => K): Map<K, MemoryRow[]> {
  const groups = new Map<K, MemoryRow[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups
}

const sameRow = (schema: TableSchema, a: MemoryRow, b: MemoryRow): boolean => textOf(schema, a) === textOf(schema, b)

function textOf(schema: TableSchema, row: MemoryRow): string {
  const { [LOAD_ID]: _loadId, ...values }: ComparableRow = comparableRow(schema, row)
  return JSON.stringify(values)
}
