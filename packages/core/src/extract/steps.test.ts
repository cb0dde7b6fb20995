import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../http/request.ts'
import { compileSteps, type ProcessingStep } from './steps.ts'

const numbers = [1, 2, 3, 4]
const add = (by: number) => ({ map: (value: JsonValue) => Number(value) + by })
const even: ProcessingStep = { filter: (value) => Number(value) % 2 === 0 }
const twice: ProcessingStep = { flatMap: (value) => [value, value] }

describe('compileSteps', () => {
  it.each<[string, readonly ProcessingStep[], readonly JsonValue[]]>([
    ['nothing changes without steps', [], [1, 2, 3, 4]],
    ['filter keeps [step.filter]', [even], [2, 4]],
    ['map replaces [step.map]', [add(10)], [11, 12, 13, 14]],
    ['flatMap gives several [step.flat-map]', [twice], [1, 1, 2, 2, 3, 3, 4, 4]],
    ['flatMap gives none [step.flat-map]', [{ flatMap: () => [] }], []],
    [
      'flatMap takes a generator [step.flat-map]',
      [
        {
          *flatMap(value) {
            yield value
            yield 0
          },
        },
      ],
      [1, 0, 2, 0, 3, 0, 4, 0],
    ],
    [
      'map may leave a member undefined [step.json]',
      [{ map: () => ({ a: undefined as never, b: 1 }) }],
      [{ b: 1 }, { b: 1 }, { b: 1 }, { b: 1 }],
    ],
    ['map may make null', [{ map: () => null }], [null, null, null, null]],
    ['they run in their order [step.order]', [even, add(1)], [3, 5]],
    ['and in another order are another thing [step.order]', [add(1), even], [2, 4]],
    ['a step sees what the ones before it left [step.order]', [twice, even, add(1), twice], [3, 3, 3, 3, 5, 5, 5, 5]],
  ])('%s', (_what, steps, expected) => {
    expect(compileSteps('crm.things', steps)(numbers, 0)).toEqual(expected)
  })

  it('leaves out what a step is not to see', () => {
    const seen: JsonValue[] = []
    compileSteps('crm.things', [even, { map: (value) => seen.push(value) }])(numbers, 0)
    expect(seen).toEqual([2, 4])
  })

  const failOn = (bad: JsonValue) => (value: JsonValue) => {
    if (value === bad) throw new Error('no date')
    return true
  }
  it.each<[string, readonly ProcessingStep[], string]>([
    ['filter', [{ filter: failOn(3) }], 'processing step 1 (filter) failed at record 13 of its page: no date.'],
    ['map', [add(0), { map: failOn(1) }], 'processing step 2 (map) failed at record 11 of its page: no date.'],
    [
      'flatMap',
      [even, twice, { flatMap: (value) => [failOn(4)(value)] }],
      'processing step 3 (flatMap) failed at record 14 of its page: no date.',
    ],
    [
      'a generator',
      [
        {
          *flatMap(value) {
            yield failOn(2)(value)
          },
        },
      ],
      'processing step 1 (flatMap) failed at record 12 of its page: no date.',
    ],
    ['flatMap of no list', [{ flatMap: () => 5 as never }], 'processing step 1 (flatMap) failed at record 11 of its page: '],
    [
      'map of nothing',
      [{ map: () => undefined as never }],
      'processing step 1 (map) failed at record 11 of its page: it gave nothing back.',
    ],
    ['an asynchronous filter', [{ filter: (async () => false) as never }], 'failed at record 11 of its page: it is asynchronous'],
  ])('a function that throws names step and record: %s [step.throws]', (_what, steps, message) => {
    expect(() => compileSteps('crm.things', steps)(numbers, 10)).toThrow(
      expect.objectContaining({
        code: 'STEP_FAILED',
        recovery: 'fix-config',
        message: expect.stringContaining(message),
        cause: expect.any(Error),
      }),
    )
  })

  it('a thrown value that is no error is named too [step.throws]', () => {
    const step: ProcessingStep = {
      map: () => {
        throw 'no error'
      },
    }
    expect(() => compileSteps('crm.things', [step])(numbers, 0)).toThrow(
      /^crm\.things: processing step 1 \(map\).*: no error\. Mend/,
    )
  })

  it.each<[unknown, string]>([
    [{}, 'none'],
    [null, 'none'],
    ['filter', 'none'],
    [{ filter: 'id > 1' }, 'filter'],
    [{ reduce: () => true }, 'reduce'],
    [{ filter: () => true, map: () => true }, 'filter, map'],
  ])('refuses the step %j [step.malformed]', (step, found) => {
    expect(() => compileSteps('crm.things', [even, step as ProcessingStep])).toThrow(
      expect.objectContaining({
        code: 'RESOURCE_INVALID',
        recovery: 'fix-config',
        message: `The resource crm.things cannot run: its processing step 2 should be one function under filter, map or flatMap, but has ${found}.`,
      }),
    )
  })
})
