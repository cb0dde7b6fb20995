import type { JsonValue, ResourceOptions, RowSchema, SyncOptions } from '@tributary/core'
import { type Fault, failing, type Handler, offsetPages } from '@tributary/testkit'

export type Item = { [key: string]: JsonValue }
export type Settings = Partial<Omit<ResourceOptions<RowSchema, unknown>, 'endpoint' | 'schema'>> & { readonly schema?: unknown }

/** A resource that does something that can go wrong, in three runs. */
export interface Scenario {
  readonly name: string
  readonly settings?: Settings
  /** Over what the runs are told. */
  readonly options?: Partial<SyncOptions>
  /** What the API answers in each of the three runs, made anew for each API: handlers keep count. */
  readonly runs: () => readonly Handler[]
  /** Records on a page. Default 3, so that little is enough for several. */
  readonly limit?: number
  /** The rules of loading that it is about. */
  readonly rules: readonly string[]
}

type Records = readonly JsonValue[]

/** Answers these records in each of three runs. */
export const lists =
  (...runs: readonly [Records, Records, Records]): Scenario['runs'] =>
  () =>
    runs.map((records) => offsetPages(records))

/** As `runs`, with faults in each. */
export const withFaults =
  (runs: Scenario['runs'], ...plans: readonly (readonly (Fault | undefined)[])[]): Scenario['runs'] =>
  () =>
    runs().map((run, index) => failing(run, plans[index % plans.length]!))

/** An object of keys that a literal could not have. */
export function ofPairs(pairs: readonly (readonly [key: string, value: JsonValue])[]): Item {
  const item: Item = {}
  // Not by assignment, which for `__proto__` makes no key.
  for (const [key, value] of pairs)
    Object.defineProperty(item, key, { value, enumerable: true, configurable: true, writable: true })
  return item
}
