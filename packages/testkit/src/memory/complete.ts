import { SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import type { MemoryRow } from './decode.ts'
import type { LoadedRecord, StoredRecord } from './records.ts'

/** A record with the columns and lists that it did not come with as another one of its key has them. */
export function complete(record: LoadedRecord, other: StoredRecord, [root, ...below]: readonly TableSchema[]): StoredRecord {
  // As entries, since a column may be called `__proto__` or `constructor`.
  const kept = root!.columns
    .filter(({ name }) => !record.hadColumn(name) && Object.hasOwn(other.row, name))
    .map(({ name }) => [name, other.row[name]] as const)
  const row: MemoryRow = Object.fromEntries([...Object.entries(record.row), ...kept])
  const children = below.map((schema) => {
    const own = record.hadList(listOf(schema, below))
    const rows = own ? record.children.get(schema.name) : other.children.get(schema.name)
    return [schema.name, own ? (rows ?? []) : oneOfEachId(rows ?? []).map((child) => movedUnder(row, other, child))] as const
  })
  return { row, children: new Map(children) }
}

/** Where one load has written several rows of an id, so it has of those below them. */
function oneOfEachId(rows: readonly MemoryRow[]): MemoryRow[] {
  return [...new Map(rows.map((row) => [row[SYSTEM_COLUMNS.id], row])).values()]
}

/** The table right below the root that a table is, or is below of. */
function listOf(schema: TableSchema, below: readonly TableSchema[]): string {
  const parent = below.find(({ name }) => name === schema.parent)
  return parent === undefined ? schema.name : listOf(parent, below)
}

/** A child of another record, with its ids as those of the row that it now belongs to. */
function movedUnder(row: MemoryRow, other: StoredRecord, child: MemoryRow): MemoryRow {
  const { id, parentId, rootId } = SYSTEM_COLUMNS
  const length = String(other.row[id]).length
  const moved = (text: unknown): string => String(row[id]) + String(text).slice(length)
  return { ...child, [id]: moved(child[id]), [parentId]: moved(child[parentId]), [rootId]: row[id] }
}
