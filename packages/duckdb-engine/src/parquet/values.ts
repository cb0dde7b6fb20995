import { type CameBits, type ColumnVector, isValid, type Texts } from '@tributary/core'
import { DELTA_LENGTH_BYTE_ARRAY, type ParquetColumn } from './columns.ts'
import { varint, zigzag } from './thrift.ts'

// How values lie in a page: https://github.com/apache/parquet-format/blob/master/Encodings.md

/** The values of a column for the rows of a batch. */
export interface ColumnValues {
  /** One bit a row; undefined: all have a value. */
  readonly valid?: Uint32Array
  /** Bytes that the values of some rows take, where that differs from row to row. */
  bytesIn?(from: number, to: number): number
  /** The bytes of the values of those rows that have one: as they lie in memory, where that is how a page has them. */
  parts(rows: Rows): readonly Uint8Array[]
}

/** Rows of a batch: from a multiple of eight on. */
export interface Rows {
  readonly from: number
  readonly to: number
  /** How many of them have a value. */
  readonly count: number
}

/** The values of a batch's column. */
export function vectorValues(vector: ColumnVector): ColumnValues {
  const { valid } = vector
  switch (vector.kind) {
    case 'text':
      return { ...textValues(vector, valid), valid }
    case 'bytes': {
      const { values } = vector
      let known: Float64Array | undefined
      const ends = (): Float64Array => {
        known ??= endsOf(values, valid)
        return known
      }
      return {
        valid,
        bytesIn: (from, to) => ends()[to]! - ends()[from]!,
        parts: (rows) =>
          rowsWith(rows, valid).flatMap((row) => [bytesOf(Uint32Array.of(values[row]!.length), 0, 1), values[row]!]),
      }
    }
    case 'bool':
      return { valid, parts: (rows) => [packed(vector.values, rows, valid)] }
    default: {
      const { values } = vector
      return {
        valid,
        parts: (rows) => [isWhole(rows) ? bytesOf(values, rows.from, rows.to) : compacted(values, rows, valid)],
      }
    }
  }
}

/** The lengths of texts, and then their bytes, which lie one behind the other already. */
export const textValues = ({ bytes, offsets }: Texts, valid?: Uint32Array): ColumnValues => ({
  bytesIn: (from, to) => offsets[to]! - offsets[from]!,
  parts(rows) {
    const { from, to, count } = rows
    const lengths = createLengths(count)
    for (let row = from; row < to; row++)
      if (isWhole(rows) || isValid(valid!, row)) lengths.add(offsets[row + 1]! - offsets[row]!)
    const stretch = bytes.subarray(offsets[from], offsets[to])
    if (lengths.total() === stretch.length) return [...lengths.parts(), stretch]
    // Where a row has no value, something may stand that means nothing.
    const kept = rowsWith(rows, valid!).map((row) => bytes.subarray(offsets[row]!, offsets[row + 1]!))
    return [...lengths.parts(), Buffer.concat(kept)]
  },
})

export const numberValues = (values: Float64Array | Int32Array): ColumnValues => ({
  parts: ({ from, to }) => [bytesOf(values, from, to)],
})

export const flagValues = (bits: CameBits): ColumnValues => ({
  parts: ({ from, to }) => [bits === true ? new Uint8Array((to - from + 7) >>> 3).fill(255) : bitBytes(bits, from, to)],
})

/** One bit a row, as bytes. */
export const bitBytes = ({ buffer, byteOffset }: Uint32Array, from: number, to: number): Uint8Array =>
  new Uint8Array(buffer, byteOffset + from / 8, (to - from + 7) >>> 3)

/** Of a column that has none. */
export const noValues = ({ encoding }: ParquetColumn, rowCount: number): ColumnValues => ({
  valid: new Uint32Array((rowCount + 31) >>> 5),
  parts: () => (encoding === DELTA_LENGTH_BYTE_ARRAY ? createLengths(0).parts() : []),
})

type Numbers = BigInt64Array | Int32Array | Uint32Array | Float64Array

const isWhole = ({ from, to, count }: Rows): boolean => count === to - from

const bytesOf = ({ buffer, byteOffset, BYTES_PER_ELEMENT }: Numbers, from: number, to: number): Uint8Array =>
  new Uint8Array(buffer, byteOffset + from * BYTES_PER_ELEMENT, (to - from) * BYTES_PER_ELEMENT)

/** How many bytes the values before each row have, and all of them. */
function endsOf(values: readonly (Uint8Array | undefined)[], valid: Uint32Array): Float64Array {
  const ends = new Float64Array(values.length + 1)
  for (let row = 0; row < values.length; row++)
    ends[row + 1] = ends[row]! + (isValid(valid, row) ? (values[row]?.length ?? 0) : 0)
  return ends
}

function rowsWith({ from, to }: Rows, valid: Uint32Array): number[] {
  const rows: number[] = []
  for (let row = from; row < to; row++) if (isValid(valid, row)) rows.push(row)
  return rows
}

/** Without the rows that have no value. By words of 32 bits: a BigInt for each value would cost more than all the rest. */
function compacted(
  { buffer, byteOffset, BYTES_PER_ELEMENT }: Numbers,
  { from, to, count }: Rows,
  valid: Uint32Array,
): Uint8Array {
  const width = BYTES_PER_ELEMENT >>> 2
  const words = new Int32Array(buffer, byteOffset, to * width)
  const kept = new Int32Array(count * width)
  let next = 0
  for (let row = from; row < to; row++) {
    if (!isValid(valid, row)) continue
    for (let word = row * width; word < (row + 1) * width; word++) kept[next++] = words[word]!
  }
  return bytesOf(kept, 0, next)
}

function packed(values: Uint8Array, { from, to, count }: Rows, valid: Uint32Array): Uint8Array {
  const bits = new Uint8Array((count + 7) >>> 3)
  let next = 0
  for (let row = from; row < to; row++) {
    if (!isValid(valid, row)) continue
    if (values[row] !== 0) bits[next >>> 3]! |= 1 << (next & 7)
    next++
  }
  return bits
}

/** Values of a block of differences come in multiples of this. */
const BLOCK = 128
/** Bits of each difference: one of the widths that the encoding allows, and no work. */
const WIDTH = 32
/** Differences are kept above this. */
const LEAST = -(2 ** 31)

/** Lengths as differences from one to the next, in one block. */
function createLengths(count: number): { add(length: number): void; total(): number; parts(): Uint8Array[] } {
  const block = Math.max(1, Math.ceil((count - 1) / BLOCK)) * BLOCK
  const above = new Int32Array(count > 1 ? block : 0)
  let first = 0
  let last = 0
  let next = 0
  let total = 0
  return {
    add(length) {
      if (next === 0) first = length
      // `LEAST` is the highest bit, so to take it off is to turn that bit.
      else above[next - 1] = (length - last) ^ LEAST
      last = length
      next++
      total += length
    },
    total: () => total,
    parts() {
      const head = [...varint(block), 1, ...varint(count), ...zigzag(first)]
      if (count <= 1) return [Uint8Array.from(head)]
      return [Uint8Array.from([...head, ...zigzag(LEAST), WIDTH]), bytesOf(above, 0, above.length)]
    },
  }
}
