import type { LoadRecord } from './destination.ts'
import type { TableSchema } from './schema.ts'

/** How many rows a table has. */
export interface StoredRows {
  readonly all: number
  /** Without versions that have ended. */
  readonly active: number
}

/** Counts the rows of a table by what its resource's loads, earlier ones first, say of it: no row is read. */
export function storedRows(
  loads: readonly Pick<LoadRecord, 'resource' | 'tables'>[],
  { name, resource, versioned }: Pick<TableSchema, 'name' | 'resource' | 'versioned'>,
): StoredRows {
  let all = 0
  let ended = 0
  for (const load of loads) {
    if (load.resource !== resource) continue
    const changes = Object.hasOwn(load.tables, name) ? load.tables[name] : undefined
    // A load names all tables that its resource has: this one is gone, or was not there yet.
    if (changes === undefined) all = 0
    else all += changes.inserted - changes.deleted
    // Versions are never deleted but by a load that makes all of them anew.
    if (changes === undefined || changes.deleted > 0) ended = 0
    else if (versioned === true) ended += changes.updated
  }
  return { all, active: all - ended }
}
