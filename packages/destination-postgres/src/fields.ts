import { type Came, type CameBits, type Column, type ColumnVector, isValid } from '@tributary/core'
import { EPOCH_DAYS, instantField, int64Field } from './int64-fields.ts'
import { putNumeric } from './numeric.ts'
import { type Field, putBool, putBytes, putDouble, putInt32, putInt64, putNull, putUuid } from './row-buffer.ts'
import type { Note } from './storable.ts'
import { jsonField, textField } from './text-fields.ts'

/** 4714-11-24 BC, its first day; and the day after its last. */
const FIRST_DAY = -2_451_545
const END_DAY = 2_145_031_949
const INFINITE_DAY = 0x7fff_ffff
const MINUS_INFINITE_DAY = -0x8000_0000

/** The field of a column, as the binary format of its type has it. */
export function fieldOf(column: Pick<Column, 'type'>, vector: ColumnVector, rowCount: number, note: Note): Field {
  const write = valueField(column, vector, rowCount, note)
  const { valid } = vector
  return (rows, row) => {
    if (isValid(valid, row)) write(rows, row)
    else putNull(rows)
  }
}

function valueField({ type }: Pick<Column, 'type'>, vector: ColumnVector, rowCount: number, note: Note): Field {
  switch (vector.kind) {
    case 'int64':
      return type === 'timestamp' ? instantField(vector.values, note) : int64Field(vector.values)
    case 'int32': {
      const { values } = vector
      return (rows, row) => putInt32(rows, day(values[row]!, note))
    }
    case 'float64': {
      const { values } = vector
      return (rows, row) => putDouble(rows, values[row]!)
    }
    case 'bool': {
      const { values } = vector
      return (rows, row) => putBool(rows, values[row] === 1)
    }
    case 'bytes': {
      const { values } = vector
      return (rows, row) => putBytes(rows, values[row]!)
    }
    case 'text': {
      const { bytes, offsets } = vector
      if (type === 'decimal') return (rows, row) => putNumeric(rows, bytes, offsets[row]!, offsets[row + 1]!)
      if (type === 'uuid') return (rows, row) => putUuid(rows, bytes, offsets[row]!, offsets[row + 1]!)
      return type === 'json' ? jsonField(vector, rowCount, note) : textField(vector, rowCount, note)
    }
  }
}

/** Numbers of 32 bits, as `bigint`. */
export const numberField =
  (values: Int32Array): Field =>
  (rows, row) =>
    putInt64(rows, values[row]! >> 31, values[row]!)

export const doubleField =
  (values: Float64Array): Field =>
  (rows, row) =>
    putDouble(rows, values[row]!)

/**
 * Which fields each record had, one bit for each position: those of the batch's columns, and of its lists by child table. As a
 * `bit varying`: the number of the bits, and then the bits, highest first in each byte.
 */
export function cameField(came: Came, columns: readonly number[], lists: ReadonlyMap<string, number>): Field {
  const all: (readonly [position: number, bits: CameBits])[] = [
    ...columns.map((position, index) => [position, came.columns[index]!] as const),
    ...[...came.children].map(([name, bits]) => [lists.get(name)!, bits] as const),
  ]
  const length = all.reduce((longest, [position]) => Math.max(longest, position + 1), 0)
  const value = new Uint8Array(4 + Math.ceil(length / 8))
  new DataView(value.buffer).setInt32(0, length)
  const bytes = value.subarray(4)
  return (rows, row) => {
    bytes.fill(0)
    for (const [position, bits] of all) {
      if (bits === true || isValid(bits, row)) bytes[position >>> 3]! |= 0x80 >>> (position & 7)
    }
    putBytes(rows, value)
  }
}

function day(days: number, note: Note): number {
  const since2000 = days - EPOCH_DAYS
  if (since2000 >= FIRST_DAY && since2000 < END_DAY) return since2000
  note(since2000 < 0 ? 'early' : 'late')
  return since2000 < 0 ? MINUS_INFINITE_DAY : INFINITE_DAY
}
