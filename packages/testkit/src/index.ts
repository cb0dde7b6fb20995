export { type BatchOptions, batchOf, type RowValues } from './build/batch-of.ts'
export { planOf, startOf, stateOf } from './build/plan-of.ts'
export { type BatchesOptions, batchesOf, type RecordValues, type RowsOptions, rowsOf, type TableRows } from './build/rows-of.ts'
export { type ColumnSpec, type SchemaOptions, schemaOf } from './build/schema-of.ts'
export type { ConnectorCase, Subject } from './connector-suite/case.ts'
export { connectorCases } from './connector-suite/cases.ts'
export type {
  ConnectorSuiteOptions,
  FixedApiOptions,
  RecordsByResource,
  Routes,
  VaryingApiOptions,
} from './connector-suite/options.ts'
export { type Recording, recorded } from './connector-suite/recorded.ts'
export { connectorSuite } from './connector-suite/suite.ts'
export { type ResourceFacts, type Survey, surveyConnector } from './connector-suite/survey.ts'
export { type MemoryDestination, type MemoryOptions, memoryDestination } from './memory/memory-destination.ts'
export { type Fault, failing } from './mock-api/failing.ts'
export type { Delivery, Handler, MockRequest, MockResponse } from './mock-api/handler.ts'
export {
  type ApiKey,
  delayed,
  type JsonOptions,
  json,
  jsonResponse,
  type TextOptions,
  text,
  withApiKey,
} from './mock-api/handlers.ts'
export { type MockApi, startMockApi } from './mock-api/mock-api.ts'
export { type OffsetPagesOptions, offsetPages } from './mock-api/offset-pages.ts'
export type { DestinationCase, DestinationFixture } from './suite/case.ts'
export { destinationCases } from './suite/cases.ts'
export { inFolder } from './suite/in-folder.ts'
export { type DestinationSuiteOptions, destinationSuite, type Waivers } from './suite/suite.ts'
