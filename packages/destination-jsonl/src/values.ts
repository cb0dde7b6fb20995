import { type ColumnType, type ColumnVector, formatDate, formatInstant, formatTime, isValid } from '@tributary/core'

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
      if (type === 'timestamp') return (row) => `"${formatInstant(values[row]!)}"`
      if (type === 'time') return (row) => `"${formatTime(values[row]!)}"`
      return (row) => String(values[row]!)
    }
    case 'int32': {
      const { values } = vector
      return (row) => `"${formatDate(values[row]!)}"`
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
