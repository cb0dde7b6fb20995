// A process that syncs, to be killed. Its argument is an `Order`. It says `ready`, begins when a line comes, tells the steps that it
// passes, stands still at the one that the order names, and ends with `result` and what went wrong.
import { writeSync } from 'node:fs'
import { toTributaryError } from '@tributary/core'
import { type Address, destinationAt } from '../kill/destination.ts'
import { inTwoCommits, type TwoCommits } from '../kill/in-two-commits.ts'
import { runScenario, SCENARIOS } from '../kill/scenarios.ts'
import { type Step, withSteps } from '../kill/steps.ts'

export interface Order {
  readonly address: Address
  readonly dataset: string
  readonly scenario: string
  readonly baseUrl: string
  readonly stopAt?: { readonly step: Step; readonly nth: number } | undefined
  /** A fault of the destination, which the test must find. */
  readonly fault?: TwoCommits | undefined
}

const { address, dataset, scenario: name, baseUrl, stopAt, fault } = JSON.parse(process.argv[2]!) as Order
// Not through a stream, which would keep lines to itself.
const say = (line: string): void => void writeSync(1, `${line}\n`)

let passed = 0
const atStep = (step: Step): void => {
  say(step)
  if (step !== stopAt?.step || ++passed !== stopAt.nth) return
  say('stopped')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

async function main(): Promise<void> {
  const own = await destinationAt(address)
  const destination = withSteps(fault === undefined ? own : inTwoCommits(own, fault), atStep)
  say('ready')
  await new Promise((resolve) => process.stdin.once('data', resolve))
  process.stdin.destroy()
  const scenario = SCENARIOS.find((each) => each.name === name)!
  try {
    say(
      `result ${JSON.stringify(await runScenario(scenario, { baseUrl, destination, dataset, isSecond: true, checkpoints: true }))}`,
    )
  } catch (error) {
    const { code, message } = toTributaryError(error)
    say(`result ${JSON.stringify([`${code}: ${message}`])}`)
  }
}

void main()
