import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { otherKinds, REFERENCE } from '../matrix/kinds.ts'
import { apply, EMPTY } from './model.ts'
import { comparableContents, comparableModel } from './model-contents.ts'
import { runSequence, type Step, TABLE } from './run-sequence.ts'
import { deletedOnTheWay, type Sequence, sequence } from './sequences.ts'

/**
 * The same sequences every time: a test that fails must fail again. With this one, and the example, 61 runs notice each rule of the
 * model that is turned around.
 */
const SEED = 18
const examples: [Sequence][] = [[deletedOnTheWay]]
/** Milliseconds after which something hangs: each run loads several times, over HTTP. */
const TIMEOUT = 240_000
const kinds = await otherKinds()

async function stepsOf(each: Sequence, place: Parameters<typeof runSequence>[1], dataset: string): Promise<Step[]> {
  const steps: Step[] = []
  await runSequence(each, place, dataset, (step) => void steps.push(step))
  return steps
}

describe('random records, loads, strategies and contracts', () => {
  it(
    'have in DuckDB the rows that a slow model of the rules has [suite.matrix.model]',
    async () => {
      let rows = 0
      const property = fc.asyncProperty(sequence, async (each) => {
        const place = await REFERENCE.make()
        let model = EMPTY
        let last = 0
        await runSequence(each, place, 'run', ({ result, loadIds, contents }, index) => {
          const [id = last + 1] = loadIds
          last = loadIds.at(-1) ?? last
          model = apply(model, each.settings, each.loads[index]!, id)
          expect(result.status, result.error?.message).toBe(model.failed ? 'failed' : 'ok')
          expect(comparableContents(contents)).toEqual(comparableModel(model, TABLE, each.settings.strategy === 'scd2'))
          rows += model.entries.length
        })
      })
      await fc.assert(property, { numRuns: 61, seed: SEED, examples })
      expect(rows).toBeGreaterThan(300)
    },
    TIMEOUT,
  )

  it.for(kinds)('have in $name the rows that DuckDB has [suite.matrix.random]', { timeout: TIMEOUT }, async (kind, { skip }) => {
    skip(kind.missing !== undefined, kind.missing)
    const place = await kind.make()
    let number = 0
    const property = fc.asyncProperty(sequence, async (each) => {
      const dataset = `run_${number++}`
      const expected = await stepsOf(each, await REFERENCE.make(), dataset)
      const found = await stepsOf(each, place, dataset)
      for (const [index, { result, loadIds, contents }] of found.entries()) {
        expect(loadIds).toEqual(expected[index]!.loadIds)
        expect(result.status).toBe(expected[index]!.result.status)
        expect(contents.tables).toEqual(expected[index]!.contents.tables)
      }
    })
    await fc.assert(property, { numRuns: 21, seed: SEED, examples })
    expect(number).toBe(21)
  })
})
