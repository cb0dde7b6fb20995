import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDate, parseInstant, parseTime } from './instant.ts'

const utc = (text: string): bigint => BigInt(Date.parse(text)) * 1000n

describe('parseInstant', () => {
  it.each<[string, bigint]>([
    ['2026-01-02T03:04:05Z', utc('2026-01-02T03:04:05Z')],
    ['2026-01-02T03:04:05.678Z', utc('2026-01-02T03:04:05.678Z')],
    ['2026-01-02T03:04:05.678901Z', utc('2026-01-02T03:04:05.678Z') + 901n],
    ['2026-01-02T03:04:05.678901999Z', utc('2026-01-02T03:04:05.678Z') + 901n],
    ['2026-01-02T03:04:05.1Z', utc('2026-01-02T03:04:05.100Z')],
    ['2026-01-02T03:04:05,5Z', utc('2026-01-02T03:04:05.500Z')],
    ['2026-01-02T03:04:05', utc('2026-01-02T03:04:05Z')],
    ['2026-01-02 03:04:05', utc('2026-01-02T03:04:05Z')],
    ['2026-01-02t03:04:05z', utc('2026-01-02T03:04:05Z')],
    ['2026-01-02T03:04Z', utc('2026-01-02T03:04:00Z')],
    ['2026-01-02T03:04:05+02:00', utc('2026-01-02T01:04:05Z')],
    ['2026-01-02T03:04:05+0200', utc('2026-01-02T01:04:05Z')],
    ['2026-01-02T03:04:05-05', utc('2026-01-02T08:04:05Z')],
    ['2026-01-02T03:04:05+05:30', utc('2026-01-01T21:34:05Z')],
    ['2026-01-02 03:04:05 +00:00', utc('2026-01-02T03:04:05Z')],
    ['1970-01-01T00:00:00Z', 0n],
    ['1969-12-31T23:59:59.999999Z', -1n],
    ['2024-02-29T00:00:00Z', utc('2024-02-29T00:00:00Z')],
    ['2000-02-29T00:00:00Z', utc('2000-02-29T00:00:00Z')],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000_000n],
    ['9999-12-31T23:59:59.999999Z', 253_402_300_799_999_999n],
    ['9999-12-31T23:59:59.999Z', 253_402_300_799_999_000n],
  ])('%s', (text, expected) => {
    expect(BigInt(parseInstant(text)!)).toBe(expected)
  })

  it.each([
    '',
    'today',
    '2026-01-02',
    '03:04:05',
    '20260102T030405Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-01-02T24:00:00Z',
    '2026-01-02T03:60:00Z',
    '2026-01-02T03:04:60Z',
    '2026-01-02T03:04:05+24:00',
    '2026-01-02T03:04:05+02:60',
    '2026-01-02T03:04:05X',
    '2026-01-02T03:04:05.Z',
    '2026-01-02T03:04:0xZ',
    '2026-01-02T03:04:05.12xZ',
    '0000-01-01T00:00:00Z',
    '+12026-01-02T03:04:05Z',
    '2026-01-02 03:04',
    ' 2026-01-02T03:04:05Z',
    '2026-01-02T03:04:05Z ',
    '２026-01-02T03:04:05Z',
  ])('not %j', (text) => {
    expect(parseInstant(text)).toBeUndefined()
  })

  it('is exact, and a number wherever it can be, for all instants', () => {
    const days = { min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }
    fc.assert(
      fc.property(fc.date(days), (date) => {
        const micros = parseInstant(date.toISOString())!
        expect(BigInt(micros)).toBe(BigInt(date.getTime()) * 1000n)
        expect(typeof micros).toBe(Number.isSafeInteger(Number(micros)) ? 'number' : 'bigint')
        expect(parseInstant(date.toISOString().replace('Z', '+00:00'))).toBe(micros)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('parseDate', () => {
  it.each([
    ['1970-01-01', 0],
    ['1969-12-31', -1],
    ['2026-01-02', Date.UTC(2026, 0, 2) / 86_400_000],
    ['2024-02-29', Date.UTC(2024, 1, 29) / 86_400_000],
    ['0001-01-01', -719_162],
    ['9999-12-31', 2_932_896],
    ['2026-02-29', undefined],
    ['2026-1-2', undefined],
    ['2026-01-02T00:00:00Z', undefined],
    ['', undefined],
  ])('%s', (text, expected) => {
    expect(parseDate(text)).toBe(expected)
  })
})

describe('parseTime', () => {
  it.each([
    ['00:00:00', 0],
    ['23:59:59.999999', 86_399_999_999],
    ['01:02', 3_720_000_000],
    ['01:02:03.5', 3_723_500_000],
    ['01:02:03.1234567', 3_723_123_456],
    ['24:00:00', undefined],
    ['01:60', undefined],
    ['1:02:03', undefined],
    ['01:02:03Z', undefined],
    ['', undefined],
  ])('%s', (text, expected) => {
    expect(parseTime(text)).toBe(expected)
  })
})
