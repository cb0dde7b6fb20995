import type { Batch } from './batch.ts'
import type { PipelineState } from './state.ts'

/** A place for tables. Making one costs nothing: files and connections are opened by `open`. */
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
}

/** A dataset, taken for writing. */
export interface Dataset {
  /** Called once, after `open`: everything as last committed. */
  read(): Promise<DatasetState>
  /** Called for each load. Several sessions may be staging at once; their commits come one after the other. */
  begin(load: LoadPlan): Promise<LoadSession>
  /** Called once, at the end, also after failures. Drops what was staged and lets the dataset go. */
  close(): Promise<void>
}

export interface DatasetState {
  readonly state: PipelineState
  readonly loads: readonly LoadRecord[]
}

export type WriteDisposition = 'append' | 'replace' | 'merge'

export interface LoadPlan {
  /** Larger than that of every load before. */
  readonly id: number
  readonly connector: string
  readonly connectorVersion: string
  readonly resource: string
  readonly startedAt: Date
  /** The resource's root table. */
  readonly table: string
  readonly disposition: WriteDisposition
  /** Column names. Never empty for `merge`. */
  readonly primaryKey: readonly string[]
  /** Keep only the last row of each primary key in this load. Always so for `merge`. */
  readonly unique: boolean
  /** With `merge`: rows that did not change keep their `_sync_load_id`. */
  readonly skipUnchanged: boolean
  /** With `replace`: drop the resource's tables, with columns that no longer come, and make them anew. */
  readonly recreate: boolean
  /** First load of the run: with rows that may repeat, loads from here on count as this one for `append`. */
  readonly firstLoadId: number
}

export interface LoadSession {
  /** Stages rows; none is visible yet. Resolves when the batch's memory can be let go, which is the back-pressure. */
  write(batch: Batch): Promise<void>
  /**
   * Rows, schema changes, state and the load's record become visible together, or not at all. Tables of the resource
   * in `state.tables` are made if missing, also when no row came. Writes only those parts of `state` that changed.
   */
  commit(state: PipelineState): Promise<LoadResult>
  /** Drops what was staged. Called instead of `commit`, or after it failed. */
  abort(): Promise<void>
}

/** What a commit did to each table. */
export interface TableChanges {
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
  readonly unchanged: number
}

export interface LoadResult {
  readonly tables: Readonly<Record<string, TableChanges>>
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
}
