import { type Connector, offset, type Resources, resource } from '@tributary/core'
import type { Handler } from '@tributary/testkit'
import { crm } from '../../support/connector.ts'
import { apiScenarios } from './api.ts'
import { contractScenarios } from './contracts.ts'
import { dispositionScenarios } from './dispositions.ts'
import { nameScenarios } from './names.ts'
import type { Scenario } from './scenario.ts'
import { shapeScenarios } from './shapes.ts'
import { valueScenarios } from './values.ts'

export const SCENARIOS: readonly Scenario[] = [
  ...nameScenarios,
  ...valueScenarios,
  ...shapeScenarios,
  ...dispositionScenarios,
  ...contractScenarios,
  ...apiScenarios,
]

/** A connector that has everything that can go wrong: each scenario is a resource of it. */
export function hostile(baseUrl: string): Connector {
  const resources = Object.fromEntries(
    SCENARIOS.map(({ name, settings, limit = 3 }) => [
      name,
      resource({
        ...(settings as object),
        // Of pages that are asked for at once, the order would not be the same every time.
        parallelized: false,
        endpoint: { path: name, dataSelector: 'data', paginator: offset({ limit }) },
      }),
    ]),
  ) as unknown as Resources
  return crm(baseUrl, { resources })
}

/** The API of these scenarios, in the run that `run` says, from 0. */
export const routesOf = (scenarios: readonly Scenario[], run: () => number): Record<string, Handler> =>
  Object.fromEntries(
    scenarios.map(({ name, runs }) => {
      const handlers = runs()
      return [`/${name}`, (request) => handlers[run()]!(request)]
    }),
  )
