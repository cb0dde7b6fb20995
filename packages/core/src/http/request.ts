import type { ScannedBody } from '../scan/page-scanner.ts'

/** A JSON value as it was parsed. Integers beyond ±(2^53 − 1) are `bigint`, so that no digit is lost. */
export type JsonValue = string | number | bigint | boolean | null | JsonValue[] | { [key: string]: JsonValue }

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH'

/** `null` and `undefined` are dropped, lists repeat the key, booleans become `true` and `false`. */
export type ParamValue = string | number | bigint | boolean | null | undefined | readonly (string | number | boolean)[]

/**
 * One request for one page: plain, serialisable data. It never holds a credential, because `Auth` is applied as it is
 * sent; so a pending request can be kept in the destination's state and be made again by another machine.
 */
export interface PageRequest {
  readonly method: HttpMethod
  /** Absolute, with whatever query the author wrote in it; `params` are merged over that query. */
  readonly url: string
  readonly params: Readonly<Record<string, ParamValue>>
  readonly headers: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly json?: JsonValue
  /** Sent instead of `json`: text as it stands, an object as `application/x-www-form-urlencoded`. */
  readonly data?: string | Readonly<Record<string, ParamValue>>
  /** Where the paginator is: its own, opaque to everybody else, and serialisable. */
  readonly position?: JsonValue
  /** Where the first page of the listing was found to have its records, when the endpoint does not say. */
  readonly dataSelector?: string
  /** Asks once more, on purpose, for records that came before. See {@link Page.mayRepeat}. */
  readonly rereads?: boolean
}

/** One response, parsed. */
export interface Page {
  readonly request: PageRequest
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: JsonValue
  /** Size of the body in bytes, decompressed. */
  readonly bytes: number
  /** What the endpoint's data selector found in `body`. */
  readonly records: readonly JsonValue[]
  /** Where its records were read as rows: then `body` and `records` are made when they are asked for. */
  readonly scanned?: ScannedBody
  /** True when nothing follows this page, whatever the paginator says: a response action chose to ignore what was answered. */
  readonly endsListing?: boolean
  /**
   * True when these records may repeat some that came before, because the listing moved while it was read. The
   * destination then keeps the last row of each primary key, whatever the write disposition.
   */
  readonly mayRepeat: boolean
}
