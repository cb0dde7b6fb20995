import { type ColumnType, type ColumnVector, isValid } from '@tributary/core'

const DAY = 86_400_000_000n

/** Writes a value of a column as JSON text; `undefined` where there is none. */
export type ValueEncoder = (row: number) => string | undefined

export function valueEncoder(type: ColumnType, vector: ColumnVector): ValueEncoder {
  const encode = encoder(type, vector)
  const { valid } = vector
  return (row) => (isValid(valid, row) ? encode(row) : undefined)
}

function encoder(type: ColumnType, vector: ColumnVector): (row: number) => string {
  switch (vector.kind) {
    case 'bool': {
      const { values } = vector
      return (row) => (values[row] === 0 ? 'false' : 'true')
    }
    case 'int64': {
      const { values } = vector
      if (type === 'timestamp') return (row) => `"${instantText(values[row]!)}"`
      if (type === 'time') return (row) => `"${clockText(values[row]!)}"`
      return (row) => String(values[row]!)
    }
    case 'int32': {
      const { values } = vector
      return (row) => `"${dateText(values[row]!)}"`
    }
    case 'float64': {
      const { values } = vector
      return (row) => numberText(values[row]!)
    }
    case 'bytes': {
      const { values } = vector
      return (row) => `"${Buffer.from(values[row]!).toString('base64')}"`
    }
    case 'text': {
      const { values } = vector
      // In JSON text, a line end can only stand between tokens.
      if (type === 'json') return (row) => values[row]!.replaceAll(/[\n\r]/g, ' ')
      return (row) => JSON.stringify(values[row]!)
    }
  }
}

/** JSON text of a double. JSON has no infinities; a number too large for a double reads as one. */
function numberText(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value)
  return value > 0 ? '1e999' : '-1e999'
}

/** ISO 8601 in UTC, with as many digits of a second as there are. */
function instantText(micros: bigint): string {
  const days = floorDivide(micros, DAY)
  return `${dateText(Number(days))}T${clockText(micros - days * DAY)}Z`
}

function clockText(micros: bigint): string {
  const total = Number(micros)
  const seconds = Math.floor(total / 1_000_000)
  const fraction = total % 1_000_000
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) =>
    String(part).padStart(2, '0'),
  )
  return clock.join(':') + (fraction === 0 ? '' : `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`)
}

/** Days since 1970 as `YYYY-MM-DD`; years beyond four digits with a sign and six, as ISO 8601 has it. */
function dateText(days: number): string {
  const date = new Date(days * 86_400_000)
  if (!Number.isNaN(date.getTime())) return date.toISOString().split('T', 1)[0]!
  // Beyond what a Date can be, the calendar repeats every 400 years, which are 146 097 days.
  const cycles = Math.trunc(days / 146_097)
  const near = new Date((days - cycles * 146_097) * 86_400_000)
  const year = near.getUTCFullYear() + cycles * 400
  const sign = year < 0 ? '-' : '+'
  return `${sign}${String(Math.abs(year)).padStart(6, '0')}${near.toISOString().slice(-20, -14)}`
}

const floorDivide = (value: bigint, by: bigint): bigint => (value >= 0n ? value / by : -((by - 1n - value) / by))
