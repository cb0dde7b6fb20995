import { describe, expect, it } from 'vitest'
import { comparable } from './compare.ts'
import { DIFFERENCES, differenceOf } from './differences.ts'
import { SCENARIOS } from './hostile/connector.ts'
import type { Scenario } from './hostile/scenario.ts'
import { otherKinds, REFERENCE } from './kinds.ts'
import { type Outcome, RUNS, runScenario } from './run-scenario.ts'

const kinds = await otherKinds()
const cells = SCENARIOS.map((scenario) => ({
  scenario,
  name: scenario.name,
  rules: scenario.rules.map((rule) => `[${rule}]`).join(' '),
}))

const references = new Map<string, Promise<readonly Outcome[]>>()
function referenceOf(scenario: Scenario): Promise<readonly Outcome[]> {
  const known = references.get(scenario.name) ?? Promise.resolve(REFERENCE.make()).then((place) => runScenario(scenario, place))
  references.set(scenario.name, known)
  return known
}

let compared = 0

describe.each(kinds)('$name', (kind) => {
  it.skipIf(kind.missing !== undefined).each(cells)(
    'has what DuckDB has after each run of $name $rules',
    async ({ scenario }) => {
      const expected = await referenceOf(scenario)
      const place = await kind.make()
      const limit = place.destination.identifierLimit
      const difference = differenceOf(kind.name, scenario.name)
      const found = await runScenario(scenario, place)
      let differs = false
      for (const [run, outcome] of found.entries()) {
        const reference = expected[run]!
        if (difference?.fails?.runs.includes(run) === true) {
          expect(outcome.code).toBe(difference.fails.code)
          expect(outcome.contents).toEqual(found[run - 1]?.contents ?? { tables: {}, loads: [], rejects: [], rejected: [] })
          // What comes after it is another story.
          differs = true
          compared += RUNS - run
          break
        }
        const comparison = { reference, limit, difference }
        expect(comparable(outcome, comparison)).toEqual(comparable(reference, comparison))
        if (difference !== undefined) differs ||= JSON.stringify(outcome.contents) !== JSON.stringify(reference.contents)
        compared++
      }
      expect(differs, difference?.reason).toBe(difference !== undefined)
    },
  )
})

describe('the matrix', () => {
  const product = cells.length * kinds.filter(({ missing }) => missing === undefined).length * RUNS

  it('has every scenario, destination and run in it [suite.matrix.count]', ({ annotate }) => {
    expect(compared).toBe(product)
    expect(cells.length).toBeGreaterThanOrEqual(75)
    return annotate(`${cells.length} scenarios × ${kinds.length} destinations × ${RUNS} runs: ${compared} compared with DuckDB`)
  })

  it('has differences only of scenarios that there are, each with a reason [suite.matrix.differences]', () => {
    const names = new Set(SCENARIOS.map(({ name }) => name))
    expect(DIFFERENCES.length).toBeGreaterThan(0)
    for (const { scenarios, reason } of DIFFERENCES) {
      expect(reason).toMatch(/\.$/)
      for (const scenario of scenarios) expect(names).toContain(scenario)
    }
  })
})
