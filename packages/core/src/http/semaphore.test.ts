import { describe, expect, it } from 'vitest'
import { createSemaphore } from './semaphore.ts'

/** Tasks that end when they are told to, and a note of what ran. */
function tasks(limit: number) {
  const semaphore = createSemaphore(limit)
  const started: number[] = []
  const finishes: Record<number, PromiseWithResolvers> = {}
  const start = (id: number): Promise<number> =>
    semaphore.run(() => {
      started.push(id)
      return new Promise<number>((resolve, reject) => {
        finishes[id] = { finish: () => resolve(id), fail: () => reject(new Error(`task ${id}`)) }
      })
    })
  return { start, started, finishes }
}

interface PromiseWithResolvers {
  finish(): void
  fail(): void
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('createSemaphore', () => {
  it('runs as many as allowed, the others in order as places come free', async () => {
    const { start, started, finishes } = tasks(2)
    const running = [1, 2, 3, 4].map(start)
    await settled()
    expect(started).toEqual([1, 2])
    finishes[2]!.finish()
    await settled()
    expect(started).toEqual([1, 2, 3])
    finishes[1]!.finish()
    await settled()
    expect(started).toEqual([1, 2, 3, 4])
    finishes[3]!.finish()
    finishes[4]!.finish()
    expect(await Promise.all(running)).toEqual([1, 2, 3, 4])
  })

  it('frees the place of a task that fails', async () => {
    const { start, started, finishes } = tasks(1)
    const first = start(1)
    const second = start(2)
    await settled()
    finishes[1]!.fail()
    await expect(first).rejects.toThrow('task 1')
    await settled()
    expect(started).toEqual([1, 2])
    finishes[2]!.finish()
    expect(await second).toBe(2)
  })

  it('frees the place of a task that throws before it waits', async () => {
    const semaphore = createSemaphore(1)
    const thrown = semaphore.run(() => {
      throw new Error('at once')
    })
    await expect(thrown).rejects.toThrow('at once')
    expect(await semaphore.run(async () => 'next')).toBe('next')
  })

  it('never runs more than its limit, whenever tasks come', async () => {
    const semaphore = createSemaphore(3)
    let running = 0
    let most = 0
    const work = async (): Promise<void> => {
      most = Math.max(most, ++running)
      await settled()
      running--
    }
    const begun: Promise<void>[] = []
    for (let index = 0; index < 20; index++) {
      begun.push(semaphore.run(work))
      if (index % 5 === 0) await settled()
    }
    await Promise.all(begun)
    expect(most).toBe(3)
    expect(running).toBe(0)
  })
})
