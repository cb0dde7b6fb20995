import { describe, expect, it } from 'vitest'
import { createConcurrency, type Feedback } from './concurrency.ts'

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Tasks that wait until they are ended, those that run in order. */
function tasks(maximum: number, count: number) {
  const concurrency = createConcurrency(maximum)
  const running: { feedback: Feedback; end: () => void }[] = []
  for (let index = 0; index < count; index++) {
    void concurrency.run((feedback) => new Promise<void>((resolve) => running.push({ feedback, end: resolve })))
  }
  /** Ends `ended` of them, as many as run if left out, and answers how many run then. */
  const end = async (what: keyof Feedback, ended?: number): Promise<number> => {
    await settled()
    for (const { feedback, end: endTask } of running.splice(0, ended ?? running.length)) {
      feedback[what]()
      endTask()
    }
    await settled()
    return running.length
  }
  const howMany = async (): Promise<number> => {
    await settled()
    return running.length
  }
  return { running: howMany, end }
}

describe('requests in flight', () => {
  it('are halved once for those that were overloaded together, and again when that is too many [http.concurrency.falls]', async () => {
    const { running, end } = tasks(8, 100)
    expect(await running()).toBe(8)
    expect([await end('overloaded'), await end('overloaded'), await end('overloaded'), await end('overloaded')]).toEqual([
      4, 2, 1, 1,
    ])
  })

  it('recover one by one with 8 successes each, up to what they were [http.concurrency.recovers]', async () => {
    const { end } = tasks(3, 100)
    expect(await end('overloaded')).toBe(1)
    const counts = []
    for (let success = 1; success <= 24; success++) counts.push(await end('succeeded', 1))
    expect(counts).toEqual([...Array(7).fill(1), ...Array(8).fill(2), ...Array(9).fill(3)])
  })

  it('begin to count anew after an overload [http.concurrency.recovers]', async () => {
    const { end } = tasks(2, 100)
    await end('overloaded')
    for (let success = 1; success <= 7; success++) await end('succeeded', 1)
    await end('overloaded', 1)
    for (let success = 1; success <= 7; success++) expect(await end('succeeded', 1)).toBe(1)
    expect(await end('succeeded', 1)).toBe(2)
  })
})
