import type { NamedColumn } from '../connector/column.ts'
import type { JsonValue } from '../http/request.ts'
import { normalizeName, SEPARATOR } from './names.ts'
import type { ColumnSlot } from './table-writer.ts'

/** A column that is declared by name, and waits for the key whose path gives that name. */
export interface AwaitedColumn extends NamedColumn {
  /** Undefined as long as its type is not known. */
  slot: ColumnSlot | undefined
  /** Whether rows of other loads may lack a value. */
  columnNullable: boolean
}

export interface AwaitedColumns {
  readonly all: readonly AwaitedColumn[]
  /** The column that a key path would fill, if none does yet. */
  find(path: readonly string[]): AwaitedColumn | undefined
  /** The same, which from then on belongs to that path. Called once for each key that was never seen. */
  claim(path: readonly string[]): AwaitedColumn | undefined
  /** Takes a claim back: the column waits again. */
  release(column: AwaitedColumn): void
}

export function awaitColumns(columns: ReadonlyMap<string, NamedColumn>): AwaitedColumns {
  const all = new Map(
    [...columns].map(([name, column]) => [name, { ...column, slot: undefined, columnNullable: true } as AwaitedColumn]),
  )
  const open = new Map(all)
  const find = (path: readonly string[]): AwaitedColumn | undefined => open.get(path.map(normalizeName).join(SEPARATOR))
  return {
    all: [...all.values()],
    find,
    claim(path) {
      const column = find(path)
      if (column === undefined) return undefined
      open.delete(column.name)
      if (column.slot !== undefined) column.slot.column = { ...column.slot.column, path }
      return column
    },
    release(column) {
      open.set(column.name, column)
      if (column.slot !== undefined) column.slot.column = { ...column.slot.column, path: [column.name] }
    },
  }
}

/** The keys that lead to the value of a column, in a record whose own names are not yet in snake_case. */
export function pathOfColumn(value: JsonValue, column: string, prefix = ''): string[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  for (const [key, member] of Object.entries(value)) {
    const name = prefix + normalizeName(key)
    // A path of keys is written with dots between them.
    if (key.includes('.')) continue
    if (name === column) return [key]
    const deeper = column.startsWith(name + SEPARATOR) ? pathOfColumn(member, column, name + SEPARATOR) : undefined
    if (deeper !== undefined) return [key, ...deeper]
  }
  return undefined
}
