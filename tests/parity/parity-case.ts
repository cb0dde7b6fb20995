import type { JsonValue } from '@tributary/core'
import type { Handler } from '@tributary/testkit'

/** A part of the comparison that may differ, and then is told exactly for both sides. */
export type Aspect = 'error' | 'requests' | 'tables' | 'columns'

/** Columns by table, each with its DuckDB type. */
export type Columns = Readonly<Record<string, Readonly<Record<string, string>>>>

/** A row without nulls and system columns; the rows of a child table are a list under that table's name. */
export type NestedRow = { readonly [name: string]: JsonValue }

/** What one side did with a configuration. */
export interface Outcome {
  /** Text of what went wrong in the first run that failed; `null`: nothing did. */
  readonly error: string | null
  /** One line each; the runs of a case are told apart by a line `run 2`. */
  readonly requests: readonly string[]
  /** Rows of the root tables. */
  readonly tables: Readonly<Record<string, readonly NestedRow[]>>
  readonly columns: Columns
}

/** What is expected of one side in the aspects that differ. */
export interface Expected extends Partial<Pick<Outcome, 'tables' | 'columns'>> {
  /** `null`: there is none. */
  readonly error?: RegExp | null
  /** `free`: which requests are made depends on what was under way when the data changed. */
  readonly requests?: readonly string[] | 'free'
}

/** The state of the mock API of one side of a case. */
export interface World {
  /** 1, and 2 while a second run goes on: for data that changes in between. */
  run: number
}

/** One configuration that both sides run against a mock API of their own. */
export interface ParityCase {
  /** Lower case with hyphens; unique. */
  readonly name: string
  /** What it shows, as a short sentence. */
  readonly shows: string
  /** A `rest_api` configuration as data, with `${PARITY_BASE_URL}` for the mock API. */
  readonly config: { readonly [key: string]: JsonValue }
  /** Called once for each side, so that both start from the same state. */
  readonly routes: (world: World) => Readonly<Record<string, Handler>>
  /** Default 1. */
  readonly runs?: 1 | 2
  /** Headers whose values are a part of a request's line, in lower case. */
  readonly headers?: readonly string[]
  /** The order of requests is left free where one side may fetch several at once. Default false. */
  readonly anyOrder?: boolean
  /** Rows that every table of both sides holds at the end; where tables differ on purpose, those of dlt are in `better`. */
  readonly rows?: Readonly<Record<string, number>>
  /** Both sides refuse it, with these texts. */
  readonly fails?: { readonly ours: RegExp; readonly dlt: RegExp }
  /** Where we differ on purpose. All that is not named is equal. */
  readonly better?: {
    readonly reason: string
    readonly ours: Expected
    readonly dlt: Expected
  }
}

/** A group of cases: one section of the page. */
export interface ParityGroup {
  readonly topic: string
  readonly cases: readonly ParityCase[]
}
