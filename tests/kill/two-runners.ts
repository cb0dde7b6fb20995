import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Shop } from './api.ts'
import { compare, contentOf } from './content.ts'
import { randomFrom, THOROUGH } from './moments.ts'
import { EACH_TIME, runScenario } from './scenarios.ts'
import { type Ended, startSecond } from './second-process.ts'
import { destinationOf, type Spot, type Target } from './target.ts'

export const ROUNDS: number = THOROUGH ? 20 : 6
/** Milliseconds: of every third round, so long that the second runner is let in when the first is done. */
const WAITS = [5, 60, 20_000] as const

/** What came of one round. */
interface Round {
  readonly refused: number
  readonly problems: readonly string[]
}

/** Starts two runners at once, again and again. Every run appends all that there is: how many of them there were, the rows tell. */
export async function twoRunners(target: Target, program: string, shop: Shop): Promise<Round[]> {
  const clean = await cleanContents(target, shop.after)
  const random = randomFrom(`two runners ${target.kind}`)
  const rounds: Round[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const spot = await target.empty()
    const { dataset } = spot
    const address = { ...spot.address, lockTimeout: WAITS[round % WAITS.length]! }
    const order = { address, dataset, scenario: EACH_TIME.name, baseUrl: shop.after }
    const runners = [startSecond(program, order), startSecond(program, order)] as const
    await Promise.all(runners.map(({ ready }) => ready))
    const offset = random() * 40
    const ended = await Promise.all([runners[0].run(), sleep(offset).then(() => runners[1].run())])
    const refused = ended.filter(({ errors }) => errors!.length > 0).length
    const { lost, doubled } = compare(clean[1 - refused] ?? [], await contentOf(spot))
    const problems = [
      ...ended.flatMap((one, place) => refusalProblems(one, ended[1 - place]!, target)),
      ...(refused < 2 ? [] : ['both were refused']),
      ...(refused === 0 || address.lockTimeout < 1000 ? [] : ['one was refused that should have waited']),
      ...lost.slice(0, 3).map((line) => `lost ${line}`),
      ...doubled.slice(0, 3).map((line) => `doubled ${line}`),
    ]
    rounds.push({ refused, problems: problems.map((problem) => `round ${round}, ${offset.toFixed(1)} ms apart: ${problem}`) })
    await spot.remove()
  }
  expect(rounds.flatMap(({ problems }) => problems)).toEqual([])
  return rounds
}

/** Of one run, and of two one after the other. */
async function cleanContents(target: Target, baseUrl: string): Promise<string[][]> {
  const spot: Spot = await target.empty()
  const destination = await destinationOf(spot)
  const contents: string[][] = []
  for (let runs = 0; runs < 2; runs++) {
    await runScenario(EACH_TIME, { baseUrl, destination, dataset: spot.dataset, isSecond: true, checkpoints: false })
    contents.push(await contentOf(spot))
  }
  await spot.remove()
  return contents
}

/** Who was refused must say so by name, and say by whom: a server knows a process by the name that it gives itself. */
function refusalProblems({ errors }: Ended, { pid }: Ended, { kind }: Target): string[] {
  const holder = new RegExp(`${kind === 'postgres' ? 'tributary' : 'process'} ${pid}\\b`)
  return errors!.filter((error) => !error.startsWith('DATASET_IN_USE: ') || !holder.test(error))
}
