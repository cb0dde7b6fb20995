import type { Connector, ResourceName } from './connector/connector.ts'
import type { SchemaContract } from './connector/contract.ts'
import type { Recovery } from './errors.ts'
import type { SyncEventListener } from './events.ts'
import type { Destination, TableChanges } from './load/destination.ts'
import type { WriteDisposition } from './load/plan.ts'

/** What one run of a pipeline is told. */
export interface SyncOptions<TConnector extends Connector = Connector> {
  connector: TConnector
  destination: Destination
  /** Default: the connector's name in snake_case. */
  dataset?: string
  /** Default: all of them. */
  resources?: readonly ResourceName<TConnector>[]
  /** Empty the chosen resources and their state and load them anew, in one commit each. */
  fullRefresh?: boolean
  /** Instead of what the connector says, for this run. */
  writeDisposition?: WriteDisposition
  /** Over what the connector and its resources say, for this run. */
  schemaContract?: SchemaContract
  /** Keep what contracts leave out as rows of `_sync_rejects`, to be put through again by `replayRejects`. Default false: it is only counted. */
  keepRejects?: boolean
  /**
   * Backfill: only records whose cursor lies in the window are loaded, and cursors stay as they are. `from` is
   * inclusive, `to` exclusive; both are written as the API writes the cursor. Every chosen resource needs a cursor.
   */
  window?: { from?: string; to?: string }
  /**
   * A sample: at most this many pages of each resource that depends on no other, and all that depends on what they hold. A
   * cursor moves only where its `rowOrder` is `asc`, which says that nothing older is still to come.
   */
  limit?: number
  /**
   * Commit on the way, after so many rows or seconds, whichever comes first. Default 1 000 000 rows, 60 seconds. Not for what is
   * only right as a whole: `replace`, and merges by `scd2`, `mirror` or a merge key.
   */
  checkpoint?: { rows?: number; seconds?: number }
  /** Stops cleanly: what is committed stays, what is staged is dropped, and the result's status is `interrupted`. */
  signal?: AbortSignal
  onEvent?: SyncEventListener
}

export type ResourceStatus = 'ok' | 'failed' | 'interrupted' | 'skipped'

/** What happened to one resource. */
export interface ResourceResult {
  readonly status: ResourceStatus
  readonly pages: number
  /** Requests made, retries among them. */
  readonly requests: number
  readonly retries: number
  /** Records that the API sent. */
  readonly records: number
  /** Records left out because their cursor lies before the start or outside the window. */
  readonly filtered: number
  readonly tables: Readonly<Record<string, TableResult>>
  readonly warnings: readonly string[]
  readonly error?: { readonly code: string; readonly message: string; readonly recovery: Recovery }
  readonly seconds: number
}

export interface TableResult extends TableChanges {
  /** Rows and values that a contract left out, in all and by the part of it that they broke: `tables`, `columns`, `data_type`. */
  readonly rejected: number
  readonly rejectedBy: Readonly<Record<string, number>>
}

export interface SyncResult<TName extends string = string> {
  readonly status: 'ok' | 'failed' | 'interrupted'
  /** Loads that were committed, in order. Empty where nothing changed. */
  readonly loadIds: readonly number[]
  readonly dataset: string
  readonly resources: Readonly<Record<TName, ResourceResult>>
  readonly seconds: number
  /** Records of all resources by seconds of the whole run. */
  readonly rowsPerSecond: number
}

/** What one request told about a resource. */
export interface CheckResult {
  readonly resource: string
  /** With secrets redacted. */
  readonly url: string
  readonly status: number
  readonly records: number
  /** Columns that a load would make, by table. */
  readonly tables: Readonly<
    Record<
      string,
      readonly { readonly name: string; readonly type: string; readonly nullable: boolean; readonly declared: boolean }[]
    >
  >
  readonly warnings: readonly string[]
  readonly milliseconds: number
}
