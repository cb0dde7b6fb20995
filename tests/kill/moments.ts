import type { Ended, Moment } from './second-process.ts'
import type { Step } from './steps.ts'

/** How often processes are killed at random moments, for each disposition and destination: 25 in `.ci/run`, 50 for the table. */
export const KILLS: number = Number(process.env.TRIBUTARY_TEST_KILLS ?? 5)
/** With few of them, the steps of the protocol are shared out among the runs that are killed, too. */
export const THOROUGH: boolean = KILLS >= 25
const SHARES = 3

/** Of numbers from 0 to 1, the same ones for the same seed (xorshift, 32 bits). */
export function randomFrom(seed: string): () => number {
  let state = [...seed].reduce((hash, letter) => Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193), 0x811c9dc5) | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/**
 * Each step that a run took which was left alone: the first time, the last one, and where a checkpoint was just behind. Or
 * every third of them, another third for each `share`.
 */
export function stepMoments(ended: Ended, share: number): Moment[] {
  return allSteps(ended).filter((_, place) => THOROUGH || place % SHARES === share % SHARES)
}

function allSteps({ passed }: Ended): Moment[] {
  const times = (step: Step): number => passed.filter((each) => each.step === step).length
  return (['opening', 'opened', 'begun', 'written', 'rejected', 'committing', 'committed', 'closing', 'closed'] as const).flatMap(
    (step) => {
      const last = times(step)
      const second = step === 'begun' && last > 2 ? [2] : []
      return [...new Set([...(last > 0 ? [1] : []), ...second, ...(last > 1 ? [last] : [])])].map((nth) => ({ step, nth }))
    },
  )
}

/** Somewhere between a step, such as the call of a commit, and the one that ends it. */
export function momentsWithin(
  { passed }: Ended,
  [from, to]: readonly [from: Step, to: Step],
  count: number,
  random: () => number,
): Moment[] {
  const begun = passed.filter(({ step }) => step === from)
  const done = passed.filter(({ step }) => step === to)
  return Array.from({ length: count }, () => {
    const which = Math.floor(random() * begun.length)
    return { step: from, nth: which + 1, after: random() * (done[which]!.at - begun[which]!.at) }
  })
}

export const COMMIT = ['committing', 'committed'] as const
/** Of a first run, this makes the place. */
export const OPENING = ['opening', 'opened'] as const

/** Anywhere between the beginning of the process's work and its end. */
export function randomMoments(count: number, random: () => number): Moment[] {
  return Array.from({ length: count }, () => ({ share: random() }))
}

export function nameOf(moment: Moment): string {
  if ('share' in moment) return `after ${(moment.share * 100).toFixed(1)} % of its time`
  const { step, nth, after } = moment
  return `at ${step} ${nth}${after === undefined ? '' : `, ${after.toFixed(1)} ms later`}`
}
