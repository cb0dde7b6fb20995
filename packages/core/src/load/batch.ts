import type { TableSchema } from './schema.ts'
import type { Texts } from './texts.ts'

/**
 * The values of one column in a batch. `valid` has one bit a row, lowest first in each 32-bit word: set where there is
 * a value. Where it is not set, the value means nothing.
 */
export type ColumnVector =
  /** `bigint`. `timestamp`: microseconds since 1970-01-01T00:00:00Z. `time`: microseconds since midnight. */
  | { readonly kind: 'int64'; readonly values: BigInt64Array; readonly valid: Uint32Array }
  /** `date`: days since 1970-01-01. */
  | { readonly kind: 'int32'; readonly values: Int32Array; readonly valid: Uint32Array }
  | { readonly kind: 'float64'; readonly values: Float64Array; readonly valid: Uint32Array }
  /** `bool`: 0 or 1. */
  | { readonly kind: 'bool'; readonly values: Uint8Array; readonly valid: Uint32Array }
  /** `text`; `json`: its JSON text; `uuid`: 36 characters; `decimal`: plain decimal text, never with an exponent. */
  | (Texts & { readonly kind: 'text'; readonly valid: Uint32Array })
  | { readonly kind: 'bytes'; readonly values: readonly (Uint8Array | undefined)[]; readonly valid: Uint32Array }

/** Typed arrays and `valid` may be longer than `rowCount`; what lies beyond means nothing. A batch belongs to whom it was given. */
export interface Batch {
  readonly table: TableSchema
  readonly rowCount: number
  /** One for each of `table.columns`, in that order. */
  readonly columns: readonly ColumnVector[]
  /** `_sync_id` of each row. */
  readonly ids: Texts
  /** Position in this load of the record that each row came from: rows of one record share it, and later records have larger ones. */
  readonly sequence: Float64Array
  /** Of a child table: `_sync_parent_id`, `_sync_root_id` and `_sync_index` of each row. */
  readonly lineage?: { readonly parentIds: Texts; readonly rootIds: Texts; readonly indexes: Int32Array }
  /** See `Page.mayRepeat`: the load must then be made unique by primary key before it is committed. */
  readonly mayRepeat: boolean
  /** Of a root table, with the strategies `upsert` and `mirror`: which fields each record had. */
  readonly came?: Came
  /** Of a versioned root table: `_sync_row_hash` of each row, the same for records that say the same. */
  readonly hashes?: Texts
}

/** One bit a row, lowest first in each 32-bit word, set where the record had the field, be it null; `true`: in every row. */
export type CameBits = Uint32Array | true

/** Which fields the records of a batch had. What a later batch knows more, the records of this one did not have. */
export interface Came {
  /** One for each of `table.columns`, in that order. */
  readonly columns: readonly CameBits[]
  /** By the names of the tables whose parent is the root: where the record had the list, be it empty or null. Not named: nowhere. */
  readonly children: ReadonlyMap<string, CameBits>
}

/** Whether `row` of a column has a value. */
export function isValid(valid: Uint32Array, row: number): boolean {
  return (valid[row >>> 5]! & (1 << (row & 31))) !== 0
}
