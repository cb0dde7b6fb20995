import type { Batch } from './batch.ts'
import type { LoadPlan } from './plan.ts'
import type { Reject } from './reject.ts'
import type { SchemaVersion } from './schema.ts'
import type { PipelineState } from './state.ts'

/** A place for tables. Making one costs nothing: files and connections are opened by `open` and `inspect`. */
export interface Destination {
  /** Kind, as in the command line's `--to duckdb:…`. */
  readonly name: string
  /** Where it is, for people: `data/tributary.duckdb`. Never holds a credential. */
  readonly location: string
  /** Longest table or column name, in UTF-8 bytes. */
  readonly identifierLimit: number
  /**
   * Called once a run, before anything is requested. Takes the dataset for writing: where another process holds it,
   * waits a bounded time and then throws `DATASET_IN_USE`, naming the holder. A missing dataset is made at the first commit.
   */
  open(dataset: string): Promise<Dataset>
  /** Names of the datasets that were loaded to, in order. Throws `FILE_NOT_FOUND` where there is no such place: it is not made. */
  datasets(): Promise<string[]>
  /** Opens a dataset for looking, and changes nothing. One that there is not is empty. */
  inspect(dataset: string): Promise<DatasetReader>
}

/** A dataset, taken for writing. */
export interface Dataset {
  /** Called once, after `open`: everything as last committed. */
  read(): Promise<DatasetState>
  /** What contracts left out of the loads of a resource, as last committed, in the order of load and sequence. */
  rejects(resource: string): AsyncIterable<Reject>
  /** Called for each load. Several sessions may be staging at once; their commits come one after the other. */
  begin(load: LoadPlan): Promise<LoadSession>
  /** Called once, at the end, also after failures. Drops what was staged and lets the dataset go. */
  close(): Promise<void>
}

export interface DatasetState {
  readonly state: PipelineState
  /** Earlier ones first. */
  readonly loads: readonly LoadRecord[]
}

/** A dataset, opened for looking: everything as last committed. */
export interface DatasetReader {
  read(): Promise<DatasetState>
  /** All versions of all schemas, earlier ones first. */
  schemaVersions(): Promise<readonly SchemaVersion[]>
  /** What contracts left out, of all resources, in the order of load and sequence. */
  rejects(): AsyncIterable<Reject>
  /**
   * The rows of a table, in any order, system columns among them. Columns without a value are missing or null; integers are
   * `number` or, beyond ±(2^53 − 1), `bigint`; timestamps are ISO 8601 text in UTC, dates `YYYY-MM-DD`, times
   * `HH:MM:SS[.ffffff]`; decimals are text; `json` is JSON text, or its value where that is an object or a list; `binary` is
   * base64 text. Throws `TABLE_NOT_FOUND`.
   */
  rows(table: string): AsyncIterable<Record<string, unknown>>
  close(): Promise<void>
}

export interface LoadSession {
  /** Stages rows; none is visible yet. Resolves when the batch's memory can be let go, which is the back-pressure. */
  write(batch: Batch): Promise<void>
  /** Stages what a contract left out, for `_sync_rejects`. */
  reject(rejects: readonly Reject[]): Promise<void>
  /**
   * Rows, rejects, schema changes, state and the load's record become visible together, or not at all. Tables of the
   * resource in `state.tables` are made if missing, also when no row came. Writes only those parts of `state` that changed.
   */
  commit(state: PipelineState): Promise<LoadResult>
  /** Drops what was staged. Called instead of `commit`, or after it failed. */
  abort(): Promise<void>
}

/** What a commit did to each table. */
export interface TableChanges {
  /** Rows that are new: with `scd2`, versions. */
  readonly inserted: number
  /** Rows that have other values, or other children, than before: with `scd2`, versions that ended. */
  readonly updated: number
  /** Rows that are gone, with none of their key in their place. */
  readonly deleted: number
  /** Rows of the load that left the table as it was. */
  readonly unchanged: number
}

export interface LoadResult {
  readonly tables: Readonly<Record<string, TableChanges>>
  /** What the destination could not keep as it was, in one sentence each. */
  readonly warnings?: readonly string[]
}

/** A row of `_sync_loads`. */
export interface LoadRecord {
  readonly loadId: number
  readonly connector: string
  readonly connectorVersion: string
  readonly resource: string
  readonly startedAt: Date
  readonly committedAt: Date
  readonly tables: Readonly<Record<string, TableChanges>>
  /** Of the dataset's schemas after the load, see `SchemaVersion.version`. */
  readonly schemaVersion: number
}
