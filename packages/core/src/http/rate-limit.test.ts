import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkRateLimit, countRate, type RateLimit } from './rate-limit.ts'
import { readQuota } from './rate-limit-headers.ts'

describe('countRate', () => {
  it.each([
    ['second', 1000],
    ['minute', 60_000],
    ['hour', 3_600_000],
  ] as const)('allows so many a %s [http.rate-limit.own]', (per, span) => {
    const rate = countRate({ requests: 2, per })
    rate.add(0)
    rate.add(10)
    expect([rate.waitAt(10), rate.waitAt(span - 1), rate.waitAt(span)]).toEqual([span - 10, 1, 0])
    rate.add(span)
    expect(rate.waitAt(span)).toBe(10)
  })

  it('counts from when a request was really made, unless others have taken its place since [http.rate-limit.own]', () => {
    const rate = countRate({ requests: 1, per: 'second' })
    const first = rate.add(0)
    rate.move(first, 300)
    expect(rate.waitAt(1000)).toBe(300)
    rate.add(1300)
    rate.move(first, 2000)
    expect(rate.waitAt(2000)).toBe(300)
  })

  it('never allows more in any span, and never waits for nothing [http.rate-limit.own]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.integer({ min: 0, max: 700 })), (requests, pauses) => {
        const rate = countRate({ requests, per: 'second' })
        const times: number[] = []
        let now = 0
        for (const pause of pauses) {
          now += pause
          const wait = rate.waitAt(now)
          const full = times.filter((time) => time > now - 1000).length >= requests
          expect(wait > 0).toBe(full)
          now += wait
          rate.add(now)
          times.push(now)
          expect(times.filter((time) => time > now - 1000).length).toBeLessThanOrEqual(requests)
        }
      }),
    )
  })
})

describe('checkRateLimit', () => {
  it.each([
    [{ requests: 0, per: 'second' }, 'The client: rateLimit.requests is a whole number from 1, but is 0.'],
    [{ requests: 1.5, per: 'second' }, 'The client: rateLimit.requests is a whole number from 1, but is 1.5.'],
    [{ per: 'second' }, 'The client: rateLimit.requests is a whole number from 1, but is undefined.'],
    [{ requests: 1, per: 'day' }, 'The client: rateLimit.per is second, minute or hour, but is "day".'],
  ])('refuses %j [http.config.rate-limit]', (rateLimit, message) => {
    expect(() => checkRateLimit(rateLimit as RateLimit, 'The client')).toThrow(
      expect.objectContaining({ code: 'CLIENT_INVALID', message }),
    )
  })
})

describe('readQuota', () => {
  const NOW = Date.parse('2026-03-01T12:00:00Z')
  const EPOCH = NOW / 1000

  it.each<[string, Record<string, string>, number, number]>([
    ['RateLimit-*, seconds from now', { 'ratelimit-limit': '10', 'ratelimit-remaining': '3', 'ratelimit-reset': '7' }, 3, 7000],
    ['RateLimit-Reset, seconds whatever it is', { 'ratelimit-remaining': '0', 'ratelimit-reset': '2000000000' }, 0, 2e12],
    ['X-RateLimit-*, an epoch', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${EPOCH + 5}` }, 0, 5000],
    ['X-RateLimit-*, an epoch that is past', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${EPOCH - 5}` }, 0, 0],
    ['X-RateLimit-*, an epoch in milliseconds', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${NOW + 500}` }, 0, 500],
    ['X-RateLimit-*, seconds', { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '5' }, 1, 5000],
    ['X-Rate-Limit-*', { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '2.5' }, 0, 2500],
    ['one of each', { 'x-rate-limit-remaining': '0', 'ratelimit-reset': '4' }, 0, 4000],
    ['a header that was sent twice', { 'ratelimit-remaining': '0, 0', 'ratelimit-reset': '4, 4' }, 0, 4000],
    ['RateLimit in one', { ratelimit: 'limit=100, remaining=50, reset=5' }, 50, 5000],
    ['RateLimit with its policy', { ratelimit: 'limit=10;w=60 , remaining=0, reset=9' }, 0, 9000],
    ['RateLimit of a later draft', { ratelimit: '"default";r=2;t=3' }, 2, 3000],
    ['RateLimit, the tightest of several', { ratelimit: '"day";r=9;t=100, "burst";r=0;t=3, "hour";r=0;t=60' }, 0, 60_000],
  ])('reads %s [http.rate-limit.headers]', (_what, headers, remaining, reset) => {
    expect(readQuota(headers, NOW)).toEqual({ remaining, reset })
  })

  it.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['no reset', { 'ratelimit-remaining': '0' }],
    ['no remaining', { 'ratelimit-reset': '9' }],
    ['no numbers', { 'ratelimit-remaining': 'many', 'ratelimit-reset': 'soon' }],
    ['a policy alone', { ratelimit: 'limit=10' }],
  ])('leaves %s alone [http.rate-limit.headers]', (_what, headers) => {
    expect(readQuota(headers, NOW)).toBeUndefined()
  })
})
