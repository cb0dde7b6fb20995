import { SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import { comparableRow } from '../values/comparable.ts'
import type { MemoryRow } from './decode.ts'

/** What rows have in these columns, as one text: the same for the same values, whatever form they have. Null is a value too. */
export function keyOf(schema: TableSchema, columns: readonly string[]): (row: MemoryRow) => string {
  return (row) => {
    const picked = Object.fromEntries(columns.map((column) => [column, row[column]]))
    const comparable = comparableRow(schema, picked)
    return JSON.stringify(columns.map((column) => (Object.hasOwn(comparable, column) ? comparable[column] : null)))
  }
}

/** Whether rows have the same values, whichever load wrote them. */
export function sameRow(schema: TableSchema, a: MemoryRow, b: MemoryRow): boolean {
  return valuesText(schema, a) === valuesText(schema, b)
}

function valuesText(schema: TableSchema, { [SYSTEM_COLUMNS.loadId]: _loadId, ...values }: MemoryRow): string {
  return JSON.stringify(Object.entries(comparableRow(schema, values)))
}
