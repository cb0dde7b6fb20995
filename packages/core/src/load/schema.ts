/** The types a column can have. Every destination maps each of them to its own closest type. */
export type ColumnType =
  | 'text'
  /** 64-bit integer. */
  | 'bigint'
  | 'double'
  | 'bool'
  /** An instant, in microseconds. */
  | 'timestamp'
  | 'date'
  | 'time'
  /** Exact decimal of `precision` digits, `scale` of them after the point. */
  | 'decimal'
  | 'json'
  | 'uuid'
  | 'binary'

export interface Column {
  /** As in the destination, normalised and unique in its table. */
  readonly name: string
  readonly type: ColumnType
  readonly nullable: boolean
  /** Of `decimal`: at most 38. */
  readonly precision?: number
  readonly scale?: number
  readonly description?: string
  /**
   * Keys that lead from the record (or the list's item) to the value, so that a name stays with its key whatever the
   * order of keys. Empty for the value of a record or item that is a scalar.
   */
  readonly path: readonly string[]
  /** Holds those values of `path` that do not fit the column of that path itself. */
  readonly variant?: ColumnType
  /** The schema of the connector names this column: its type is a promise and never changes by itself. */
  readonly declared?: boolean
  /** A `bigint` column that has held an integer beyond ±2^53: widening it to `double` would lose digits. */
  readonly exceedsDouble?: boolean
}

export interface TableSchema {
  readonly name: string
  /** The resource whose records fill this table. */
  readonly resource: string
  /** Of a child table: the table that holds its parent rows. */
  readonly parent?: string
  /** Keys that lead from the root record to the list; empty for the root table. */
  readonly path: readonly string[]
  /** Columns of the data, in the order they were seen. System columns are not among them. */
  readonly columns: readonly Column[]
}

/** System columns of every table, and those that only child tables have. */
export const SYSTEM_COLUMNS: {
  readonly id: '_sync_id'
  readonly loadId: '_sync_load_id'
  readonly parentId: '_sync_parent_id'
  readonly rootId: '_sync_root_id'
  readonly index: '_sync_index'
} = {
  id: '_sync_id',
  loadId: '_sync_load_id',
  parentId: '_sync_parent_id',
  rootId: '_sync_root_id',
  index: '_sync_index',
}

/** Tables that a dataset keeps about itself. */
export const SYSTEM_TABLES: { readonly loads: '_sync_loads'; readonly state: '_sync_state'; readonly schema: '_sync_schema' } = {
  loads: '_sync_loads',
  state: '_sync_state',
  schema: '_sync_schema',
}
