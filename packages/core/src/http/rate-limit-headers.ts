/** What an API says of its own rate limit. */
export interface Quota {
  /** Requests that are left in this span. */
  readonly remaining: number
  /** Milliseconds until there are more. */
  readonly reset: number
}

/** A time beyond this is an instant: seconds since 1970, as of 2001. */
const EPOCH_SECONDS = 1e9
/** And beyond this it is in milliseconds. */
const EPOCH_MILLISECONDS = 1e12

const REMAINING = ['ratelimit-remaining', 'x-ratelimit-remaining', 'x-rate-limit-remaining']
const RESET = ['ratelimit-reset', 'x-ratelimit-reset', 'x-rate-limit-reset']

/**
 * Reads `RateLimit-Remaining` and `-Reset`, with or without `X-` and with another hyphen, and the header `RateLimit` of
 * the IETF's drafts, both of its forms. `undefined` where they do not tell both things.
 */
export function readQuota(headers: Readonly<Record<string, string>>, now: number = Date.now()): Quota | undefined {
  const combined = headers.ratelimit
  if (combined !== undefined) return readCombined(combined)
  const remaining = firstNumber(headers, REMAINING)
  const reset = firstNumber(headers, RESET)
  if (remaining === undefined || reset === undefined) return undefined
  // Only those with X- are ever an instant; the draft's own is always seconds from now.
  return { remaining: remaining.value, reset: reset.name.startsWith('x-') ? fromNow(reset.value, now) : reset.value * 1000 }
}

function firstNumber(
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
): { name: string; value: number } | undefined {
  for (const name of names) {
    // A header that was sent twice has both values, with a comma between them.
    const digits = /^\s*(\d+(?:\.\d+)?)\s*(?:,|$)/.exec(headers[name] ?? '')?.[1]
    if (digits !== undefined) return { name, value: Number(digits) }
  }
  return undefined
}

function fromNow(reset: number, now: number): number {
  if (reset > EPOCH_MILLISECONDS) return Math.max(0, reset - now)
  if (reset > EPOCH_SECONDS) return Math.max(0, reset * 1000 - now)
  return reset * 1000
}

/** `limit=100, remaining=0, reset=5`, and in later drafts one item for each policy: `"default";r=0;t=5`. The tightest counts. */
function readCombined(text: string): Quota | undefined {
  const items = /\bremaining\s*=/i.test(text) ? [text] : text.split(',')
  let tightest: Quota | undefined
  for (const item of items) {
    const remaining = /\b(?:remaining|r)\s*=\s*(\d+)/i.exec(item)?.[1]
    const reset = /\b(?:reset|t)\s*=\s*(\d+)/i.exec(item)?.[1]
    if (remaining === undefined || reset === undefined) continue
    const quota = { remaining: Number(remaining), reset: Number(reset) * 1000 }
    const isTighter = tightest === undefined || quota.remaining < tightest.remaining
    if (isTighter || (quota.remaining === tightest?.remaining && quota.reset > tightest.reset)) tightest = quota
  }
  return tightest
}
