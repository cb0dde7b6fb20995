import { type ResourceResult, sync } from '@tributary/core'
import { startMockApi } from '@tributary/testkit'
import type { Place } from '../support/places.ts'
import { type Contents, contentsOf } from './contents.ts'
import { hostile, routesOf } from './hostile/connector.ts'
import type { Scenario } from './hostile/scenario.ts'

/** Of each scenario. */
export const RUNS = 3

/** How a run ended, and what there was after it. */
export interface Outcome {
  readonly status: ResourceResult['status']
  readonly code: string | undefined
  readonly message: string | undefined
  readonly records: number
  /** What it told of each table, by the place of the table. */
  readonly counts: Readonly<Record<string, unknown>>
  readonly contents: Contents
}

/** Does the three runs of a scenario, from an API of its own into a place that has nothing in it. */
export async function runScenario(scenario: Scenario, place: Place): Promise<readonly Outcome[]> {
  let run = 0
  const api = await startMockApi(routesOf([scenario], () => run))
  try {
    const connector = hostile(api.url)
    const outcomes: Outcome[] = []
    for (; run < RUNS; run++) {
      // Changes of the disposition are for the first run alone.
      const { writeDisposition, ...options } = scenario.options ?? {}
      const { resources } = await sync({
        connector,
        destination: place.destination,
        resources: [scenario.name],
        ...options,
        ...(run === 0 && writeDisposition !== undefined && { writeDisposition }),
      })
      const { status, error, records, tables } = resources[scenario.name]!
      const contents = await contentsOf(place, 'crm')
      const places = new Map(Object.entries(contents.tables).map(([at, { name }]) => [name, at]))
      const counts = Object.fromEntries(Object.entries(tables).map(([name, changes]) => [places.get(name) ?? name, changes]))
      const message = error?.message.replaceAll(api.url, 'http://api')
      outcomes.push({ status, code: error?.code, message, records, counts, contents })
    }
    return outcomes
  } finally {
    await api.close()
  }
}
