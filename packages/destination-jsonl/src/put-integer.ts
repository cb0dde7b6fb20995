import { type LineBuffer, putAscii, reserve } from './line-buffer.ts'

/** Digits are taken from whole numbers of 32 bits, which these are below. */
const GROUP = 1e9
const GROUP_DIGITS = 9
/** Of a safe integer, with its sign. */
const MOST_DIGITS = 17
const MINUS = 0x2d
const ZERO = 0x30

/** The two digits of each number below 100, as they lie in memory. */
const PAIRS = Uint16Array.from({ length: 100 }, (_, pair) => ZERO + Math.floor(pair / 10) + ((ZERO + (pair % 10)) << 8))

/** The two digits of a number below 100. There must be room. */
export const setPair = (view: DataView, at: number, pair: number): void => view.setUint16(at, PAIRS[pair]!, true)

/** A safe integer; the zero below zero has no sign. */
export function putInteger(lines: LineBuffer, value: number): void {
  reserve(lines, MOST_DIGITS)
  let rest = value
  if (rest < 0) {
    lines.bytes[lines.at++] = MINUS
    rest = -rest
  }
  if (rest < GROUP) {
    putDigits(lines, rest, digitsOf(rest))
  } else {
    const groups = Math.floor(rest / GROUP)
    putDigits(lines, groups, digitsOf(groups))
    putDigits(lines, rest - groups * GROUP, GROUP_DIGITS)
  }
}

/** The last digits of a whole number of 32 bits, and zeros before them. There must be room. */
export function putDigits(lines: LineBuffer, value: number, count: number): void {
  const { view, at } = lines
  let rest = value | 0
  let place = at + count
  while (place - at >= 2) {
    const hundreds = (rest / 100) | 0
    place -= 2
    setPair(view, place, rest - hundreds * 100)
    rest = hundreds
  }
  if (place > at) view.setUint8(at, ZERO + (rest % 10))
  lines.at = at + count
}

/** Of a number of less than `GROUP`. */
function digitsOf(value: number): number {
  if (value < 100) return value < 10 ? 1 : 2
  if (value < 10_000) return value < 1000 ? 3 : 4
  if (value < 1_000_000) return value < 100_000 ? 5 : 6
  if (value < 100_000_000) return value < 10_000_000 ? 7 : 8
  return 9
}

/** Integers of 64 bits, whose halves are read: a `bigint` made of each of them takes several times as long. */
export interface Int64Source {
  readonly values: BigInt64Array
  /** The low half of each value and then its high one, as the processors that Node runs on lay them out. */
  readonly halves: Int32Array
}

export function int64Source(values: BigInt64Array): Int64Source {
  return { values, halves: new Int32Array(values.buffer, values.byteOffset, values.length * 2) }
}

const TWO_TO_32 = 2 ** 32

/** The value of a row where that is a safe integer; otherwise some number that is none. */
export const numberAt = ({ halves }: Int64Source, row: number): number =>
  halves[row * 2 + 1]! * TWO_TO_32 + (halves[row * 2]! >>> 0)

export function putInt64(lines: LineBuffer, source: Int64Source, row: number): void {
  const value = numberAt(source, row)
  if (Number.isSafeInteger(value)) putInteger(lines, value)
  else putAscii(lines, String(source.values[row]!))
}
