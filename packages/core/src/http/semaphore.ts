/** Lets at most so many tasks run at once; the others wait in order. */
export interface Semaphore {
  run<T>(task: () => Promise<T>): Promise<T>
  /** From now on so many. Tasks that run already are left alone. */
  resize(limit: number): void
}

export function createSemaphore(limit: number): Semaphore {
  let places = limit
  let running = 0
  const waiting: (() => void)[] = []
  const admit = (): void => {
    while (running < places && waiting.length > 0) {
      running++
      waiting.shift()!()
    }
  }
  return {
    async run(task) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        admit()
      })
      try {
        return await task()
      } finally {
        running--
        admit()
      }
    },
    resize(newLimit) {
      places = newLimit
      admit()
    },
  }
}
