import type { JsonValue, PageRequest } from '../http/request.ts'
import type { TableSchema } from './schema.ts'

/** The high-water mark of a resource. */
export interface CursorState {
  readonly path: string
  /** The highest value that was loaded, as the API wrote it. */
  readonly value: JsonValue
  /** Fingerprints of the records at exactly that value, so that they are not appended a second time. */
  readonly boundary?: readonly string[]
}

/** A request that is still to be made, as far as it differs from the first one of its listing: so no credential is kept. */
export interface PendingRequest {
  readonly url?: string
  readonly params: PageRequest['params']
  readonly json?: JsonValue
  readonly position?: JsonValue
  readonly rereads?: boolean
}

/** A run that was cut off after a checkpoint: what is still to be requested, and the cursor it will have at its end. */
export interface PendingState {
  readonly requests: readonly PendingRequest[]
  readonly cursor?: CursorState
  /** First load of the unfinished run. */
  readonly firstLoadId: number
  /** What the unfinished run started from. */
  readonly start?: CursorState
}

export interface ResourceState {
  readonly cursor?: CursorState
  readonly pending?: PendingState
}

/** All that a pipeline remembers. It lives in the destination, beside the rows it stands for. */
export interface PipelineState {
  readonly resources: Readonly<Record<string, ResourceState>>
  readonly tables: Readonly<Record<string, TableSchema>>
}

export const EMPTY_STATE: PipelineState = { resources: {}, tables: {} }
