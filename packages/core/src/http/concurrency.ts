import { createSemaphore } from './semaphore.ts'

/** Requests that must go well before one more is let through. */
const SUCCESSES_TO_RECOVER = 8

/** What a request tells of how the API bears it. */
export interface Feedback {
  /** It was answered. */
  succeeded(): void
  /** The API said that it is too much. */
  overloaded(): void
}

/** How many requests are in flight: half as many when the API is overloaded, and by and by as many as before. */
export interface Concurrency {
  run<T>(task: (feedback: Feedback) => Promise<T>): Promise<T>
}

/** `maximum`: requests in flight when all is well. Additive increase, multiplicative decrease, as TCP does it. */
export function createConcurrency(maximum: number): Concurrency {
  const semaphore = createSemaphore(maximum)
  let allowed = maximum
  let successes = 0
  let falls = 0
  return {
    run: (task) =>
      semaphore.run(() => {
        const fallsBefore = falls
        return task({
          succeeded() {
            if (allowed === maximum || ++successes < SUCCESSES_TO_RECOVER) return
            successes = 0
            semaphore.resize(++allowed)
          },
          overloaded() {
            successes = 0
            // Requests that were in flight together tell of the same overload.
            if (falls !== fallsBefore) return
            falls++
            allowed = Math.max(1, Math.floor(allowed / 2))
            semaphore.resize(allowed)
          },
        })
      }),
  }
}
