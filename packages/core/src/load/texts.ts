/**
 * Texts, one behind the other in UTF-8: that of `row` goes from `offsets[row]` to `offsets[row + 1]`, as in Arrow's layout of strings.
 * Offsets never decrease; what lies behind the last of them means nothing.
 */
export interface Texts {
  readonly bytes: Buffer
  /** One more than there are rows. */
  readonly offsets: Uint32Array
}

/** The text of a row. */
export const textAt = ({ bytes, offsets }: Texts, row: number): string => bytes.toString('utf8', offsets[row]!, offsets[row + 1]!)

/** Texts from strings; where there is none, the empty text stands. Half of a surrogate pair becomes U+FFFD. */
export function textsOf(values: readonly (string | undefined)[]): Texts {
  const builder = new TextBuilder(values.length)
  for (const [row, value] of values.entries()) if (value !== undefined) builder.set(row, value)
  return builder.take(values.length, 0)
}

/** Up to this length, a loop here is faster than a call into the engine. */
const SHORT = 32
/** From this length on, room is made for what a text takes, not for the most that it may take. */
const LONG = 65_536
/** Bytes that a UTF-16 code unit can take in UTF-8. */
const MOST_BYTES = 3
const FIRST_BYTES_PER_ROW = 8

const SPACE = 0x20
const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Lays out texts row by row. Rows come in order; the last one may be written again. */
export class TextBuilder {
  /** Whether, since the last `take`, half of a surrogate pair became U+FFFD in some text: no text in UTF-8 can have it. */
  hadHalfPair = false
  private bytes: Buffer
  private offsets: Uint32Array
  /** Rows whose end is known. */
  private rows = 0

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity * FIRST_BYTES_PER_ROW)
    this.offsets = new Uint32Array(capacity + 1)
  }

  set(row: number, text: string): void {
    const from = this.begin(row, text.length > LONG ? Buffer.byteLength(text) : text.length * MOST_BYTES)
    const to = writeText(this.bytes, text, from)
    if (to - from > text.length && !isWellFormed(text)) this.hadHalfPair = true
    this.end(row, to)
  }

  /** A text that is there in UTF-8. */
  setBytes(row: number, source: Uint8Array, start: number, end: number): void {
    const from = this.begin(row, end - start)
    copyBytes(source, start, end, this.bytes, from)
    this.end(row, from + end - start)
  }

  /**
   * The text of a JSON string that has neither escapes nor control characters, from behind its quote on. Answers where its closing quote
   * is; -1: it has some, or there is no end, and nothing was written.
   */
  setPlain(row: number, source: Uint8Array, start: number): number {
    let to = this.begin(row, SHORT)
    const { bytes } = this
    const most = start + SHORT
    let at = start
    let byte = source[at]!
    while (byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH && at < most) {
      bytes[to++] = byte
      byte = source[++at]!
    }
    if (byte === QUOTE) {
      this.end(row, to)
      return at
    }
    // A long one is copied as a whole.
    while (byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH) byte = source[++at]!
    if (byte !== QUOTE) return -1
    this.setBytes(row, source, start, at)
    return at
  }

  /** A text of another builder, what follows it, and a safe integer. */
  setJoined(row: number, first: TextBuilder, firstRow: number, infix: Uint8Array, number: number): void {
    const start = first.offsets[firstRow]!
    const end = first.offsets[firstRow + 1]!
    const from = this.begin(row, end - start + infix.length + MOST_DIGITS)
    copyBytes(first.bytes, start, end, this.bytes, from)
    const middle = from + end - start
    copyBytes(infix, 0, infix.length, this.bytes, middle)
    this.end(row, writeInteger(this.bytes, number, middle + infix.length))
  }

  /** The text of a safe integer. */
  setInteger(row: number, number: number): void {
    const from = this.begin(row, MOST_DIGITS)
    this.end(row, writeInteger(this.bytes, number, from))
  }

  /** The first `count` texts of another builder, from row `at` on. */
  append(other: TextBuilder, count: number, at: number): void {
    other.fill(count)
    const length = other.offsets[count]!
    const from = this.begin(at, length)
    other.bytes.copy(this.bytes, from, 0, length)
    for (let row = 1; row <= count; row++) this.offsets[at + row] = from + other.offsets[row]!
    this.rows = at + count
    this.hadHalfPair ||= other.hadHalfPair
  }

  /** One text of another builder. */
  copy(other: TextBuilder, row: number, to: number): void {
    this.hadHalfPair ||= other.hadHalfPair
    this.setBytes(to, other.bytes, other.offsets[row]!, other.offsets[row + 1]!)
  }

  textAt(row: number): string {
    return textAt(this.view(), row)
  }

  /** The texts so far, until the next change. */
  view(): Texts {
    const { bytes, offsets } = this
    return { bytes, offsets }
  }

  /** Forgets the texts from `row` on. */
  dropFrom(row: number): void {
    if (row < this.rows) this.rows = row
  }

  reset(): void {
    this.rows = 0
    this.hadHalfPair = false
  }

  grow(capacity: number): void {
    const grown = new Uint32Array(capacity + 1)
    grown.set(this.offsets)
    this.offsets = grown
  }

  /** Hands over the texts of so many rows, and starts afresh with room for `capacity`. */
  take(rowCount: number, capacity: number): Texts {
    this.fill(rowCount)
    const taken = this.view()
    // The next texts are likely to be as long as these.
    this.bytes = Buffer.allocUnsafeSlow(capacity === 0 ? 0 : taken.offsets[rowCount]! + capacity)
    this.offsets = new Uint32Array(capacity + 1)
    this.reset()
    return taken
  }

  /** Where the text of a row begins, with room for so many bytes. */
  private begin(row: number, length: number): number {
    if (row < this.rows) this.rows = row
    else this.fill(row)
    const from = this.offsets[row]!
    if (from + length > this.bytes.length) this.reserve(from, length)
    return from
  }

  private end(row: number, to: number): void {
    this.offsets[row + 1] = to
    this.rows = row + 1
  }

  /** Rows before `row` that have no text. */
  private fill(row: number): void {
    const { offsets } = this
    while (this.rows < row) {
      this.rows++
      offsets[this.rows] = offsets[this.rows - 1]!
    }
  }

  private reserve(used: number, length: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, used + length))
    this.bytes.copy(larger, 0, 0, used)
    this.bytes = larger
  }
}

