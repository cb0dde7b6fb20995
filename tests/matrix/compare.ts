import type { Contents, TableContents } from './contents.ts'
import type { Difference } from './differences.ts'
import type { Outcome } from './run-scenario.ts'

/** How two outcomes are compared. */
export interface Comparison {
  /** What DuckDB has: names that are longer there than `limit` bytes are other names elsewhere. */
  readonly reference: Outcome
  readonly limit: number
  readonly difference?: Difference | undefined
}

/** An outcome in the form that is compared; of DuckDB, as the other one should be. */
export function comparable(
  { message, contents, counts, ...outcome }: Outcome,
  { reference, limit, difference }: Comparison,
): unknown {
  const isReference = contents === reference.contents
  const value = (isReference ? difference?.value : undefined) ?? ((text: string) => text)
  const isLong = (name: string | undefined): boolean => name !== undefined && Buffer.byteLength(name) > limit
  const tableOf = (place: string, table: TableContents): unknown => {
    const known = reference.contents.tables[place]
    return {
      name: isLong(known?.name) ? '(too long)' : table.name,
      columns: table.columns.map((column, index) => ({
        ...column,
        name: isLong(known?.columns[index]?.name) ? '(too long)' : column.name,
      })),
      rows: table.rows
        .map((row) => Object.fromEntries(Object.entries(row).map(([column, text]) => [column, value(text)])))
        .map((row) => [JSON.stringify(row), row] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, row]) => row),
    }
  }
  const { tables, loads, rejects, rejected }: Contents = contents
  return {
    ...outcome,
    message: value(message ?? ''),
    tables: Object.fromEntries(Object.entries(tables).map(([place, table]) => [place, tableOf(place, table)])),
    rejects,
    rejected,
    counts,
    loads,
  }
}
