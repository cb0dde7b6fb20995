import { SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import type { MemoryRow } from '../decode.ts'
import type { Merge } from '../merge.ts'
import { insert, type Outcome, remove, replace } from '../outcome.ts'
import type { LoadedRecord, StoredRecord } from '../records.ts'

/** What a record does not have is taken from the stored one; the whole is then put in its place. */
export function upsert({ plan, schemas, records, deletions, ofKey }: Merge, outcome: Outcome): void {
  const root = schemas[0]!
  for (const record of records) {
    const before = ofKey(record)
    const old = before.at(-1)
    if (old === undefined) insert(outcome, root.name, record)
    else replace(outcome, schemas, complete(record, old, schemas), before, plan.skipUnchanged)
  }
  for (const deletion of deletions) for (const old of ofKey(deletion)) remove(outcome, root.name, old)
}

function complete(record: LoadedRecord, old: StoredRecord, [root, ...below]: readonly TableSchema[]): StoredRecord {
  // As entries, since a column may be called `__proto__` or `constructor`.
  const kept = root!.columns
    .filter(({ name }) => !record.hadColumn(name) && Object.hasOwn(old.row, name))
    .map(({ name }) => [name, old.row[name]] as const)
  const row: MemoryRow = Object.fromEntries([...Object.entries(record.row), ...kept])
  const children = below.map((schema) => {
    const own = record.hadList(listOf(schema, below))
    const rows = own ? record.children.get(schema.name) : old.children.get(schema.name)
    return [schema.name, own ? (rows ?? []) : (rows ?? []).map((child) => movedUnder(row, old, child))] as const
  })
  return { row, children: new Map(children) }
}

/** The table right below the root that a table is, or is below of. */
function listOf(schema: TableSchema, below: readonly TableSchema[]): string {
  const parent = below.find(({ name }) => name === schema.parent)
  return parent === undefined ? schema.name : listOf(parent, below)
}

/** A stored child, with its ids as those of the row that it now belongs to. */
function movedUnder(row: MemoryRow, old: StoredRecord, child: MemoryRow): MemoryRow {
  const { id, parentId, rootId } = SYSTEM_COLUMNS
  const length = String(old.row[id]).length
  const moved = (text: unknown): string => String(row[id]) + String(text).slice(length)
  return { ...child, [id]: moved(child[id]), [parentId]: moved(child[parentId]), [rootId]: row[id] }
}
