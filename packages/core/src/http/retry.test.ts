import { describe, expect, it } from 'vitest'
import { DEFAULT_RETRY, type RetryPolicy, retryDelay, retryPolicy } from './retry.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const policy = { ...DEFAULT_RETRY, initialDelay: 1000, factor: 2, maximumDelay: 10_000 }

describe('the default policy', () => {
  it('is that of the docs [http.retry.default]', () => {
    expect(DEFAULT_RETRY).toEqual({
      limit: 3,
      statuses: [429, 500, 502, 503, 504],
      initialDelay: 500,
      factor: 2,
      maximumDelay: 60_000,
    })
  })
})

describe('backoff', () => {
  it.each([
    [1, 1000],
    [2, 2000],
    [3, 4000],
    [4, 8000],
    [5, 10_000],
    [2000, 10_000],
  ])('retry %i waits %i ms, less a quarter at most [http.retry.jitter]', (attempt, longest) => {
    const delays = Array.from({ length: 200 }, () => retryDelay(policy, attempt, undefined))
    expect(Math.max(...delays)).toBeLessThanOrEqual(longest)
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(longest * 0.75)
    expect(new Set(delays).size).toBeGreaterThan(1)
  })
})

describe('Retry-After', () => {
  it.each([
    ['2', 2000],
    ['0', 0],
    [' 7 ', 7000],
    ['0.5', 500],
    ['3600', 10_000],
    ['Sun, 01 Mar 2026 12:00:05 GMT', 5000],
    ['Sun, 01 Mar 2026 13:00:00 GMT', 10_000],
    ['Sun, 01 Mar 2026 11:59:00 GMT', 0],
  ])('%s: %i ms [http.retry.after]', (text, expected) => {
    expect(retryDelay(policy, 1, text, NOW)).toBe(expected)
  })

  it.each(['', 'soon', 'NaN', '1m'])('falls back where it says %j', (text) => {
    const delay = retryDelay(policy, 2, text, NOW)
    expect(delay).toBeGreaterThanOrEqual(1500)
    expect(delay).toBeLessThanOrEqual(2000)
  })

  // Date.parse takes a negative number for a year, long ago.
  it('falls back where it is negative', () => {
    expect(retryDelay(policy, 2, '-5', NOW)).toBeGreaterThanOrEqual(1500)
  })
})

describe('retryPolicy', () => {
  it("is the endpoint's over the client's over the default [http.retry.configurable]", () => {
    const endpoint = { factor: 3, initialDelay: undefined } as unknown as Partial<RetryPolicy>
    expect(retryPolicy('The client', { limit: 1, factor: 4, initialDelay: 7 }, undefined, endpoint)).toEqual({
      ...DEFAULT_RETRY,
      limit: 1,
      factor: 3,
      initialDelay: 7,
    })
  })

  it.each<[object, string]>([
    [{ limit: -1 }, 'retry.limit is the number of retries, a whole number from 0, but is -1.'],
    [{ limit: 1.5 }, 'retry.limit is the number of retries, a whole number from 0, but is 1.5.'],
    [{ limit: '3' }, 'retry.limit is the number of retries, a whole number from 0, but is "3".'],
    [{ limit: Number.POSITIVE_INFINITY }, 'retry.limit is the number of retries, a whole number from 0, but is Infinity.'],
    [{ statuses: [99] }, 'retry.statuses is a list of whole numbers from 100 to 599, but is [99].'],
    [{ statuses: 429 }, 'retry.statuses is a list of whole numbers from 100 to 599, but is 429.'],
    [{ initialDelay: -1 }, 'retry.initialDelay is milliseconds, from 0, but is -1.'],
    [{ maximumDelay: Number.NaN }, 'retry.maximumDelay is milliseconds, from 0, but is NaN.'],
    [{ factor: 0.5 }, 'retry.factor is a number from 1, but is 0.5.'],
    [{ retries: 3 }, 'retry has no "retries"; there are limit, statuses, initialDelay, factor, maximumDelay.'],
  ])('refuses %j [http.config.retry]', (policy, message) => {
    expect(() => retryPolicy('The client', policy)).toThrow(
      expect.objectContaining({ code: 'CLIENT_INVALID', recovery: 'fix-config', message: `The client: ${message}` }),
    )
  })
})
