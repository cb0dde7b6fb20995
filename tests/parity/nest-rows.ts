import type { JsonValue } from '@tributary/core'
import type { Columns, NestedRow, Outcome } from './parity-case.ts'

/** Names of the columns that a side adds. */
export interface Links {
  readonly id: string
  readonly parent: string
  readonly index: string
  /** Null in the active version of a record; only versioned tables have it. */
  readonly validTo: string
  /** Columns, and tables, that are the side's own. */
  readonly system: RegExp
}

export interface StoredTable {
  readonly columns: Readonly<Record<string, string>>
  readonly rows: readonly Readonly<Record<string, JsonValue>>[]
}

/**
 * Tables in a form that does not depend on how a side makes its ids: user columns only, no nulls, child rows in the order
 * of their list inside of their parent, root rows in the order of their text. Versions say whether they are active.
 */
export function nestRows(stored: ReadonlyMap<string, StoredTable>, links: Links): Pick<Outcome, 'tables' | 'columns'> {
  const isChild = ({ columns }: StoredTable): boolean => Object.hasOwn(columns, links.parent)
  const children = new Map<string, [table: string, row: StoredTable['rows'][number]][]>()
  for (const [name, table] of stored) {
    if (!isChild(table)) continue
    for (const row of table.rows) {
      const parent = String(row[links.parent])
      children.set(parent, [...(children.get(parent) ?? []), [name, row]])
    }
  }
  let placed = 0
  const nest = (row: StoredTable['rows'][number]): NestedRow => {
    placed++
    const own = Object.entries(row).filter(([name, value]) => !links.system.test(name) && value !== null)
    const nested: Record<string, JsonValue> = Object.fromEntries(own.map(([name, value]) => [name, parsed(value)]))
    if (Object.hasOwn(row, links.validTo)) nested['(active)'] = row[links.validTo] === null
    const below = (children.get(String(row[links.id])) ?? []).toSorted(
      (a, b) => Number(a[1][links.index]) - Number(b[1][links.index]),
    )
    for (const [name, child] of below) {
      const list = (nested[name] ?? []) as JsonValue[]
      nested[name] = [...list, nest(child)]
    }
    return sorted(nested)
  }
  const roots = [...stored].filter(([, table]) => !isChild(table))
  const tables = Object.fromEntries(roots.map(([name, { rows }]) => [name, inOrder(rows.map(nest))]))
  const all = [...stored.values()].reduce((sum, { rows }) => sum + rows.length, 0)
  if (placed !== all) throw new Error(`${all - placed} child rows have no parent row, or are reached twice.`)
  return { tables, columns: columnsOf(stored, links) }
}

/** JSON columns come as text, whose spacing is the side's own. */
function parsed(value: JsonValue): JsonValue {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value
  try {
    return JSON.parse(value) as JsonValue
  } catch {
    return value
  }
}

const sorted = (row: NestedRow): NestedRow => Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))

export const inOrder = <T>(values: readonly T[]): T[] =>
  values.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

function columnsOf(stored: ReadonlyMap<string, StoredTable>, { system }: Links): Columns {
  return Object.fromEntries(
    [...stored].map(([name, { columns }]) => [
      name,
      Object.fromEntries(Object.entries(columns).filter(([column]) => !system.test(column))),
    ]),
  )
}
