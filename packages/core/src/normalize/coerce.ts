import { stringifyJson } from '../http/json.ts'
import type { JsonValue } from '../http/request.ts'
import type { ColumnType } from '../load/schema.ts'
import { parseDate, parseInstant, parseTime } from './instant.ts'

// What each column type takes of a JSON value: all that loses nothing. `undefined`: it does not fit.

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n

export const isInt64 = (value: bigint): boolean => value >= INT64_MIN && value <= INT64_MAX

/** Numbers without a fraction, and their text. */
export function toInteger(value: unknown): number | bigint | undefined {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return value
    return Number.isInteger(value) ? BigInt(value) : undefined
  }
  if (typeof value === 'bigint') return value
  if (typeof value !== 'string' || !/^[+-]?\d+(?:\.0*)?$/.test(value)) return undefined
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : BigInt(value.replace(/\..*$/, '').replace(/^\+/, ''))
}

/** Numbers and numeric text; not an integer whose digits a double cannot hold. */
export function toDouble(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isFinite(number) && BigInt(number) === value ? number : undefined
  }
  if (typeof value !== 'string' || !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value)) return undefined
  const number = Number(value)
  if (!Number.isFinite(number)) return undefined
  return /^[+-]?\d+$/.test(value) && !Number.isSafeInteger(number) ? toDouble(BigInt(value.replace(/^\+/, ''))) : number
}

const BOOL_TEXTS = new Map([
  ...['true', 'yes', 'y', 't', '1', 'on'].map((text) => [text, 1] as const),
  ...['false', 'no', 'n', 'f', '0', 'off'].map((text) => [text, 0] as const),
])

/** Booleans, 0 and 1, and yes/no text. */
export function toBool(value: unknown): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value === 0 || value === 1) return value
  return typeof value === 'string' ? BOOL_TEXTS.get(value.trim().toLowerCase()) : undefined
}

/** Everything that is not an object or a list. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'object' ? undefined : String(value)
}

const MAXIMUM_MICROS = 253_402_300_799_999_999n
const MINIMUM_MICROS = -62_135_596_800_000_000n

/** Microseconds of a timestamp or date text, or of an epoch: without `epoch`, seconds below 10^11 and milliseconds from there. */
export function toMicros(value: unknown, epoch?: 'seconds' | 'milliseconds'): number | bigint | undefined {
  if (typeof value === 'string') {
    if (epoch === undefined) return parseInstant(value) ?? midnight(value)
    const number = toDouble(value)
    return number === undefined ? parseInstant(value) : epochMicros(number, epoch)
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  return epochMicros(value, epoch ?? (Math.abs(value) < 1e11 ? 'seconds' : 'milliseconds'))
}

function midnight(text: string): number | bigint | undefined {
  return parseDate(text) === undefined ? undefined : parseInstant(`${text}T00:00:00Z`)
}

function epochMicros(value: number, epoch: 'seconds' | 'milliseconds'): number | bigint | undefined {
  const micros = Math.round(value * (epoch === 'seconds' ? 1_000_000 : 1000))
  if (Number.isSafeInteger(micros)) return micros
  const exact = BigInt(micros)
  return exact >= MINIMUM_MICROS && exact <= MAXIMUM_MICROS ? exact : undefined
}

/** Days since 1970 of a date, or of a timestamp at midnight UTC. */
export function toDays(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const days = parseDate(value)
  if (days !== undefined) return days
  const micros = parseInstant(value)
  return micros !== undefined && BigInt(micros) % 86_400_000_000n === 0n ? Number(BigInt(micros) / 86_400_000_000n) : undefined
}

export const toTimeMicros = (value: unknown): number | undefined => (typeof value === 'string' ? parseTime(value) : undefined)

/** Plain decimal text with at most `scale` digits after the point and `precision` in all; never rounded. */
export function toDecimalText(value: unknown, precision: number, scale: number): string | undefined {
  if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'string') return undefined
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(String(value))
  if (match === null || (match[2] === '' && (match[3] ?? '') === '')) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  const integer = (point <= 0 ? '' : digits.slice(0, point).padEnd(point, '0')).replace(/^0+/, '')
  const rest = (point < 0 ? '0'.repeat(-point) + digits : digits.slice(point)).replace(/0+$/, '')
  if (integer.length > precision - scale || rest.length > scale) return undefined
  const text = (integer === '' ? '0' : integer) + (rest === '' ? '' : `.${rest}`)
  return sign === '-' && text !== '0' ? `-${text}` : text
}

export const toJsonText = (value: unknown): string => stringifyJson(value as JsonValue)

export function toUuid(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  return /^[\da-f]{8}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{12}$/i.test(value)
    ? value
        .toLowerCase()
        .replaceAll('-', '')
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    : undefined
}

export function toBinary(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string' || value.length % 4 === 1 || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) return undefined
  return Uint8Array.from(Buffer.from(value, 'base64'))
}

/** The column type that a value makes where nothing is declared; `undefined` for objects, lists and null. */
export function inferType(value: unknown): ColumnType | undefined {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? 'bigint' : 'double'
    case 'bigint':
      return isInt64(value) ? 'bigint' : toDecimalText(value, 38, 0) === undefined ? 'text' : 'decimal'
    case 'boolean':
      return 'bool'
    case 'string':
      return looksLikeInstant(value) ? 'timestamp' : 'text'
    default:
      return undefined
  }
}

function looksLikeInstant(text: string): boolean {
  const first = text.charCodeAt(0)
  return first >= 48 && first <= 57 && text.length >= 16 && text.length <= 40 && parseInstant(text) !== undefined
}
