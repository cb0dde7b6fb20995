import { type Field, putInt64 } from './row-buffer.ts'
import type { Note } from './storable.ts'

/** 2000-01-01, from which PostgreSQL counts. */
export const EPOCH_DAYS = 10_957

/** 2000-01-01 in microseconds since 1970; the first of PostgreSQL's instants, 4714-11-24 BC, since 2000; `-infinity`. */
const [EPOCH_LOW, EPOCH_HIGH] = halvesOf(BigInt(EPOCH_DAYS) * 86_400_000_000n)
const [FIRST_LOW, FIRST_HIGH] = halvesOf(-211_813_488_000_000_000n)
const [MINUS_INFINITY_LOW, MINUS_INFINITY_HIGH] = halvesOf(-(2n ** 63n))

/** The halves of the values are copied: a `bigint` made of each of them takes several times as long. */
export function int64Field(values: BigInt64Array): Field {
  const halves = wordsOf(values)
  return (rows, row) => putInt64(rows, halves[row * 2 + 1]!, halves[row * 2]!)
}

/** Of microseconds since 1970. The halves are subtracted one after the other, so that every value stays exact. */
export function instantField(values: BigInt64Array, note: Note): Field {
  const halves = wordsOf(values)
  return (rows, row) => {
    const low = halves[row * 2]! - EPOCH_LOW
    const borrowed = low < 0 ? 1 : 0
    const high = (halves[row * 2 + 1]! | 0) - EPOCH_HIGH - borrowed
    if (high > FIRST_HIGH || (high === FIRST_HIGH && low >>> 0 >= FIRST_LOW)) {
      putInt64(rows, high, low)
    } else {
      note('early')
      putInt64(rows, MINUS_INFINITY_HIGH, MINUS_INFINITY_LOW)
    }
  }
}

/** The low half of each value and then its high one, as the processors that Node runs on lay them out. */
const wordsOf = ({ buffer, byteOffset, length }: BigInt64Array): Uint32Array => new Uint32Array(buffer, byteOffset, length * 2)

function halvesOf(value: bigint): readonly [low: number, high: number] {
  return [Number(BigInt.asUintN(32, value)), Number(value >> 32n)]
}
