import type { LoadPlan, TableChanges, TableSchema } from '@tributary/core'
import type { DestinationCase } from './case.ts'
import { expectChanges, expectRecords, type LoadedRecord } from './expect.ts'
import { type LoadSpec, load } from './load.ts'

/** A load of a scenario: what differs from its plan, the records, and what is done to each of the tables in their order. */
interface ScenarioLoad extends Partial<LoadSpec> {
  /** Default: not looked at. A table beyond the end should be left as it is. */
  readonly changes?: readonly Partial<TableChanges>[]
}

/** Loads one after the other, numbered from 1, and what is there after them. */
export interface Scenario {
  readonly name: string
  readonly tables: readonly TableSchema[]
  readonly plan: Partial<LoadPlan>
  readonly loads: readonly ScenarioLoad[]
  readonly after: readonly LoadedRecord[]
}

export function scenario({ name, tables, plan, loads, after }: Scenario): DestinationCase {
  return {
    name,
    async run(fixture) {
      let last = tables
      for (const [index, { changes, ...given }] of loads.entries()) {
        const spec: LoadSpec = { tables: last, ...plan, ...given, id: index + 1 }
        last = spec.tables
        const result = await load(fixture, spec)
        if (changes === undefined) continue
        for (const [place, table] of last.entries()) expectChanges(result, table, changes[place] ?? {})
      }
      await expectRecords(fixture, last, after, plan.primaryKey ?? [])
    },
  }
}
