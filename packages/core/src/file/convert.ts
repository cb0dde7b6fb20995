import { TributaryError } from '../errors.ts'
import type { CursorValue } from '../extract/incremental.ts'
import type { ParamValue } from '../http/request.ts'
import { formatDate, formatInstant } from '../normalize/format-instant.ts'
import { parseDate, parseInstant } from '../normalize/instant.ts'

const MICROS_PER_SECOND = 1_000_000n
const MICROS_PER_DAY = 86_400_000_000n

/** How a file says that a cursor's value is written in the request, by name. */
const CONVERT: Readonly<Record<string, (micros: bigint) => ParamValue>> = {
  epoch_seconds: (micros) => Number(floor(micros, MICROS_PER_SECOND)),
  epoch_milliseconds: (micros) => Number(floor(micros, 1000n)),
  date: (micros) => formatDate(Number(floor(micros, MICROS_PER_DAY))),
  iso: formatInstant,
}

export const CONVERSIONS: readonly string[] = Object.keys(CONVERT)

/**
 * The conversion of that name: for values that are ISO 8601 dates or instants, or seconds, milliseconds or microseconds
 * since 1970, in text too. What is finer than the form is cut off. Throws `CURSOR_INVALID` for any other value.
 */
export function conversion(name: string): (value: CursorValue) => ParamValue {
  const write = CONVERT[name]!
  return (value) => {
    const micros = toMicros(value)
    if (micros !== undefined) return write(micros)
    throw new TributaryError({
      code: 'CURSOR_INVALID',
      recovery: 'fix-config',
      message: `The cursor value ${JSON.stringify(String(value).slice(0, 60))} cannot be written as ${name}: it is neither an ISO 8601 date or time nor seconds since 1970. Take convert out of incremental.`,
    })
  }
}

function toMicros(value: CursorValue): bigint | undefined {
  const text = String(value)
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return fromEpoch(text)
  const days = parseDate(text)
  if (days !== undefined) return BigInt(days) * MICROS_PER_DAY
  const instant = parseInstant(text)
  return instant === undefined ? undefined : BigInt(instant)
}

/** Up to 10^11 they are seconds (until the year 5138), up to 10^14 milliseconds, beyond it microseconds. */
function fromEpoch(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.')
  const size = BigInt(whole.replace('-', ''))
  const digits = size < 100_000_000_000n ? 6 : size < 100_000_000_000_000n ? 3 : 0
  return BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'))
}

/** Division that rounds down, also below 0. */
function floor(value: bigint, by: bigint): bigint {
  const rest = ((value % by) + by) % by
  return (value - rest) / by
}
