import { describe, expect, it } from 'vitest'
import { memoryDestination } from '../index.ts'
import type { DestinationCase, DestinationFixture } from './case.ts'
import { destinationCases } from './cases.ts'
import { suiteTests } from './suite.ts'

const good: DestinationCase = { name: 'good', run: async () => {} }
const bad: DestinationCase = { name: 'bad', run: () => Promise.reject(new Error('broken')) }
let disposed = 0
const create = async (): Promise<DestinationFixture> => {
  return {
    destination: memoryDestination(),
    dispose: async () => {
      disposed++
    },
  }
}
const outcomes = async (cases: DestinationCase[], waivers?: Record<string, string>): Promise<Record<string, string>> => {
  const results: Record<string, string> = {}
  for (const { name, run } of suiteTests({ create, ...(waivers !== undefined && { waivers }) }, cases)) {
    results[name] = await run().then(
      () => 'passed',
      (error: unknown) => String(error),
    )
  }
  return results
}

describe('the suite', () => {
  it('runs the cases, and disposes of what it made, also after a failure', async () => {
    disposed = 0
    expect(await outcomes([good, bad])).toEqual({ good: 'passed', bad: 'Error: broken' })
    expect(disposed).toBe(2)
  })

  it('takes a waiver of a case that fails, and shows its reason', async () => {
    expect(await outcomes([good, bad], { bad: 'no such thing' })).toEqual({
      good: 'passed',
      'bad (waived: no such thing)': 'passed',
    })
  })

  it('fails a waiver of a case that passes', async () => {
    const results = await outcomes([good], { good: 'once needed' })
    expect(results['good (waived: once needed)']).toContain('out of date')
  })

  it('fails a waiver without a reason', async () => {
    expect(Object.values(await outcomes([bad], { bad: ' ' }))[0]).toContain('gives no reason')
  })

  it('fails a waiver that names no case, and a suite without cases', async () => {
    const results = await outcomes([], { toString: 'a name that objects have' })
    expect(results['a waiver names a case: toString']).toContain('No case is called')
    expect(results['there are cases']).toContain('tests nothing')
  })

  it('has a name of its own for every case', () => {
    expect(new Set(destinationCases.map(({ name }) => name)).size).toBe(destinationCases.length)
  })

  it('names a rule for every case', () => {
    const without = destinationCases.map(({ name }) => name).filter((name) => !/ \[[a-z]+(\.[a-z0-9-]+)+\]$/.test(name))
    expect(without).toEqual([])
  })
})
