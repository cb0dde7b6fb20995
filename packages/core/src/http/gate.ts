import { countRate, type RateLimit } from './rate-limit.ts'
import type { Quota } from './rate-limit-headers.ts'
import { wait } from './wait.ts'

/** Where every request of a client waits for its time, so that all resources together keep the limits. */
export interface Gate {
  /** Resolves when a request may be sent, with its number. Throws the signal's reason. */
  pass(signal: AbortSignal): Promise<number>
  /** That request is on its way: what it waited for after it had passed, such as a connection, is no part of the span. */
  sent(number: number): void
  /** Counts a request that cannot wait, against the author's own limit. */
  count(): void
  /** Nothing passes for so many milliseconds. */
  hold(milliseconds: number): void
  /** What the answer to request `number` said of the API's own limit; `longest`: milliseconds that it may hold the others, at most. */
  quota(number: number, quota: Quota, longest: number): void
  /** Milliseconds for which nothing passes from now on, as far as is known; 0: something may. */
  held(): number
}

/** `rateLimit`: the author's own. Times are on a clock that nobody sets. */
export function createGate(rateLimit?: RateLimit): Gate {
  const rate = rateLimit === undefined ? undefined : countRate(rateLimit)
  const waiting = new Set<() => void>()
  const places = new Map<number, number>()
  let passed = 0
  let heldUntil = 0
  /** As of the answer to request `number`; those that passed after it count against it. */
  let known: { number: number; remaining: number; until: number } | undefined

  const quotaWait = (now: number): number => {
    if (known === undefined || now >= known.until || passed - known.number < known.remaining) return 0
    return known.until - now
  }
  const held = (): number => {
    const now = performance.now()
    return Math.max(heldUntil - now, quotaWait(now), 0)
  }
  const pause = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
    let wake = (): void => {}
    try {
      await wait(Math.ceil(milliseconds), signal, (end) => {
        wake = end
        waiting.add(end)
      })
    } finally {
      waiting.delete(wake)
    }
  }
  return {
    async pass(signal) {
      for (;;) {
        signal.throwIfAborted()
        const now = performance.now()
        const delay = Math.max(held(), rate?.waitAt(now) ?? 0)
        if (delay <= 0) {
          passed++
          if (rate !== undefined) places.set(passed, rate.add(now))
          return passed
        }
        await pause(delay, signal)
      }
    },
    sent(number) {
      const place = places.get(number)
      if (place !== undefined) rate?.move(place, performance.now())
      places.delete(number)
    },
    count: () => void rate?.add(performance.now()),
    hold(milliseconds) {
      heldUntil = Math.max(heldUntil, performance.now() + milliseconds)
    },
    quota(number, { remaining, reset }, longest) {
      // Answers overtake each other: that to the latest request knows best.
      if (known !== undefined && number < known.number) return
      known = { number, remaining, until: performance.now() + Math.min(reset, longest) }
      for (const wake of [...waiting]) wake()
    },
    held,
  }
}
