import { describe, expect, it } from 'vitest'
import { createRedactor } from '../http/redact.ts'
import type { JsonValue } from '../http/request.ts'
import { redactValues } from './redact-values.ts'

const redactor = createRedactor(['long-secret', 'short'])

describe('redactValues', () => {
  it.each<[string, JsonValue, number, JsonValue]>([
    [
      'texts and keys',
      { a: 'x long-secret', 'long-secret': 1, b: [{ c: 'long-secret' }] },
      3,
      { a: 'x [redacted]', '[redacted]': 1, b: [{ c: '[redacted]' }] },
    ],
    ['items of lists', ['long-secret', 'other', 1, null], 1, ['[redacted]', 'other', 1, null]],
    ['not what is too short to be sure', { a: 'short' }, 0, { a: 'short' }],
    ['nothing of a scalar', 5, 0, 5],
  ])('%s', (_what, value, count, expected) => {
    expect(redactValues(value, redactor)).toBe(count)
    expect(value).toEqual(expected)
  })

  it('keeps hostile keys as keys', () => {
    const value = JSON.parse('{"__proto__": "long-secret"}') as { [key: string]: JsonValue }
    expect(redactValues(value, redactor)).toBe(1)
    expect(Object.entries(value)).toEqual([['__proto__', '[redacted]']])
  })

  it('has no limit of depth', () => {
    let value: JsonValue = 'long-secret'
    for (let level = 0; level < 20_000; level++) value = [value]
    expect(redactValues(value, redactor)).toBe(1)
  })
})
