import type { Destination } from '@tributary/core'

/** A destination to test, with nothing in it. */
export interface DestinationFixture {
  /** Its wait for a dataset that is in use should be short, but no shorter than 250 ms. */
  readonly destination: Destination
  /** Called after the case, also when it failed. */
  dispose?(): Promise<void>
}

/** One rule that every destination keeps. */
export interface DestinationCase {
  /** Unique: waivers refer to it. At its end stand the rules that it holds, in square brackets. */
  readonly name: string
  /** Rejects where the destination breaks the rule. */
  run(fixture: DestinationFixture): Promise<void>
}
