import { type ColumnType, type JsonValue, stringifyJson } from '@tributary/core'

/** A value in a form that is ordered as the values of its column are: numbers by size, text by code point. */
export type Ordered = number | bigint | string

/** Digits after the point that a decimal can have. */
const MOST_SCALE = 38
const MICROS_PER_SECOND = 1_000_000n
const INSTANT = /^([+-]?\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?Z$/
const DATE = /^([+-]?\d+)-(\d\d)-(\d\d)$/

/** Of a value as it stands in a line; `undefined` where there is none. */
export function orderedValue(type: ColumnType | undefined, value: JsonValue | undefined): Ordered | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'object') return stringifyJson(value)
  switch (type) {
    case 'decimal':
      return decimalOf(value)
    case 'timestamp':
      return instantOf(value)
    case 'date':
      return dateOf(value)
    case 'uuid':
      return value.toLowerCase()
    default:
      return value
  }
}

/** A value as text that JSON can hold, and back. */
export const orderedText = (value: Ordered | undefined): string | null => {
  if (typeof value === 'string') return `"${value}`
  return value === undefined ? null : typeof value === 'bigint' ? `${value}n` : String(value)
}

export function orderedOf(text: string | null): Ordered | undefined {
  if (text === null) return undefined
  if (text.startsWith('"')) return text.slice(1)
  return text.endsWith('n') ? BigInt(text.slice(0, -1)) : Number(text)
}

/** Below zero where `a` comes before `b`. */
export function compareOrdered(a: Ordered, b: Ordered): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  // Numbers and bigints compare exactly with each other.
  return a < b ? -1 : a > b ? 1 : 0
}

/** As a whole number of the smallest unit there is. */
function decimalOf(text: string): Ordered {
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text)
  if (match === null) return text
  const [, sign, whole, fraction = ''] = match
  return BigInt(`${sign}${whole}${fraction.padEnd(MOST_SCALE, '0')}`)
}

function instantOf(text: string): Ordered {
  const match = INSTANT.exec(text)
  if (match === null) return text
  const [, year, month, day, hours, minutes, seconds, fraction = ''] = match.map((part) => part as string | undefined)
  const clock = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)
  const second = BigInt(daysOf(Number(year), Number(month), Number(day)) * 86_400 + clock)
  return second * MICROS_PER_SECOND + BigInt(fraction.padEnd(6, '0'))
}

function dateOf(text: string): Ordered {
  const match = DATE.exec(text)
  return match === null ? text : daysOf(Number(match[1]), Number(match[2]), Number(match[3]))
}

/** Days from a fixed day on, in the Gregorian calendar: years may be larger than those that a `Date` takes. */
function daysOf(year: number, month: number, day: number): number {
  // Years that begin in March have their leap day at the end.
  const years = month > 2 ? year : year - 1
  const months = (month + 9) % 12
  return (
    365 * years +
    Math.floor(years / 4) -
    Math.floor(years / 100) +
    Math.floor(years / 400) +
    Math.floor((153 * months + 2) / 5) +
    day
  )
}

/** By code point, where JavaScript compares by halves of them. */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const difference = rank(a.charCodeAt(index)) - rank(b.charCodeAt(index))
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Halves of code points beyond 2^16 come after all others. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
