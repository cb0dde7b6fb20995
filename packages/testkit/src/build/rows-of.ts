import { type Batch, SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import { batchOf, type RowValues } from './batch-of.ts'
import { hashOf } from './hash-of.ts'

/**
 * A record: values by column, and under the last key of a child table's path the list of its child rows. A version may have its
 * `_sync_row_hash` with it.
 */
export type RecordValues = Readonly<Record<string, unknown>>

export interface RowsOptions {
  /**
   * Key columns, which give `_sync_id`: the key, or `<key>@<load>` of a version. Default: none, and ids are
   * `<load>.<sequence>`.
   */
  primaryKey?: readonly string[]
  /** Default 1. */
  loadId?: number
  /** Sequence of the first record; the others follow. Default 1. */
  firstSequence?: number
}

/** Rows of one table, with their system columns but for `_sync_load_id` and when they are valid, and the sequence of each. */
export interface TableRows {
  readonly table: TableSchema
  readonly rows: RowValues[]
  readonly sequence: number[]
}

/** Takes records apart into the rows of their tables, with the ids that the engine would give them. The first table is the root. */
export function rowsOf(
  tables: readonly TableSchema[],
  records: readonly RecordValues[],
  { primaryKey = [], loadId = 1, firstSequence = 1 }: RowsOptions = {},
): TableRows[] {
  const all = tables.map((table): TableRows => ({ table, rows: [], sequence: [] }))
  const [root] = all
  if (root === undefined) return all

  const add = (to: TableRows, record: RecordValues, system: RowValues, sequence: number, rootId: string): void => {
    to.rows.push({ ...pick(to.table, record), ...system })
    to.sequence.push(sequence)
    const parentId = String(system[SYSTEM_COLUMNS.id])
    for (const child of all.filter(({ table }) => table.parent === to.table.name)) {
      const items = (record[child.table.path.at(-1)!] ?? []) as readonly RecordValues[]
      for (const [index, item] of items.entries()) {
        const lineage = {
          [SYSTEM_COLUMNS.id]: `${parentId}.${child.table.name}.${index}`,
          [SYSTEM_COLUMNS.parentId]: parentId,
          [SYSTEM_COLUMNS.rootId]: rootId,
          [SYSTEM_COLUMNS.index]: index,
        }
        add(child, item, lineage, sequence, rootId)
      }
    }
  }
  const versioned = root.table.versioned === true
  for (const [index, record] of records.entries()) {
    const sequence = firstSequence + index
    const key = keyText(primaryKey.map((name) => String(record[name])))
    const id = primaryKey.length === 0 ? `${loadId}.${sequence}` : versioned ? `${key}@${loadId}` : key
    const hash = versioned && { [SYSTEM_COLUMNS.rowHash]: record[SYSTEM_COLUMNS.rowHash] ?? hashOf(record) }
    add(root, record, { [SYSTEM_COLUMNS.id]: id, ...hash }, sequence, id)
  }
  return all
}

export interface BatchesOptions extends RowsOptions {
  /** Default false. */
  mayRepeat?: boolean
  /** Whether the root table's batch says which fields each record had: those that are there, be they null. Default false. */
  came?: boolean
}

/** The batches of records: one for each table that has rows. */
export function batchesOf(
  tables: readonly TableSchema[],
  records: readonly RecordValues[],
  { mayRepeat = false, came = false, ...options }: BatchesOptions = {},
): Batch[] {
  return rowsOf(tables, records, options)
    .filter(({ rows }) => rows.length > 0)
    .map(({ table, rows, sequence }) => {
      if (!came || table.parent !== undefined) return batchOf(table, rows, { sequence, mayRepeat })
      // With their lists, so that it can be seen which of them came.
      const whole = rows.map((row, index) => ({ ...records[index], ...row }))
      return batchOf(table, whole, { sequence, mayRepeat, came: tables })
    })
}

/** One key as it stands, several joined with their separators escaped, so that different keys give different texts. */
function keyText(parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : parts.map((part) => part.replaceAll(/[\\|]/g, '\\$&')).join('|')
}

function pick(table: TableSchema, record: RecordValues): RowValues {
  const names = table.columns.map(({ name }) => name).filter((name) => Object.hasOwn(record, name))
  return Object.fromEntries(names.map((name) => [name, record[name]]))
}
