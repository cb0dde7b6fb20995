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

function parseRetryAfter(text: string, now: number): number | undefined {
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number(text) * 1000
  // Date.parse takes almost any number for a year.
  if (/^\s*[-+]?\d/.test(text)) return undefined
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
