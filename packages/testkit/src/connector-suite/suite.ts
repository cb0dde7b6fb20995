import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { memoryDestination } from '../memory/memory-destination.ts'
import { type SuiteTest, suiteTests } from '../suite/suite.ts'
import type { ConnectorCase, Subject } from './case.ts'
import { connectorCases } from './cases.ts'
import type { ConnectorSuiteOptions } from './options.ts'
import { surveyConnector } from './survey.ts'

/** Milliseconds that a case may take. */
const CASE_TIMEOUT = 120_000

/**
 * Registers a vitest test for every rule of connectors. The connector runs once before that, to find out which of them apply;
 * those that do not are listed with the reason. A waiver that names no case that applies fails, and so does one without a
 * reason or out of date, and a connector whose API gives no record at all.
 */
export function connectorSuite(name: string, options: ConnectorSuiteOptions): void {
  describe(name, async () => {
    const survey = await surveyConnector(options)
    const names = survey.resources.map((resource) => resource.name)
    for (const test of connectorTests({ options, survey }, connectorCases(names))) it(test.name, test.run, CASE_TIMEOUT)
  })
}

/** The tests of a suite, whoever runs them: cases that apply, those that do not, and checks of the waivers. Never empty. */
export function connectorTests(subject: Subject, cases: readonly ConnectorCase[]): SuiteTest[] {
  const judged = cases.map((each) => ({ ...each, reason: each.applies?.(subject) }))
  const applied = judged.filter(({ reason }) => reason === undefined)
  const { waivers = {} } = subject.options
  const tests = suiteTests(
    { create: async () => ({ destination: memoryDestination() }), waivers },
    applied.map(({ name, run }) => ({ name, run: () => run(subject) })),
  )
  // Asked once more, so that what is listed here is so in every run, and no accident of the first.
  const again = once(() => surveyConnector(subject.options))
  const listed = judged.flatMap(({ name, applies, reason }): SuiteTest[] => {
    if (reason === undefined) return []
    const run = async (): Promise<void> => {
      const found = applies?.({ ...subject, survey: await again() })
      assert.equal(found, reason, `whether ${JSON.stringify(name)} can be applied differs from run to run`)
    }
    return [{ name: `not applied, as ${reason}: ${name.replace(/ \[[^\]]*\]$/, '')}`, run }]
  })
  return [...tests, ...listed]
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
