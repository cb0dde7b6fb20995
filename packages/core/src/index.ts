export { type ApiKeyOptions, apiKeyAuth } from './auth/api-key.ts'
export type { Auth, AuthContext } from './auth/auth.ts'
export { type BasicOptions, basicAuth } from './auth/basic.ts'
export { type BearerOptions, bearerAuth } from './auth/bearer.ts'
export { type OAuth2ClientCredentialsOptions, oauth2ClientCredentials } from './auth/oauth2-client-credentials.ts'
export { type OAuth2JwtOptions, oauth2Jwt } from './auth/oauth2-jwt.ts'
export { type AuthFactory, registerAuth } from './auth/registry.ts'
export { checkConnector, describeResources, type ResourceDescription } from './check.ts'
export type { ColumnDeclaration } from './connector/column.ts'
export {
  bigint,
  binary,
  date,
  decimal,
  epochMilliseconds,
  epochSeconds,
  integer,
  json,
  time,
  timestamp,
  uuid,
} from './connector/columns.ts'
export {
  type Connector,
  type ConnectorDefinition,
  type ConnectorFactory,
  defineConnector,
  type ResourceName,
  type Resources,
  type RowOf,
} from './connector/connector.ts'
export type { ContractMode, SchemaContract } from './connector/contract.ts'
export { nearest } from './connector/nearest.ts'
export { environmentVariable, type OptionInfo, type OptionsSchema, secret, url } from './connector/options.ts'
export { packageVersion } from './connector/package-version.ts'
export {
  type ClientConfig,
  type Endpoint,
  type KeyOf,
  type Resource,
  type ResourceDefaults,
  type ResourceOptions,
  type RowSchema,
  resource,
} from './connector/resource.ts'
export { validateConnector } from './connector/validate.ts'
export {
  describeCause,
  isTributaryError,
  type Recovery,
  TributaryError,
  type TributaryErrorDetails,
  toTributaryError,
} from './errors.ts'
export type { SyncEvent, SyncEventListener } from './events.ts'
export type { CursorValue, Incremental } from './extract/incremental.ts'
export type { ProcessingStep } from './extract/steps.ts'
export { connectorFromData, type FromDataOptions } from './file/connector.ts'
export { isConnectorFile, parseConnectorFile } from './file/parse.ts'
export { parseJson, stringifyJson } from './http/json.ts'
export type { HttpMethod, JsonValue, Page, PageRequest, ParamValue } from './http/request.ts'
export { DEFAULT_RETRY, type RetryPolicy } from './http/retry.ts'
export { type Batch, type Came, type CameBits, type ColumnVector, isValid } from './load/batch.ts'
export type {
  Dataset,
  DatasetReader,
  DatasetState,
  Destination,
  LoadRecord,
  LoadResult,
  LoadSession,
  TableChanges,
} from './load/destination.ts'
export { ownValue } from './load/own-value.ts'
export { completesRepeats, type DedupSort, type LoadPlan, type MergeStrategy, type WriteDisposition } from './load/plan.ts'
export type { Reject, RejectPlace, RejectReason } from './load/reject.ts'
export {
  type Column,
  type ColumnType,
  type SchemaVersion,
  SYSTEM_COLUMNS,
  SYSTEM_TABLES,
  type TableSchema,
} from './load/schema.ts'
export {
  type CursorState,
  EMPTY_STATE,
  type PendingRequest,
  type PendingState,
  type PipelineState,
  type ResourceState,
} from './load/state.ts'
export { type Texts, textAt, textsOf } from './load/texts.ts'
export { formatDate, formatInstant, formatTime } from './normalize/format-instant.ts'
export { normalizeName } from './normalize/names.ts'
export { auto } from './paginate/auto.ts'
export { type CursorOptions, cursor } from './paginate/cursor.ts'
export { type HeaderCursorOptions, headerCursor } from './paginate/header-cursor.ts'
export { type HeaderLinkOptions, headerLink } from './paginate/header-link.ts'
export { type JsonLinkOptions, jsonLink } from './paginate/json-link.ts'
export { type OffsetOptions, offset } from './paginate/offset.ts'
export { type PageNumberOptions, pageNumber } from './paginate/page-number.ts'
export type { Paginator } from './paginate/paginator.ts'
export { singlePage } from './paginate/single-page.ts'
export { type ReplayedResource, type ReplayOptions, type ReplayResult, replayRejects } from './replay.ts'
export { type ResetOptions, type ResetResource, resetResources } from './reset.ts'
export type { CheckResult, ResourceResult, ResourceStatus, SyncOptions, SyncResult, TableResult } from './run.ts'
export { sync } from './sync.ts'
