import { type Came, type CameBits, isValid, type LoadPlan, SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import { convertRows } from './convert.ts'
import type { MemoryRow } from './decode.ts'
import type { StagedBatch } from './session.ts'
import type { MemoryTable } from './store.ts'

/** A row of the root table and, by table, the rows below it. */
export interface StoredRecord {
  readonly row: MemoryRow
  readonly children: ReadonlyMap<string, readonly MemoryRow[]>
  /** Rows that these are the children of, all of them, where one load has written several of one id. */
  readonly rows?: number
}

/** A record of a load. */
export interface LoadedRecord extends StoredRecord {
  readonly sequence: number
  readonly mayRepeat: boolean
  /** Whether it had the field of a column of the root table. */
  hadColumn(name: string): boolean
  /** Whether it had the list of a table whose parent is the root. */
  hadList(table: string): boolean
}

/** The records of a resource's tables, root first, in the shape that the load gives the tables. */
export function storedRecords(
  tables: ReadonlyMap<string, MemoryTable>,
  [root, ...children]: readonly TableSchema[],
): StoredRecord[] {
  const rowsOf = (schema: TableSchema): readonly MemoryRow[] => {
    const before = tables.get(schema.name)
    return before === undefined ? [] : convertRows(before.rows, before.schema, schema)
  }
  if (root === undefined) return []
  const below = children.map((schema) => [schema.name, groupBy(rowsOf(schema), familyOf(SYSTEM_COLUMNS.rootId))] as const)
  const families = groupBy(rowsOf(root), familyOf(SYSTEM_COLUMNS.id))
  const shared = new Map(
    [...families].map(([family, { length }]) => {
      const own = new Map(below.map(([name, groups]) => [name, groups.get(family) ?? []]))
      return [family, { children: own, ...(length > 1 && { rows: length }) }]
    }),
  )
  return rowsOf(root).map((row) => ({ row, ...shared.get(familyOf(SYSTEM_COLUMNS.id)(row))! }))
}

/** What a row of the root, and the rows below it, have in common: the id of the row, and the load. */
const familyOf =
  (id: string) =>
  (row: MemoryRow): string =>
    `${String(row[SYSTEM_COLUMNS.loadId])} ${String(row[id])}`

/** The records of a load, in their order: rows that came in batches of many shapes, in the one that the load gives the tables. */
export function loadedRecords(
  { table: root }: LoadPlan,
  batches: readonly StagedBatch[],
  schemas: readonly TableSchema[],
): LoadedRecord[] {
  const roots: LoadedRecord[] = []
  const below = new Map<string, MemoryRow[]>()
  const at = (table: string, sequence: number): string => `${sequence} ${table}`
  for (const { schema, rows, mayRepeat, came } of batches) {
    const target = schemas.find(({ name }) => name === schema.name)
    if (target === undefined) continue
    const converted = convertRows(
      rows.map(({ row }) => row),
      schema,
      target,
    )
    for (const [index, { sequence }] of rows.entries()) {
      const row = converted[index]!
      if (schema.name === root) {
        roots.push({ row, sequence, mayRepeat, children: new Map(), ...whatCame(came, schema, index) })
      } else {
        const place = at(schema.name, sequence)
        below.set(place, [...(below.get(place) ?? []), row])
      }
    }
  }
  const names = schemas.map(({ name }) => name).filter((name) => name !== root)
  return roots
    .sort((a, b) => a.sequence - b.sequence)
    .map((record) => ({ ...record, children: new Map(names.map((name) => [name, below.get(at(name, record.sequence)) ?? []])) }))
}

/** Where a batch says nothing, a record is all that there is. */
function whatCame(came: Came | undefined, { columns }: TableSchema, row: number): Pick<LoadedRecord, 'hadColumn' | 'hadList'> {
  const isSet = (bits: CameBits | undefined): boolean => bits === true || (bits !== undefined && isValid(bits, row))
  return {
    hadColumn: (name) => came === undefined || isSet(came.columns[columns.findIndex((column) => column.name === name)]),
    hadList: (table) => came === undefined || isSet(came.children.get(table)),
  }
}

export function groupBy<T, K>(values: Iterable<T>, keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const value of values) {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  return groups
}
