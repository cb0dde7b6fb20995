import type { CursorBounds } from '../extract/incremental.ts'
import type { JsonValue, PageRequest } from '../http/request.ts'
import type { TableSchema } from './schema.ts'

/** The high-water mark of a listing. */
export interface CursorState {
  readonly path: string
  /** The highest value that was loaded, as the API wrote it. */
  readonly value: JsonValue
  /** Fingerprints of the records that the next run will see again, so that they are not appended a second time. */
  readonly boundary?: readonly string[]
  /** The furthest of these, where it is beyond `value`: after a break, the cursor stays behind what was loaded. */
  readonly boundaryEnd?: JsonValue
}

/** A request that is still to be made, as far as it differs from the first one of its listing: so no credential is kept. */
export interface PendingRequest {
  readonly url?: string
  readonly params: PageRequest['params']
  readonly json?: JsonValue
  /** Fields of a form. */
  readonly data?: PageRequest['params']
  readonly dataSelector?: string
  readonly position?: JsonValue
  readonly rereads?: boolean
}

/**
 * Cursors of one resource by what they are of: the resource itself, or one that it depends on, and then the parent that
 * the listing is for (empty text: none). A resource keeps its own mark of its parents' listings, so what it missed while it
 * failed, or was not asked for, is read when it runs again.
 */
export type Cursors = Readonly<Record<string, Readonly<Record<string, CursorState>>>>

/** A run that was cut off after a checkpoint: what is still to be requested, and how far its cursors had come. */
export interface PendingState {
  /** Of the listing at the root of what the resource depends on. */
  readonly requests: readonly PendingRequest[]
  /** Of the paginator whose places they have, see `paginatorMark`. */
  readonly paginator?: string
  /** What that listing was asked for: its places are counted within it, also when other tables want another range by now. */
  readonly bounds?: CursorBounds
  readonly cursors?: Cursors
  /** Tables that the unfinished run has made, where a contract asks: their columns are new like them. */
  readonly newTables?: readonly string[]
  /** First load of the unfinished run. */
  readonly firstLoadId: number
}

export interface ResourceState {
  readonly cursors?: Cursors
  readonly pending?: PendingState
}

/** All that a pipeline remembers. It lives in the destination, beside the rows it stands for. */
export interface PipelineState {
  readonly resources: Readonly<Record<string, ResourceState>>
  readonly tables: Readonly<Record<string, TableSchema>>
}

export const EMPTY_STATE: PipelineState = { resources: {}, tables: {} }
