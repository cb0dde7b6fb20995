import type { SyncEvent } from './events.ts'
import type { TableChanges } from './load/destination.ts'
import { ownValue } from './load/own-value.ts'
import type { RejectReason } from './load/reject.ts'
import type { Rejected } from './normalize/normalizer.ts'
import type { TableResult } from './run.ts'

const NOTHING: TableResult = { inserted: 0, updated: 0, deleted: 0, unchanged: 0, rejected: 0, rejectedBy: {} }

/** Adds what a commit did. */
export function addChanges(sum: Record<string, TableResult>, tables: Readonly<Record<string, TableChanges>>): void {
  for (const [table, changes] of Object.entries(tables)) {
    const before = ownValue(sum, table) ?? NOTHING
    setResult(sum, table, {
      ...before,
      inserted: before.inserted + changes.inserted,
      updated: before.updated + changes.updated,
      deleted: before.deleted + changes.deleted,
      unchanged: before.unchanged + changes.unchanged,
    })
  }
}

/** Adds what contracts left out. */
export function addRejected(sum: Record<string, TableResult>, counts: Rejected['counts']): void {
  for (const [table, reasons] of Object.entries(counts)) {
    const before = ownValue(sum, table) ?? NOTHING
    const rejectedBy = { ...before.rejectedBy }
    let rejected = before.rejected
    for (const [reason, count] of Object.entries(reasons)) {
      rejectedBy[reason] = (rejectedBy[reason] ?? 0) + count
      rejected += count
    }
    setResult(sum, table, { ...before, rejected, rejectedBy })
  }
}

export function rejectedEvents(resource: string, counts: Rejected['counts']): SyncEvent[] {
  return Object.entries(counts).flatMap(([table, reasons]) =>
    Object.entries(reasons).map(([reason, count]) => ({
      type: 'rejected' as const,
      resource,
      table,
      reason: reason as RejectReason,
      count,
    })),
  )
}

/** Not by assignment: a table may be called __proto__. */
function setResult(sum: Record<string, TableResult>, table: string, value: TableResult): void {
  Object.defineProperty(sum, table, { value, enumerable: true, writable: true, configurable: true })
}
