import { describe, expect, it } from 'vitest'
import { optionsOf, type ShopOptions, shopApi } from '../../fixtures/shop.ts'
import type { SuiteTest } from '../suite/suite.ts'
import type { ConnectorCase, Subject } from './case.ts'
import { connectorCases } from './cases.ts'
import type { ConnectorSuiteOptions } from './options.ts'
import { connectorTests } from './suite.ts'
import { surveyConnector } from './survey.ts'

const good: ConnectorCase = { name: 'good [suite.good]', run: async () => {} }
const bad: ConnectorCase = { name: 'bad [suite.bad]', run: () => Promise.reject(new Error('broken')) }
const unfit: ConnectorCase = { ...bad, name: 'unfit [suite.unfit]', applies: () => 'it has none' }

async function subjectOf(options: ConnectorSuiteOptions): Promise<Subject> {
  return { options, survey: await surveyConnector(options) }
}

async function outcomes(tests: readonly SuiteTest[]): Promise<Record<string, string>> {
  const results: Record<string, string> = {}
  for (const { name, run } of tests) {
    results[name] = await run().then(
      () => 'passed',
      (error: unknown) => String(error),
    )
  }
  return results
}

const testsOf = async (
  cases: readonly ConnectorCase[],
  waivers: Readonly<Record<string, string>> = {},
  change: ShopOptions = {},
): Promise<SuiteTest[]> => connectorTests(await subjectOf({ ...optionsOf(change), waivers }), cases)

describe('the suite of connectors', () => {
  it('lists what it did not apply, and why, in a test of its own without a rule [suite.connector.listed]', async () => {
    expect(await outcomes(await testsOf([good, unfit]))).toEqual({
      'good [suite.good]': 'passed',
      'not applied, as it has none: unfit': 'passed',
    })
  })

  it('fails where a reason for not applying a case does not hold any more [suite.connector.listed]', async () => {
    let asked = 0
    const fickle: ConnectorCase = { ...unfit, applies: () => (asked++ === 0 ? 'it has none' : undefined) }
    const results = await outcomes(await testsOf([good, fickle]))
    expect(results['not applied, as it has none: unfit']).toContain('differs from run to run')
  })

  it.each([
    ['takes a waiver of a case that fails', { [bad.name]: 'no such thing' }, `${bad.name} (waived: no such thing)`, 'passed'],
    ['fails a waiver of a case that passes', { [good.name]: 'once needed' }, `${good.name} (waived: once needed)`, 'out of date'],
    ['fails a waiver without a reason', { [bad.name]: ' ' }, `${bad.name} (waived:  )`, 'gives no reason'],
    ['fails a waiver that names no case', { other: 'x' }, 'a waiver names a case: other', 'No case is called'],
    [
      'fails a waiver of a case that is not applied',
      { [unfit.name]: 'x' },
      `a waiver names a case: ${unfit.name}`,
      'No case is called',
    ],
  ])('%s [suite.connector.waivers]', async (_title, waivers, name, outcome) => {
    expect((await outcomes(await testsOf([good, bad, unfit], waivers)))[name]).toContain(outcome)
  })

  it('fails where there is nothing that it could look at [suite.connector.nothing]', async () => {
    const subject = await subjectOf(optionsOf({ records: { orders: [], lines: [], tags: [] } }))
    const ends = connectorCases(['orders']).filter(({ name }) => name.includes('pages.end'))
    expect(Object.values(await outcomes(connectorTests(subject, ends)))).toEqual([expect.stringContaining('nothing to look at')])
    expect(await outcomes(connectorTests(subject, []))).toEqual({ 'there are cases': expect.stringContaining('tests nothing') })
  })

  it('says which cases fixed answers leave out, and applies all others [suite.connector.listed]', async () => {
    const { records, api: _api, ...rest } = optionsOf({})
    const subject = await subjectOf({ ...rest, api: shopApi(records) })
    const names = connectorTests(subject, connectorCases(['orders'])).map(({ name }) => name)
    expect(names.filter((name) => name.startsWith('not applied'))).toEqual([
      'not applied, as the answers of its API are fixed: orders: its cursor moves with what was loaded',
      'not applied, as the answers of its API are fixed: orders: a record that comes later with the same cursor is not lost',
      'not applied, as the answers of its API are fixed: orders: all its records come, each once',
      'not applied, as the answers of its API are fixed: orders: an empty listing is no error, and leaves an empty table',
      'not applied, as the answers of its API are fixed: orders: a single record is loaded',
      'not applied, as the answers of its API are fixed: orders: records that fill a page exactly are loaded',
      'not applied, as it depends on no other: orders: asked for by itself, it gets its parents and has the same rows',
    ])
  })
})
