import { sync } from '@tributary/core'
import { startMockApi } from '@tributary/testkit'
import { expect, it, onTestFinished } from 'vitest'
import type { Place } from '../support/places.ts'
import { contentsOf } from './contents.ts'
import { hostile, routesOf, SCENARIOS } from './hostile/connector.ts'
import { otherKinds, REFERENCE } from './kinds.ts'

const kinds = await otherKinds()
/** What a place cannot hold is compared by itself. */
const LEFT_OUT = [
  'five_thousand_keys',
  'keys_of_columns',
  'keys_of_objects_and_lists',
  'texts',
  'zeros_in_texts',
  'halves_of_pairs_in_json',
]
const scenarios = SCENARIOS.filter(({ name }) => !LEFT_OUT.includes(name))

/** What two runs of all resources at once leave: which load wrote a row depends on who came first, so it is left out. */
async function runAll(place: Place): Promise<unknown> {
  let run = 0
  const api = await startMockApi(routesOf(scenarios, () => run))
  onTestFinished(() => api.close())
  const connector = hostile(api.url)
  const outcomes: unknown[] = []
  for (; run < 2; run++) {
    const { resources } = await sync({ connector, destination: place.destination, resources: scenarios.map(({ name }) => name) })
    const { tables } = await contentsOf(place, 'crm')
    const rows = Object.entries(tables).map(([at, table]) => [
      at,
      table.columns.map(({ at: path, type }) => `${path} ${type}`),
      table.rows.map((row) => JSON.stringify(Object.entries(row).filter(([column]) => !column.startsWith('_sync_')))).sort(),
    ])
    const ended = Object.entries(resources).map(([name, { status, records, error }]) => [name, status, records, error?.code])
    outcomes.push({ ended, rows: rows.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)) })
  }
  return outcomes
}

let reference: Promise<unknown> | undefined

it.for(kinds)(
  'all resources of the hostile connector at once have in $name what they have in DuckDB [suite.matrix.at-once]',
  async (kind, { skip }) => {
    skip(kind.missing !== undefined, kind.missing)
    reference ??= Promise.resolve(REFERENCE.make()).then(runAll)
    expect(await runAll(await kind.make())).toEqual(await reference)
  },
)
