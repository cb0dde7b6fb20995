import type { Texts } from '@tributary/core'

/** Bytes of lines, until they are written. Grows for a line that is longer. */
export interface LineBuffer {
  bytes: Buffer
  view: DataView
  /** Where the next byte goes. */
  at: number
}

/**
 * Bytes are copied four at a time, which takes a third of the time. What is beyond the end in the last four, the bytes that follow
 * take the place of: so there is always room for them.
 */
const WORD = 4

export function createLineBuffer(size: number): LineBuffer {
  const bytes = Buffer.allocUnsafeSlow(size)
  return { bytes, view: viewOf(bytes), at: 0 }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Buffer): DataView => new DataView(buffer, byteOffset, byteLength)

/** Makes room for so many more bytes. */
export function reserve(lines: LineBuffer, length: number): void {
  if (lines.at + length + WORD > lines.bytes.length) grow(lines, length)
}

function grow(lines: LineBuffer, length: number): void {
  const larger = Buffer.allocUnsafeSlow(Math.max(lines.bytes.length * 2, lines.at + length + WORD))
  lines.bytes.copy(larger, 0, 0, lines.at)
  lines.bytes = larger
  lines.view = viewOf(larger)
}

/** Bytes that are the same in many lines. */
export interface Constant {
  readonly words: Int32Array
  readonly length: number
}

export function constantOf(text: string): Constant {
  const bytes = Buffer.from(text)
  const view = viewOf(Buffer.concat([bytes, Buffer.alloc(WORD)]))
  const words = Int32Array.from({ length: Math.ceil(bytes.length / WORD) }, (_, index) => view.getInt32(index * WORD, true))
  return { words, length: bytes.length }
}

export function putConstant(lines: LineBuffer, constant: Constant): void {
  reserve(lines, constant.length)
  setConstant(lines, constant)
}

/** There must be room. */
function setConstant(lines: LineBuffer, { words, length }: Constant): void {
  const { view, at } = lines
  for (let index = 0; index < words.length; index++) view.setInt32(at + index * WORD, words[index]!, true)
  lines.at = at + length
}

export function putByte(lines: LineBuffer, byte: number): void {
  reserve(lines, 1)
  lines.bytes[lines.at++] = byte
}

/** ASCII that is there as a string. */
export function putAscii(lines: LineBuffer, text: string): void {
  reserve(lines, text.length)
  lines.at += lines.bytes.write(text, lines.at, 'latin1')
}

/** Texts of a batch, to be read by words too. */
export interface TextSource extends Texts {
  readonly view: DataView
}

export const sourceOf = ({ bytes, offsets }: Texts): TextSource => ({ bytes, offsets, view: viewOf(bytes) })

/** The text of a row as it is. */
export function putRaw(lines: LineBuffer, { bytes, offsets }: Texts, row: number): void {
  const start = offsets[row]!
  const end = offsets[row + 1]!
  reserve(lines, end - start)
  bytes.copy(lines.bytes, lines.at, start, end)
  lines.at += end - start
}

/** The text of a row as `JSON.stringify` has it, without the quotes around it, between two constants. */
export function putText(lines: LineBuffer, before: Constant, source: TextSource, row: number, after: Constant): void {
  const end = source.offsets[row + 1]!
  let from = source.offsets[row]!
  reserve(lines, before.length + end - from + after.length)
  setConstant(lines, before)
  for (;;) {
    from = putPlain(lines, source, from, end)
    if (from === end) break
    putEscape(lines, ESCAPES[source.bytes[from]!]!)
    from++
    reserve(lines, end - from + after.length)
  }
  setConstant(lines, after)
}

/** The escape of every byte that cannot stand in a JSON string. */
const ESCAPES: readonly (string | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  const text = JSON.stringify(String.fromCharCode(byte)).slice(1, -1)
  return text.length > 1 ? text : undefined
})

function putEscape(lines: LineBuffer, text: string): void {
  reserve(lines, text.length)
  for (let index = 0; index < text.length; index++) lines.bytes[lines.at++] = text.charCodeAt(index)
}

const SPACES = 0x20202020
/** The bytes of a word that are a text's, where that has so many left. */
const OWN = [0, 0xff, 0xffff, 0xff_ffff]

/** Copies up to the first byte that has to be escaped; answers where that is, or the end. */
function putPlain(lines: LineBuffer, { bytes, view }: TextSource, start: number, end: number): number {
  const to = lines.view
  const shift = lines.at - start
  let from = start
  for (; from + WORD <= end; from += WORD) {
    const word = view.getInt32(from, true)
    if (hasEscape(word)) break
    to.setInt32(from + shift, word, true)
  }
  if (end - from < WORD && from + WORD <= bytes.length) {
    const word = view.getInt32(from, true)
    const own = OWN[end - from]!
    if (!hasEscape((word & own) | (SPACES & ~own))) {
      to.setInt32(from + shift, word, true)
      lines.at = end + shift
      return end
    }
  }
  while (from < end && ESCAPES[bytes[from]!] === undefined) {
    lines.bytes[from + shift] = bytes[from]!
    from++
  }
  lines.at = from + shift
  return from
}

const ONES = 0x01010101
const HIGHEST_BITS = 0x80808080 | 0
const QUOTES = 0x22222222
const BACKSLASHES = 0x5c5c5c5c

/**
 * Whether one of four bytes is below 0x20, a quote or a backslash. It subtracts from all of them at once: where a byte is smaller, its
 * highest bit is borrowed.
 */
const hasEscape = (word: number): boolean =>
  (((word - SPACES) | ((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES)) & ~word & HIGHEST_BITS) !== 0
