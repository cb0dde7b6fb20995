import type { LoadRecord, TableChanges } from './destination.ts'
import type { TableSchema } from './schema.ts'

/** What loads tell of a table, so that no row has to be read. */
export interface StoredRows {
  /** Versions that have ended among them. */
  readonly count: number
  /** What the last load of its resource did to it. Undefined: it was not there then. */
  readonly last?: TableChanges
}

/** `loads`: earlier ones first. */
export function storedRows(
  loads: readonly Pick<LoadRecord, 'resource' | 'tables'>[],
  { name, resource }: Pick<TableSchema, 'name' | 'resource'>,
): StoredRows {
  let count = 0
  let last: TableChanges | undefined
  for (const load of loads) {
    if (load.resource !== resource) continue
    // A load names all tables that its resource has: one that it does not name is gone, or was not there yet.
    last = Object.hasOwn(load.tables, name) ? load.tables[name] : undefined
    count = last === undefined ? 0 : count + last.inserted - last.deleted
  }
  return { count, ...(last !== undefined && { last }) }
}
