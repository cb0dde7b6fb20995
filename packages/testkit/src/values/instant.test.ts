import { expect, it } from 'vitest'
import { formatDate, formatInstant, formatTime, parseDate, parseInstant, parseTime } from './instant.ts'

it.each([
  ['1970-01-01T00:00:00Z', 0n],
  ['1970-01-01T00:00:00.000001Z', 1n],
  ['1969-12-31T23:59:59.999999Z', -1n],
  ['0001-01-01T00:00:00Z', -62_135_596_800_000_000n],
  ['9999-12-31T23:59:59.999999Z', 253_402_300_799_999_999n],
])('%s is %s microseconds', (text, micros) => {
  expect(parseInstant(text)).toBe(micros)
  expect(formatInstant(micros)).toBe(text)
})

it('takes the forms that databases write', () => {
  expect(parseInstant('2026-01-02 03:04:05.5+00')).toBe(parseInstant('2026-01-02T03:04:05.500000Z'))
})

it('goes there and back with dates and times', () => {
  for (const text of ['0001-01-01', '1969-12-31', '2024-02-29', '9999-12-31']) expect(formatDate(parseDate(text))).toBe(text)
  for (const text of ['00:00:00', '23:59:59.999999', '12:30:00.5']) expect(formatTime(parseTime(text))).toBe(text)
})

it.each(['2026-01-02', '2026-01-02T03:04:05', '2026-01-02T03:04:05+02:00', 'soon'])('refuses the instant %s', (text) => {
  expect(() => parseInstant(text)).toThrow(RangeError)
})
