import type { Column, ColumnVector } from '@tributary/core'
import { parseDate, parseInstant, parseTime } from '../values/instant.ts'
import { hostileTexts } from './texts-of.ts'

/** Rows that every vector is longer by than the batch, as its readers must expect. */
const SLACK = 3

/**
 * The vector of a column. Where there is no value, and beyond the last row, stands something that must never be read:
 * a destination that does read it shows it.
 */
export function vectorOf(column: Column, values: readonly unknown[]): ColumnVector {
  const capacity = values.length + SLACK
  const valid = new Uint32Array((capacity + 31) >>> 5).fill(0)
  // Beyond the last row the bits mean nothing either.
  for (let row = 0; row < capacity; row++) {
    if (row >= values.length || hasValue(values[row])) valid[row >>> 5]! |= 1 << (row & 31)
  }
  const fill = <T>(garbage: T, convert: (value: unknown) => T): T[] =>
    Array.from({ length: capacity }, (_, row) => (hasValue(values[row]) ? convert(values[row]) : garbage))

  switch (column.type) {
    case 'bigint':
      return { kind: 'int64', values: BigInt64Array.from(fill(-77n, (value) => BigInt(value as number | bigint))), valid }
    case 'timestamp':
      return { kind: 'int64', values: BigInt64Array.from(fill(77n, (value) => parseInstant(value as string))), valid }
    case 'time':
      return { kind: 'int64', values: BigInt64Array.from(fill(77n, (value) => parseTime(value as string))), valid }
    case 'date':
      return { kind: 'int32', values: Int32Array.from(fill(77, (value) => parseDate(value as string))), valid }
    case 'double':
      return { kind: 'float64', values: Float64Array.from(fill(Number.NaN, Number)), valid }
    case 'bool':
      return { kind: 'bool', values: Uint8Array.from(fill(1, (value) => (value === true ? 1 : 0))), valid }
    case 'binary':
      return {
        kind: 'bytes',
        values: fill<Uint8Array>(Uint8Array.of(77), (value) => Uint8Array.from(value as Uint8Array)),
        valid,
      }
    case 'text':
    case 'decimal':
    case 'json':
    case 'uuid':
      return { kind: 'text', ...hostileTexts(values.map((value) => (hasValue(value) ? String(value) : undefined))), valid }
  }
}

const hasValue = (value: unknown): boolean => value !== null && value !== undefined
