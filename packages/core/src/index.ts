export { type Auth } from './auth/auth.ts'
export { type ApiKeyOptions, apiKeyAuth } from './auth/api-key.ts'
export { describeCause, isTributaryError, type Recovery, toTributaryError, TributaryError, type TributaryErrorDetails } from './errors.ts'
export type { SyncEvent, SyncEventListener } from './events.ts'
export type { HttpMethod, JsonValue, Page, PageRequest, ParamValue } from './http/request.ts'
export { type Batch, type ColumnVector, isValid } from './load/batch.ts'
export type {
  Dataset,
  DatasetState,
  Destination,
  LoadPlan,
  LoadRecord,
  LoadResult,
  LoadSession,
  TableChanges,
  WriteDisposition,
} from './load/destination.ts'
export { type Column, type ColumnType, SYSTEM_COLUMNS, SYSTEM_TABLES, type TableSchema } from './load/schema.ts'
export { type CursorState, EMPTY_STATE, type PendingState, type PipelineState, type ResourceState } from './load/state.ts'
export type { Paginator } from './paginate/paginator.ts'
export { singlePage } from './paginate/single-page.ts'
