import { startShop } from './api.ts'
import { bundle } from './bundle.ts'
import { compare, contentOf, type Difference } from './content.ts'
import type { TwoCommits } from './in-two-commits.ts'
import { nameOf } from './moments.ts'
import { runScenario, type Scenario } from './scenarios.ts'
import { type Ended, type Moment, startSecond } from './second-process.ts'
import { destinationOf, type Spot, type Target } from './target.ts'

/** What is the same for all kills of one scenario in one destination. */
export interface Arena {
  /** What a second process does that nobody kills. */
  measure(): Promise<Ended>
  /** Kills a second process, runs the same again, and compares with what a run has that was never killed. */
  kill(moment: Moment): Promise<Killed>
}

export interface Killed extends Difference {
  readonly moment: string
  readonly wasKilled: boolean
  readonly inCommit: boolean
  /** Why it could not be run again. All is lost then. */
  readonly failure?: string
}

/** As many at once as the machines that this runs on have cores. */
const AT_ONCE = 2

/** The second process. */
export const PROGRAM = 'tests/support/sync-until-killed.ts'

/** Called at the top of a test file. */
export async function killer(): Promise<{ arena(target: Target, scenario: Scenario, fault?: TwoCommits): Promise<Arena> }> {
  const [program, shop] = await Promise.all([bundle(PROGRAM), startShop()])
  let warmedUp: Promise<unknown> | undefined
  return {
    async arena(target, scenario, fault) {
      const run = async (spot: Spot, isSecond: boolean): Promise<void> => {
        const { dataset } = spot
        const destination = await destinationOf(spot)
        const baseUrl = isSecond ? shop.after : shop.before
        const errors = await runScenario(scenario, { baseUrl, destination, dataset, isSecond, checkpoints: !isSecond })
        if (errors.length > 0) throw new Error(errors.join('\n'))
      }
      const first = await target.empty()
      if (scenario.isFirst !== true) await run(first, false)
      const undisturbed = await target.copy(first)
      await run(undisturbed, true)
      if (scenario.again === true) await run(undisturbed, true)
      const clean = await contentOf(undisturbed)
      if (compare(clean, await contentOf(first)).lost.length === 0)
        throw new Error('The run that is killed would change nothing.')
      await undisturbed.remove()
      const second = (spot: Spot, moment?: Moment): ReturnType<typeof startSecond> => {
        const { address, dataset } = spot
        return startSecond(program, { address, dataset, scenario: scenario.name, baseUrl: shop.slowly, fault }, moment)
      }
      /** Milliseconds, of the quickest that came to its end: the machine may have been busy when others were measured. */
      let duration = Number.POSITIVE_INFINITY
      const withSpot = async <T>(use: (spot: Spot) => Promise<T>): Promise<T> => {
        const spot = await target.copy(first)
        const result = await use(spot)
        await spot.remove()
        return result
      }
      const undisturbedSecond = (): Promise<Ended> =>
        withSpot(async (spot) => {
          const process = second(spot)
          await process.ready
          const ended = await process.run()
          if (ended.errors?.length !== 0) throw new Error(`undisturbed, and yet: ${ended.errors?.join('\n')}`)
          return ended
        })
      // The first one of all compiles for those after it, which is not to be measured.
      warmedUp ??= undisturbedSecond()
      await warmedUp
      return {
        async measure() {
          const ended = await undisturbedSecond()
          duration = Math.min(duration, ended.took)
          return ended
        },
        kill: (moment) =>
          withSpot(async (spot) => {
            const process = second(spot, moment)
            await process.ready
            const { wasKilled, inCommit, took } = await process.run(moment, duration)
            if (!wasKilled) duration = Math.min(duration, took)
            const about = { moment: nameOf(moment), wasKilled, inCommit }
            try {
              await run(spot, true)
              // After a break, cursors stay behind what was loaded: what is read once more must not come once more.
              if (scenario.again === true) await run(spot, true)
              return { ...about, ...compare(clean, await contentOf(spot)) }
            } catch (error) {
              return { ...about, ...compare(clean, []), failure: String(error) }
            }
          }),
      }
    },
  }
}

/** Kills at each of the moments, some at a time. */
export async function killAt(arena: Arena, moments: readonly Moment[]): Promise<Killed[]> {
  const left = moments.entries()
  const killed: Killed[] = []
  const lane = async (): Promise<void> => {
    for (const [place, moment] of left) killed[place] = await arena.kill(moment)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return killed
}
