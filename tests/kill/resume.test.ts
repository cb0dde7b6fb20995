import { describe, expect, it } from 'vitest'
import { testServer } from '../support/postgres.ts'
import { startShop } from './api.ts'
import { bundle } from './bundle.ts'
import { PROGRAM } from './kill.ts'
import { after } from './records.ts'
import { CHECKPOINT, DISPOSITIONS, runScenario } from './scenarios.ts'
import { startSecond } from './second-process.ts'
import { destinationOf, fileTarget, postgresTarget, type Target } from './target.ts'

const server = await testServer()
const [program, shop] = await Promise.all([bundle(PROGRAM), startShop()])
const scenario = DISPOSITIONS.find(({ name }) => name === 'append')!
const DONE = 2 * CHECKPOINT

const targets: [kind: Target['kind'], target: Target | undefined][] = [
  ['duckdb', fileTarget('duckdb')],
  ['jsonl', fileTarget('jsonl')],
  ['parquet', fileTarget('parquet')],
  ['postgres', server.missing === undefined ? await postgresTarget(server) : undefined],
]

describe('a run that was killed after two checkpoints', () => {
  for (const [kind, target] of targets) {
    it.skipIf(target === undefined)(`is gone on with from the second one: ${kind} [state.kill.resumes]`, async () => {
      const spot = await target!.empty()
      const { address, dataset } = spot
      const moment = { step: 'begun', nth: 3 } as const
      const second = startSecond(program, { address, dataset, scenario: scenario.name, baseUrl: shop.slowly }, moment)
      await second.ready
      expect(await second.run(moment)).toMatchObject({ wasKilled: true, inCommit: false })
      const asked = shop.requests.length
      const destination = await destinationOf(spot)
      const run = { baseUrl: shop.after, destination, dataset, isSecond: true, checkpoints: false }
      expect(await runScenario(scenario, run)).toEqual([])
      const requests = shop.requests.slice(asked)
      expect(Number(requests[0]?.query.get('offset'))).toBeGreaterThanOrEqual(DONE)
      // One more, where the last page is full.
      expect(requests.length).toBeLessThanOrEqual((after.length - DONE) / 10 + 1)
      const reader = await destination.inspect(dataset)
      const { loads } = await reader.read()
      await reader.close()
      expect(loads.reduce((sum, { tables }) => sum + tables.things!.inserted, 0)).toBe(after.length)
    })
  }
})
