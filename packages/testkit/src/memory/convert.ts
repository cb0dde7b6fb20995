import { type ColumnType, SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import type { MemoryRow } from './decode.ts'

const SYSTEM_NAMES: ReadonlySet<string> = new Set(Object.values(SYSTEM_COLUMNS))

/** Brings rows that were written for one schema to another: types widen, columns that it does not have are dropped. */
export function convertRows(rows: readonly MemoryRow[], from: TableSchema, to: TableSchema): MemoryRow[] {
  const before = new Map(from.columns.map(({ name, type }) => [name, type]))
  const after = new Map(to.columns.map(({ name, type }) => [name, type]))
  return rows.map((row) => {
    const entries = Object.entries(row).flatMap(([name, value]) => {
      if (SYSTEM_NAMES.has(name)) return [[name, value] as const]
      const type = after.get(name)
      return type === undefined ? [] : [[name, convert(value, before.get(name), type)] as const]
    })
    return Object.fromEntries(entries)
  })
}

function convert(value: unknown, from: ColumnType | undefined, to: ColumnType): unknown {
  if (from === to || value === undefined || value === null) return value
  if (to === 'double') return Number(value)
  if (from === 'date' && to === 'timestamp') return `${String(value)}T00:00:00Z`
  return String(value)
}
