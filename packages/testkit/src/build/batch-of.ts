import { type Batch, SYSTEM_COLUMNS, type TableSchema, type Texts } from '@tributary/core'
import { cameOf } from './came-of.ts'
import { hashOf } from './hash-of.ts'
import { hostileTexts } from './texts-of.ts'
import { vectorOf } from './vector-of.ts'

/**
 * Values of a row by column: integers as `number` or `bigint`, `timestamp`, `date` and `time` as ISO 8601 text (UTC),
 * `decimal`, `uuid` and `json` as text, `binary` as `Uint8Array`; null or nothing at all where there is no value.
 * System columns may be among them: `_sync_id`, of child rows `_sync_parent_id`, `_sync_root_id` and `_sync_index`, and of
 * versions `_sync_row_hash`.
 */
export type RowValues = Readonly<Record<string, unknown>>

export interface BatchOptions {
  /** Of each row. Default: 1, 2, 3, … */
  sequence?: readonly number[]
  /** Default false. */
  mayRepeat?: boolean
  /**
   * Says which fields each record had: those of the row that are there, be they null, and the lists of these child tables,
   * which lie in the row under the last key of their path. Default: nothing is said.
   */
  came?: readonly TableSchema[]
}

/**
 * A batch of rows. `_sync_id` is taken from the row, or else is `1.<sequence>`, and so is `_sync_row_hash`, or else it is that of
 * the row. Its vectors are longer than the rows and hold garbage where there is no value, as batches may.
 */
export function batchOf(table: TableSchema, rows: readonly RowValues[], options: BatchOptions = {}): Batch {
  const { sequence = rows.map((_, index) => index + 1), mayRepeat = false, came } = options
  const texts = (name: string): Texts => hostileTexts(rows.map((row) => String(row[name] ?? '')))
  return {
    table,
    rowCount: rows.length,
    columns: table.columns.map((column) =>
      vectorOf(
        column,
        rows.map((row) => (Object.hasOwn(row, column.name) ? row[column.name] : undefined)),
      ),
    ),
    ids: hostileTexts(rows.map((row, index) => String(row[SYSTEM_COLUMNS.id] ?? `1.${sequence[index]!}`))),
    sequence: Float64Array.from([...sequence, -1, -1, -1]),
    mayRepeat,
    ...(table.parent !== undefined && {
      lineage: {
        parentIds: texts(SYSTEM_COLUMNS.parentId),
        rootIds: texts(SYSTEM_COLUMNS.rootId),
        indexes: Int32Array.from([...rows.map((row) => Number(row[SYSTEM_COLUMNS.index] ?? 0)), -1, -1, -1]),
      },
    }),
    ...(came !== undefined && { came: cameOf(table, came, rows) }),
    ...(table.versioned === true && {
      hashes: hostileTexts(rows.map((row) => String(row[SYSTEM_COLUMNS.rowHash] ?? hashOf(row)))),
    }),
  }
}
