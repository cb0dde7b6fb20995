import { describe, it } from 'vitest'
import type { DestinationCase, DestinationFixture } from './case.ts'
import { destinationCases } from './cases.ts'

/** Why a destination need not keep a rule, by the name of the case. */
export type Waivers = Readonly<Record<string, string>>

export interface DestinationSuiteOptions {
  /** Makes a destination with nothing in it: called for every case. */
  create(): Promise<DestinationFixture>
  /** Cases that this destination cannot pass, each with its reason. One that passes all the same fails, as out of date. */
  waivers?: Waivers
}

/** Milliseconds that a case may take. */
const CASE_TIMEOUT = 120_000

/** Registers a vitest test for every rule of loading. A waiver that names no case fails, and so does one without a reason. */
export function destinationSuite(name: string, options: DestinationSuiteOptions): void {
  describe(name, () => {
    for (const test of suiteTests(options, destinationCases)) it(test.name, test.run, CASE_TIMEOUT)
  })
}

export interface SuiteTest {
  readonly name: string
  run(): Promise<void>
}

/** The tests of a suite, whoever runs them: cases, and checks of the suite and its waivers. Never empty. */
export function suiteTests({ create, waivers = {} }: DestinationSuiteOptions, cases: readonly DestinationCase[]): SuiteTest[] {
  const tests = cases.map(({ name, run }): SuiteTest => {
    const once = async (): Promise<void> => {
      const fixture = await create()
      try {
        await run(fixture)
      } finally {
        await fixture.dispose?.()
      }
    }
    const reason = Object.hasOwn(waivers, name) ? waivers[name]! : undefined
    if (reason === undefined) return { name, run: once }
    return { name: `${name} (waived: ${reason})`, run: () => expectFailure(name, reason, once) }
  })
  const unknown = Object.keys(waivers).filter((waiver) => !cases.some(({ name }) => name === waiver))
  for (const waiver of unknown)
    tests.push(failing(`a waiver names a case: ${waiver}`, `No case is called ${JSON.stringify(waiver)}.`))
  if (cases.length === 0) tests.push(failing('there are cases', 'A suite without cases tests nothing.'))
  return tests
}

async function expectFailure(name: string, reason: string, run: () => Promise<void>): Promise<void> {
  if (reason.trim() === '') throw new Error(`The waiver of ${JSON.stringify(name)} gives no reason.`)
  const failed = await run().then(
    () => false,
    () => true,
  )
  if (!failed) throw new Error(`The waiver of ${JSON.stringify(name)} is out of date: the case passes. Remove the waiver.`)
}

function failing(name: string, message: string): SuiteTest {
  return { name, run: () => Promise.reject(new Error(message)) }
}
