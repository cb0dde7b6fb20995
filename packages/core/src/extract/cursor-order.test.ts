import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../http/request.ts'
import { compareCursors, shiftCursor } from './cursor-order.ts'

describe('the order of cursors', () => {
  it.each<[JsonValue, JsonValue, number]>([
    [1, 2, -1],
    [2, 2, 0],
    [-1.5, -2, 1],
    [9_007_199_254_740_993n, 9_007_199_254_740_992n, 1],
    [9_007_199_254_740_993n, 5, 1],
    [5n, 5, 0],
    ['10', 9, 1],
    [9, '10', -1],
    ['5', 5, 0],
    ['12345678901234567891', 12_345_678_901_234_567_890n, 1],
    ['12345678901234567891', '12345678901234567890', 1],
    ['1.5', 2, -1],
    ['9', '10', -1],
    ['9.5', '10.25', -1],
    ['-0.5', '-0.25', -1],
    ['1700000000.000000001', '1700000000.000000002', -1],
    ['1700000000', '1700000000.0', 0],
    ['a', 'b', -1],
    ['b', 'b', 0],
    ['2026-01-01', '2026-01-02', -1],
    ['2026-01-01T10:00:00Z', '2026-01-01T10:00:00.000Z', 0],
    ['2026-01-01T12:00:00+02:00', '2026-01-01T10:00:00Z', 0],
    ['2026-01-01T12:00:00+02:00', '2026-01-01T10:30:00Z', -1],
    ['2026-01-01T09:00:00-05:00', '2026-01-01T10:00:00Z', 1],
    ['2026-01-01 10:00:00', '2026-01-01T10:00:00Z', 0],
    ['2026-01-01T10:00:00.000001Z', '2026-01-01T10:00:00Z', 1],
    ['2026-01-01', '2026-01-01T10:00:00Z', -1],
    ['2026-01-02', '2026-01-01T23:30:00-05:00', -1],
    ['2026-01-02', '2026-01-02T01:00:00+05:00', 1],
    ['2026-01-02', '2026-01-02T00:00:00Z', 0],
  ])('%s and %s: %i [incremental.order]', (a, b, expected) => {
    expect(compareCursors(a, b)).toBe(expected)
    expect(compareCursors(b, a)).toBe(0 - expected)
  })

  it.each([
    ['abc', 1],
    ['2026-01-01T10:00:00Z', 1_767_225_600],
    ['', 1],
  ])('%j and %d have no order', (a, b) => {
    expect(() => compareCursors(a, b)).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID', recovery: 'fix-data' }))
  })
})

describe('shiftCursor', () => {
  it.each<[string, JsonValue, number, 1 | -1, JsonValue]>([
    ['an integer', 100, 10, 1, 90],
    ['an integer that falls', 100, 10, -1, 110],
    ['an integer beyond 2^53', 9_007_199_254_740_995n, 2, 1, 9_007_199_254_740_993n],
    ['numeric text', '100', 10, 1, '90'],
    ['numeric text beyond 2^53', '9007199254740995', 2, 1, '9007199254740993'],
    ['a fraction', '1.5', 1, 1, '0.5'],
    ['a date, by days', '2026-03-01', 1, 1, '2026-02-28'],
    ['a date that falls', '2026-02-28', 1, -1, '2026-03-01'],
    ['a timestamp, by seconds', '2026-01-01T00:00:10Z', 11, 1, '2025-12-31T23:59:59Z'],
    ['a timestamp that falls', '2026-01-01T00:00:10Z', 11, -1, '2026-01-01T00:00:21Z'],
    ['a timestamp with a zone', '2026-01-01T02:00:00+02:00', 0.5, 1, '2025-12-31T23:59:59.5Z'],
    ['a timestamp without a zone', '2026-01-01T00:01:00', 60, 1, '2026-01-01T00:00:00Z'],
  ])('takes a lag off %s [incremental.lag.kinds]', (_what, value, lag, direction, expected) => {
    expect(shiftCursor(value, lag, direction)).toBe(expected)
  })

  it('leaves any value as it was written where there is no lag', () => {
    expect(shiftCursor('2026-01-01T02:00:00+02:00', 0)).toBe('2026-01-01T02:00:00+02:00')
    expect(shiftCursor('v7', 0)).toBe('v7')
  })

  it.each(['v7', ''])('refuses a lag for the text %j [incremental.lag.kinds]', (value) => {
    expect(() => shiftCursor(value, 1)).toThrow(
      expect.objectContaining({ code: 'CURSOR_INVALID', message: expect.stringContaining(JSON.stringify(value)) }),
    )
  })
})
