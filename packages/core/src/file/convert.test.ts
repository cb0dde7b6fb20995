import { describe, expect, it } from 'vitest'
import type { CursorValue } from '../extract/incremental.ts'
import { CONVERSIONS, conversion } from './convert.ts'

/** The same instant, 2026-01-02T03:04:05.678Z, as APIs write it; and a date. */
const values: [what: string, value: CursorValue][] = [
  ['ISO 8601 text', '2026-01-02T03:04:05.678Z'],
  ['text with another zone', '2026-01-02T04:04:05.678+01:00'],
  ['seconds with a fraction', 1_767_323_045.678],
  ['milliseconds', 1_767_323_045_678],
  ['milliseconds as text', '1767323045678'],
  ['microseconds', 1_767_323_045_678_000n],
]

describe('convert', () => {
  it.each(values)('%s, in every form [file.incremental.convert]', (_what, value) => {
    expect(CONVERSIONS.map((name) => conversion(name)(value))).toEqual([
      1_767_323_045,
      1_767_323_045_678,
      '2026-01-02',
      '2026-01-02T03:04:05.678Z',
    ])
  })

  it.each<[string, CursorValue, unknown[]]>([
    ['a date', '2026-01-02', [1_767_312_000, 1_767_312_000_000, '2026-01-02', '2026-01-02T00:00:00Z']],
    ['before 1970', '1969-12-31T23:59:59.5Z', [-1, -500, '1969-12-31', '1969-12-31T23:59:59.5Z']],
    ['seconds before 1970', -1, [-1, -1000, '1969-12-31', '1969-12-31T23:59:59Z']],
    ['seconds before 1970 with a fraction', '-0.5', [-1, -500, '1969-12-31', '1969-12-31T23:59:59.5Z']],
    ['zero', 0, [0, 0, '1970-01-01', '1970-01-01T00:00:00Z']],
  ])('%s [file.incremental.convert]', (_what, value, forms) => {
    expect(CONVERSIONS.map((name) => conversion(name)(value))).toEqual(forms)
  })

  it('refuses what is no time [file.incremental.convert]', () => {
    expect(() => conversion('date')('v1.2.3')).toThrow(/"v1\.2\.3" cannot be written as date.*Take convert out/)
  })
})
