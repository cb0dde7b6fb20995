import { describe, expect, it } from 'vitest'
import { testServer } from '../support/postgres.ts'
import { startShop } from './api.ts'
import { bundle } from './bundle.ts'
import { PROGRAM } from './kill.ts'
import { fileTarget, postgresTarget, type Target } from './target.ts'
import { ROUNDS, twoRunners } from './two-runners.ts'

const server = await testServer()
const [program, shop] = await Promise.all([bundle(PROGRAM), startShop()])

const targets: [kind: Target['kind'], target: Target | undefined][] = [
  ['duckdb', fileTarget('duckdb')],
  ['jsonl', fileTarget('jsonl')],
  ['parquet', fileTarget('parquet')],
  ['postgres', server.missing === undefined ? await postgresTarget(server) : undefined],
]

describe(`two runners of one dataset at once, ${ROUNDS} times`, () => {
  for (const [kind, target] of targets) {
    const rule = 'one waits, or is refused and told by whom [state.two-runners.in-turn]'
    it.skipIf(target === undefined)(`${kind}: ${rule}`, { timeout: 600_000 }, async () => {
      const rounds = await twoRunners(target!, program, shop)
      // Both have been seen.
      expect(new Set(rounds.map(({ refused }) => refused))).toEqual(new Set([0, 1]))
    })
  }
})
