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
  /**
   * Of a root table whose rows are versions of records (strategy `scd2`): it also has the system columns `_sync_valid_from`
   * and `_sync_valid_to` (timestamps, the latter null while the version is active) and `_sync_row_hash` (text).
   */
  readonly versioned?: true
}

/** System columns of every table, those that only child tables have, and those of versioned root tables. */
export const SYSTEM_COLUMNS: {
  readonly id: '_sync_id'
  readonly loadId: '_sync_load_id'
  readonly parentId: '_sync_parent_id'
  readonly rootId: '_sync_root_id'
  readonly index: '_sync_index'
  readonly validFrom: '_sync_valid_from'
  readonly validTo: '_sync_valid_to'
  readonly rowHash: '_sync_row_hash'
} = {
  id: '_sync_id',
  loadId: '_sync_load_id',
  parentId: '_sync_parent_id',
  rootId: '_sync_root_id',
  index: '_sync_index',
  validFrom: '_sync_valid_from',
  validTo: '_sync_valid_to',
  rowHash: '_sync_row_hash',
}

/** Tables that a dataset keeps about itself. */
export const SYSTEM_TABLES: {
  readonly loads: '_sync_loads'
  readonly state: '_sync_state'
  readonly schema: '_sync_schema'
  readonly rejects: '_sync_rejects'
} = {
  loads: '_sync_loads',
  state: '_sync_state',
  schema: '_sync_schema',
  rejects: '_sync_rejects',
}

/** What a load made of the schema of one table. */
export interface SchemaVersion {
  /** Of the dataset: grows by one with each load that changes a schema, and is the same for all that it changes. */
  readonly version: number
  readonly loadId: number
  readonly table: string
  readonly resource: string
  /** Undefined: the table was dropped. */
  readonly schema?: TableSchema
}
