import type { TableChanges } from './load/destination.ts'
import type { RejectReason } from './load/reject.ts'

/** The one stream of facts about a run. No event holds a secret. */
export type SyncEvent =
  | { type: 'resource-started'; resource: string; resumed: boolean }
  /** A page was handed on. `total`: records of the whole listing, where the API said so. */
  | { type: 'page'; resource: string; records: number; total?: number }
  /** A request failed and is made again after `delay` milliseconds. `attempt`: 1 is the first retry. */
  | { type: 'retry'; resource: string; attempt: number; limit: number; delay: number; reason: string }
  | { type: 'warning'; resource: string; message: string }
  /** A contract left something out: rows, or values of rows. `reason`: the part of the contract. */
  | { type: 'rejected'; resource: string; table: string; reason: RejectReason; count: number }
  /** A load was committed: a checkpoint when the resource goes on. */
  | { type: 'committed'; resource: string; loadId: number; checkpoint: boolean; tables: Record<string, TableChanges> }
  | { type: 'resource-finished'; resource: string; status: 'ok' | 'failed' | 'interrupted' | 'skipped' }

export type SyncEventListener = (event: SyncEvent) => void
