import { TributaryError } from '../errors.ts'
import type { JsonValue } from '../http/request.ts'
import { formatDate, formatInstant } from '../normalize/format-instant.ts'
import { parseDate, parseInstant } from '../normalize/instant.ts'

/** Order of two cursor values: instants by time whatever their zone, a date among them as its midnight in UTC, numbers by size, in text too, other text by code units. */
export function compareCursors(a: JsonValue, b: JsonValue): number {
  if (typeof a === 'string' && typeof b === 'string') {
    if (a === b) return 0
    const [left, right] = instantsOf(a, b) ?? decimalsOf(a, b)
    return left === undefined || right === undefined ? compare(a, b) : compare(left, right)
  }
  return compare(numeric(a), numeric(b))
}

// Not by ===, to which 5n and 5 are different.
const compare = <T extends string | number | bigint>(left: T, right: T): number => (left < right ? -1 : left > right ? 1 : 0)

/** Of two texts of which at least one is an instant; two dates are in order as they stand. */
function instantsOf(a: string, b: string): readonly [number | bigint, number | bigint] | undefined {
  const [left, right] = [parseInstant(a), parseInstant(b)]
  if (left === undefined && right === undefined) return undefined
  const both = [left ?? midnightOf(a), right ?? midnightOf(b)] as const
  return both[0] === undefined || both[1] === undefined ? undefined : [both[0], both[1]]
}

const midnightOf = (text: string): number | bigint | undefined =>
  parseDate(text) === undefined ? undefined : parseInstant(`${text}T00:00:00Z`)

/** Two decimal texts as integers of one scale, so that no digit is lost. */
function decimalsOf(a: string, b: string): readonly (bigint | undefined)[] {
  const parts = [a, b].map((text) => /^(-?\d+)(?:\.(\d+))?$/.exec(text))
  const scale = Math.max(...parts.map((part) => part?.[2]?.length ?? 0))
  return parts.map((part) => (part === null ? undefined : BigInt(part[1]! + (part[2] ?? '').padEnd(scale, '0'))))
}

const integerOf = (text: string): bigint | undefined => (/^-?\d+$/.test(text) ? BigInt(text) : undefined)

function numeric(value: JsonValue): number | bigint {
  if (typeof value === 'bigint' || typeof value === 'number') return value
  const text = String(value)
  const number = integerOf(text) ?? Number(text)
  if (!Number.isNaN(number) && text.trim() !== '') return number
  throw new TributaryError({
    code: 'CURSOR_INVALID',
    recovery: 'fix-data',
    message: `The cursor values ${JSON.stringify(text.slice(0, 60))} and a number cannot be put in order.`,
  })
}

/**
 * The cursor value that lies `lag` before `value`: seconds before an instant, days before a date, units before a number or
 * numeric text. `direction` -1: behind it, for cursors that fall. Throws `CURSOR_INVALID` for other text.
 */
export function shiftCursor(value: JsonValue, lag: number, direction: 1 | -1 = 1): JsonValue {
  const by = lag * direction
  if (by === 0) return value
  if (typeof value === 'number') return value - by
  if (typeof value === 'bigint') return value - BigInt(Math.trunc(by))
  const text = String(value)
  const days = parseDate(text)
  if (days !== undefined) return formatDate(days - Math.trunc(by))
  const instant = parseInstant(text)
  if (instant !== undefined) return formatInstant(BigInt(instant) - BigInt(Math.round(by * 1_000_000)))
  const integer = integerOf(text)
  if (integer !== undefined) return String(integer - BigInt(Math.trunc(by)))
  if (text.trim() !== '' && !Number.isNaN(Number(text))) return String(Number(text) - by)
  throw new TributaryError({
    code: 'CURSOR_INVALID',
    recovery: 'fix-config',
    message: `A lag of ${lag} cannot be taken off the cursor value ${JSON.stringify(text.slice(0, 60))}: that needs timestamps, dates or numbers.`,
  })
}
