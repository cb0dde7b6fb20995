import { afterAll, describe, expect, it } from 'vitest'
import { type Killed, killAt, killer } from './kill.ts'
import { COMMIT, KILLS, momentsWithin, OPENING, randomFrom, randomMoments, stepMoments, THOROUGH } from './moments.ts'
import { COMPRESSED, DISPOSITIONS, OTHERS, type Scenario } from './scenarios.ts'
import { type Line, report } from './table.ts'
import type { Target } from './target.ts'

/** A combination may take longer than other tests: it starts some dozens of processes. */
const PATIENCE = 600_000

interface Case {
  readonly scenario: Scenario
  readonly where: Target
  /** At random moments. */
  readonly kills: number
  readonly share: number
}

/** Kills runs of every scenario in one destination. Called at the top of a test file. */
export async function killSuite(target: Target, compressed?: Target): Promise<void> {
  const { arena } = await killer()
  const lines: Line[] = []

  const check = async ({ where, scenario, kills, share }: Case): Promise<void> => {
    const random = randomFrom(`${where.kind} ${scenario.name}`)
    const own = await arena(where, scenario)
    // As many at once as later, when they are killed: each slows down the other.
    const [measured] = await Promise.all([own.measure(), own.measure()])
    const steps = await killAt(own, stepMoments(measured, share))
    const commits = await killAt(own, momentsWithin(measured, COMMIT, Math.ceil(kills / 10), random))
    const opening = scenario.isFirst === true ? momentsWithin(measured, OPENING, kills, random) : []
    const anywhere = await killAt(own, [...opening, ...randomMoments(kills, random)])
    lines.push({ destination: where.kind, scenario: scenario.name, steps, commits, random: anywhere })
    expect(steps.filter(({ wasKilled }) => !wasKilled)).toEqual([])
    expect([...steps, ...commits, ...anywhere].flatMap(wrong)).toEqual([])
  }

  afterAll(() => report(target.kind, lines))

  describe(`${target.kind}: a run that is killed, and run again, equals one that was not`, () => {
    const cases: Omit<Case, 'share'>[] = [
      ...DISPOSITIONS.map((scenario) => ({ scenario, where: target, kills: KILLS })),
      ...OTHERS.map((scenario) => ({ scenario, where: target, kills: Math.ceil(KILLS / 5) })),
      ...(compressed === undefined ? [] : [{ scenario: COMPRESSED, where: compressed, kills: Math.ceil(KILLS / 5) }]),
    ]
    for (const [share, each] of cases.entries()) {
      const { scenario, kills } = each
      const title = `${scenario.name}: at ${THOROUGH ? 'each' : 'every third'} step, and at ${kills} random moments [${scenario.rule}]`
      it(title, () => check({ ...each, share }), PATIENCE)
    }
  })
}

function wrong({ moment, lost, doubled, failure }: Killed): string[] {
  if (failure !== undefined) return [`killed ${moment}: ${failure}`]
  if (lost.length === 0 && doubled.length === 0) return []
  return [
    `killed ${moment}: ${lost.length} lost, ${doubled.length} doubled`,
    ...lost.slice(0, 3).map((line) => `  lost ${line}`),
    ...doubled.slice(0, 3).map((line) => `  doubled ${line}`),
  ]
}