/** Of a safe integer, with its sign. */
const MOST_DIGITS = 17

/** Answers where the text has ended. */
function writeText(bytes: Buffer, text: string, from: number): number {
  const { length } = text
  if (length > SHORT) return from + bytes.write(text, from)
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index)
    if (code > 127) return from + bytes.write(text, from)
    bytes[from + index] = code
  }
  return from + length
}

/** Answers where the text has ended. */
function writeInteger(bytes: Buffer, number: number, from: number): number {
  let rest = number
  let at = from
  if (rest < 0) {
    bytes[at++] = 45
    rest = -rest
  }
  let end = at + 1
  for (let power = 10; power <= rest; power *= 10) end++
  for (let place = end - 1; place >= at; place--) {
    const quotient = Math.floor(rest / 10)
    bytes[place] = 48 + (rest - quotient * 10)
    rest = quotient
  }
  return end
}

function copyBytes(source: Uint8Array, start: number, end: number, bytes: Buffer, to: number): void {
  if (end - start > SHORT) bytes.set(source.subarray(start, end), to)
  else for (let at = start; at < end; at++) bytes[to + at - start] = source[at]!
}

/** Whether no half of a surrogate pair is in a text. Of ES2024, and in Node from 20 on. */
export const isWellFormed = (text: string): boolean => (text as string & { isWellFormed(): boolean }).isWellFormed()
