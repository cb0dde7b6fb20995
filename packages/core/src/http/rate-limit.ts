import { TributaryError } from '../errors.ts'

/** At most so many requests in so much time. */
export interface RateLimit {
  /** A whole number from 1. */
  readonly requests: number
  readonly per: 'second' | 'minute' | 'hour'
}

const MILLISECONDS: Readonly<Record<string, number>> = { second: 1000, minute: 60_000, hour: 3_600_000 }

/** Throws `CLIENT_INVALID` for a rate limit that means nothing. `where` begins the message: `the client`. */
export function checkRateLimit({ requests, per }: RateLimit, where: string): void {
  if (!Number.isInteger(requests) || requests < 1)
    throw invalid(`${where}: rateLimit.requests is a whole number from 1, but is ${String(requests)}.`)
  if (!Object.hasOwn(MILLISECONDS, per))
    throw invalid(`${where}: rateLimit.per is second, minute or hour, but is ${JSON.stringify(per)}.`)
}

const invalid = (message: string): TributaryError =>
  new TributaryError({ code: 'CLIENT_INVALID', recovery: 'fix-config', message })

/** Counts requests, so that in no span of the given length there are more than allowed. */
export interface RateCount {
  /** Milliseconds until one more is allowed; 0: now. */
  waitAt(now: number): number
  /** Answers the place of the request, for {@link move}. */
  add(now: number): number
  /** The request at that place was made only now. */
  move(place: number, now: number): void
}

/** A sliding window: remembers when the last `requests` requests were made, so the limit holds across any boundary of the clock. */
export function countRate({ requests, per }: RateLimit): RateCount {
  const span = MILLISECONDS[per]!
  const times: number[] = []
  let count = 0
  return {
    waitAt(now) {
      const oldest = times[count % requests]
      return oldest === undefined ? 0 : Math.max(0, oldest + span - now)
    },
    add(now) {
      times[count % requests] = now
      return count++
    },
    move(place, now) {
      if (place >= count - requests) times[place % requests] = now
    },
  }
}
