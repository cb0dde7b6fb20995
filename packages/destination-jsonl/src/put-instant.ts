import { formatDate, formatInstant, formatTime } from '@tributary/core'
import { type LineBuffer, putAscii, reserve } from './line-buffer.ts'
import { type Int64Source, numberAt, putDigits, setPair } from './put-integer.ts'

const MICROS_PER_SECOND = 1_000_000
const SECONDS_PER_DAY = 86_400
const MICROS_PER_DAY = SECONDS_PER_DAY * MICROS_PER_SECOND
const FRACTION_DIGITS = 6
/** `YYYY-MM-DD` */
const DATE_LENGTH = 10
/** `HH:MM:SS` */
const CLOCK_LENGTH = 8
const LONGEST = '2026-01-02T03:04:05.000006Z'.length
const [HYPHEN, COLON, POINT, ZERO, T, Z] = [0x2d, 0x3a, 0x2e, 0x30, 0x54, 0x5a]

/** Days from 1970-01-01 to the first day of the year 0 and to the last one of 9999: years of four digits. */
const FIRST_DAY = -719_528
const LAST_DAY = 2_932_896
/** Days from 0000-03-01 to 1970-01-01. In years that begin in March, the leap day is the last. */
const SINCE_MARCH = 719_468
/** Days until the calendar repeats. */
const DAYS_PER_400_YEARS = 146_097

/** As `formatInstant`, from microseconds since 1970. */
export function putInstant(lines: LineBuffer, source: Int64Source, row: number): void {
  const micros = numberAt(source, row)
  if (!Number.isSafeInteger(micros)) {
    // Further than some 285 years from 1970.
    putAscii(lines, formatInstant(source.values[row]!))
    return
  }
  reserve(lines, LONGEST)
  const seconds = Math.floor(micros / MICROS_PER_SECOND)
  const days = Math.floor(seconds / SECONDS_PER_DAY)
  putCalendarDay(lines, days)
  lines.bytes[lines.at++] = T
  putClock(lines, seconds - days * SECONDS_PER_DAY, micros - seconds * MICROS_PER_SECOND)
  lines.bytes[lines.at++] = Z
}

/** As `formatDate`, from days since 1970. */
export function putDate(lines: LineBuffer, days: number): void {
  if (days < FIRST_DAY || days > LAST_DAY) {
    putAscii(lines, formatDate(days))
  } else {
    reserve(lines, LONGEST)
    putCalendarDay(lines, days)
  }
}

/** As `formatTime`, from microseconds since midnight. */
export function putTime(lines: LineBuffer, source: Int64Source, row: number): void {
  const micros = numberAt(source, row)
  if (micros < 0 || micros >= MICROS_PER_DAY) {
    putAscii(lines, formatTime(source.values[row]!))
    return
  }
  reserve(lines, LONGEST)
  const seconds = Math.floor(micros / MICROS_PER_SECOND)
  putClock(lines, seconds, micros - seconds * MICROS_PER_SECOND)
}

/** `YYYY-MM-DD`, in divisions of whole numbers. */
function putCalendarDay(lines: LineBuffer, days: number): void {
  // A cycle more, since the year 0 begins before March.
  const sinceMarch = (days + SINCE_MARCH + DAYS_PER_400_YEARS) | 0
  const cycles = (sinceMarch / DAYS_PER_400_YEARS) | 0
  const day = sinceMarch - cycles * DAYS_PER_400_YEARS
  const leapDays = ((day / 1460) | 0) - ((day / 36_524) | 0) + ((day / 146_096) | 0)
  const marchYear = ((day - leapDays) / 365) | 0
  const dayOfYear = day - (365 * marchYear + ((marchYear / 4) | 0) - ((marchYear / 100) | 0))
  // From March on, months have 31, 30, 31, 30 and 31 days, again and again.
  const month = ((5 * dayOfYear + 2) / 153) | 0
  const year = marchYear + (cycles - 1) * 400 + (month > 9 ? 1 : 0)
  const century = (year / 100) | 0
  const { view, at } = lines
  setPair(view, at, century)
  setPair(view, at + 2, year - century * 100)
  view.setUint8(at + 4, HYPHEN)
  setPair(view, at + 5, month > 9 ? month - 9 : month + 3)
  view.setUint8(at + 7, HYPHEN)
  setPair(view, at + 8, dayOfYear - (((153 * month + 2) / 5) | 0) + 1)
  lines.at = at + DATE_LENGTH
}

/** `HH:MM:SS`, with a fraction where there is one. */
function putClock(lines: LineBuffer, clock: number, micros: number): void {
  const seconds = clock | 0
  const minutes = (seconds / 60) | 0
  const hours = (minutes / 60) | 0
  const { view, at } = lines
  setPair(view, at, hours)
  view.setUint8(at + 2, COLON)
  setPair(view, at + 3, minutes - hours * 60)
  view.setUint8(at + 5, COLON)
  setPair(view, at + 6, seconds - minutes * 60)
  lines.at = at + CLOCK_LENGTH
  if (micros === 0) return
  lines.bytes[lines.at++] = POINT
  putDigits(lines, micros, FRACTION_DIGITS)
  while (lines.bytes[lines.at - 1] === ZERO) lines.at--
}
