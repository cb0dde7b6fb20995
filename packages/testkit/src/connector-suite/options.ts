import type { Connector, JsonValue } from '@tributary/core'
import type { Handler, MockRequest } from '../mock-api/handler.ts'
import type { Waivers } from '../suite/suite.ts'

/** Handlers of a mock API by route, as `startMockApi` takes them. */
export type Routes = Readonly<Record<string, Handler>>

/** What the API holds: records by the name of their resource. */
export type RecordsByResource = Readonly<Record<string, readonly JsonValue[]>>

interface CommonOptions {
  /** Makes the connector, with credentials of its own choosing, each of 8 characters or more, so that they can be looked for. */
  create(baseUrl: string): Connector
  /**
   * Whether a request has its credentials. Default: one of the connector's secrets stands in its query, headers or body. To be
   * given where the API hands out a token first.
   */
  isAuthorized?(request: MockRequest): boolean
  /** Credentials beside the connector's options, such as a token that the API hands out. */
  otherSecrets?: readonly string[]
  /** What a run may ask for before it counts as endless. Default 2 000. */
  maximumRequests?: number
  /** Cases that this connector cannot pass, each with its reason. One that passes all the same fails, as out of date. */
  waivers?: Waivers
}

/** An API whose answers are fixed, as recordings are: cases that need other data are not applied, and say so. */
export interface FixedApiOptions extends CommonOptions {
  /** What is served, see `recorded` for files. */
  api: Routes
  records?: never
}

/** An API over records, which the suite changes from case to case: so every case can be applied. */
export interface VaryingApiOptions extends CommonOptions {
  /** Some of each resource: more than a page, with everything that its schema names. */
  records: RecordsByResource
  /** Serves any records: always by the same routes. */
  api(records: RecordsByResource): Routes
}

export type ConnectorSuiteOptions = FixedApiOptions | VaryingApiOptions
