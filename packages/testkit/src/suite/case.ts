import type { Destination } from '@tributary/core'

/** A destination to test, with nothing in it, and a way to look into it. */
export interface DestinationFixture {
  /** Its wait for a dataset that is in use should be short, but no shorter than 250 ms. */
  readonly destination: Destination
  /**
   * The committed rows of a table, in any order, with their system columns; rejects where there is no such table. Values
   * without a value are null or missing; integers are `number` or `bigint`; timestamps are ISO 8601 text in UTC, dates
   * `YYYY-MM-DD`, times `HH:MM:SS[.ffffff]`; decimals are text; `json` is JSON text, or its value where that is an object
   * or a list; `binary` is `Uint8Array` or base64. Called while nobody has the dataset open, but for the one case that
   * says so.
   */
  readTable(dataset: string, table: string): Promise<Record<string, unknown>[]>
  /** Called after the case, also when it failed. */
  dispose?(): Promise<void>
}

/** One rule that every destination keeps. */
export interface DestinationCase {
  /** Unique: waivers refer to it. */
  readonly name: string
  /** Rejects where the destination breaks the rule. */
  run(fixture: DestinationFixture): Promise<void>
}
