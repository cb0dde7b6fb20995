import type { Batch, LoadPlan, LoadResult, TableSchema } from '@tributary/core'
import type { FileEntry, ManifestTable } from './manifest.ts'

/** A table of a load: what it is after it, and what is stored of it. */
export interface FileTable {
  /** As after the load. */
  readonly schema: TableSchema
  /** Its own folder, which may not be there yet. */
  readonly folder: string
  /** As last committed; `undefined` where the load makes it. Read its files even where a `replace` will drop them, to count. */
  readonly stored: ManifestTable | undefined
}

/** What a destination made of a load: all rows of each table are in these files, new and old ones. */
export interface FileOutcome extends LoadResult {
  readonly files: ReadonlyMap<string, readonly FileEntry[]>
}

/** The rows of one load, staged. */
export interface FileLoad {
  write(batch: Batch): Promise<void>
  /**
   * Puts new files, flushed, into the folders of the tables, under the names that `loadFile` gives, and leaves the old ones as
   * they are: what is then not named is removed when the manifest is committed. Root table first, parents before children.
   */
  commit(tables: readonly FileTable[]): Promise<FileOutcome>
  /** Lets go what is held in memory and files. Called once, after `commit` too; the staging folder is removed afterwards. */
  end(): Promise<void>
}

/** A dataset, taken for writing by a destination of files. */
export interface FileStore {
  /** `staging`: a folder of the load's own, not made yet. */
  begin(plan: LoadPlan, staging: string): FileLoad
  /** Called once, after the last load has ended. */
  close(): Promise<void>
}

/** What a destination of files does itself; lock, manifest, rejects, schema versions and cleaning are the dataset's. */
export interface FileFormat {
  /** As in the command line's `--to jsonl:…`. */
  readonly kind: string
  /** Called when a dataset is opened for writing. `folder`: the dataset's own. */
  open(folder: string): Promise<FileStore>
  /** The rows of one file, as `DatasetReader.rows` gives them. */
  rows(path: string, table: TableSchema): AsyncIterable<Record<string, unknown>>
}
