import type { JsonValue } from '../http/request.ts'

/** The part of a contract that was broken. */
export type RejectReason = 'tables' | 'columns' | 'data_type'

/** Which reject of a resource: each record of a load has one at most. */
export interface RejectPlace {
  /** The load that left it out. */
  readonly loadId: number
  /** Position of its record in that load, from 1. */
  readonly sequence: number
}

/** Something that a contract left out of a load: a row of `_sync_rejects`, where rejects are kept. */
export interface Reject extends RejectPlace {
  readonly resource: string
  /** Its primary key as text, as it is in `_sync_id`. Undefined: it has none, or it was left out before its key was read. */
  readonly key?: string
  readonly table: string
  readonly column?: string
  readonly reason: RejectReason
  /** `record`: nothing of the record was loaded. `part`: only child rows or values of it were left out. */
  readonly kind: 'record' | 'part'
  /** One sentence: what was expected, what came. */
  readonly message: string
  /** The whole record, as it was when it came to its columns. */
  readonly record: JsonValue
}
