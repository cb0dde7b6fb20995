import { TributaryError } from '../errors.ts'

/** When a request is made again. With `limit` 3 there are at most 4 requests. */
export interface RetryPolicy {
  /** Retries of one request. Default 3. */
  readonly limit: number
  /** Status codes that are worth another try. Default 429, 500, 502, 503, 504. */
  readonly statuses: readonly number[]
  /** Milliseconds before the first retry. Default 500. */
  readonly initialDelay: number
  /** Each delay is this many times the one before. Default 2. */
  readonly factor: number
  /** Milliseconds that no delay exceeds, whatever `Retry-After` says. Default 60 000. */
  readonly maximumDelay: number
}

export const DEFAULT_RETRY: RetryPolicy = {
  limit: 3,
  statuses: [429, 500, 502, 503, 504],
  initialDelay: 500,
  factor: 2,
  maximumDelay: 60_000,
}

/**
 * The policy of a request: what the endpoint says, over what the client says, over the default. Throws `CLIENT_INVALID` for
 * what cannot be; `where` begins the message.
 */
export function retryPolicy(where: string, ...policies: readonly (Partial<RetryPolicy> | undefined)[]): RetryPolicy {
  const policy: Record<string, unknown> = { ...DEFAULT_RETRY }
  for (const given of policies) {
    for (const [name, value] of Object.entries(given ?? {})) {
      if (!Object.hasOwn(DEFAULT_RETRY, name)) {
        throw invalid(`${where}: retry has no ${JSON.stringify(name)}; there are ${Object.keys(DEFAULT_RETRY).join(', ')}.`)
      }
      if (value !== undefined) policy[name] = value
    }
  }
  const { limit, statuses, initialDelay, factor, maximumDelay } = policy as unknown as RetryPolicy
  check(Number.isInteger(limit) && limit >= 0, where, 'limit is the number of retries, a whole number from 0', limit)
  check(
    Array.isArray(statuses) && statuses.every((status) => Number.isInteger(status) && status >= 100 && status <= 599),
    where,
    'statuses is a list of whole numbers from 100 to 599',
    statuses,
  )
  check(isNumber(initialDelay) && initialDelay >= 0, where, 'initialDelay is milliseconds, from 0', initialDelay)
  check(isNumber(maximumDelay) && maximumDelay >= 0, where, 'maximumDelay is milliseconds, from 0', maximumDelay)
  check(isNumber(factor) && factor >= 1, where, 'factor is a number from 1', factor)
  return { limit, statuses, initialDelay, factor, maximumDelay }
}

const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value)

function check(holds: boolean, where: string, expected: string, found: unknown): void {
  if (!holds) throw invalid(`${where}: retry.${expected}, but is ${typeof found === 'number' ? found : JSON.stringify(found)}.`)
}

const invalid = (message: string): TributaryError =>
  new TributaryError({ code: 'CLIENT_INVALID', recovery: 'fix-config', message })

/**
 * Milliseconds before retry number `attempt` (1 is the first). `Retry-After` (RFC 9110 §10.2.3: seconds or an HTTP
 * date) wins over the exponential backoff. Up to a quarter is taken off the latter at random, so that clients that
 * failed together do not come back together.
 */
export function retryDelay(
  policy: RetryPolicy,
  attempt: number,
  retryAfter: string | undefined,
  now: number = Date.now(),
): number {
  const asked = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, now)
  if (asked !== undefined) return Math.min(asked, policy.maximumDelay)
  const backoff = Math.min(policy.initialDelay * policy.factor ** (attempt - 1), policy.maximumDelay)
  return Math.round(backoff * (1 - Math.random() / 4))
}

/** Milliseconds that `Retry-After` asks for; `undefined` where it cannot be read. */
export function parseRetryAfter(text: string, now: number = Date.now()): number | undefined {
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number(text) * 1000
  // Date.parse takes almost any number for a year.
  if (/^\s*[-+]?\d/.test(text)) return undefined
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
