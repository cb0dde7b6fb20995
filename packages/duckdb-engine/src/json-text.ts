import type { Texts } from '@tributary/core'

/** An escape of half of a surrogate pair; `JSON.stringify` writes whole pairs as they are. Two backslashes before it are one of the text. */
const HALF_PAIR = /(?<=(?:^|[^\\])(?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/gi
const ESCAPE = Buffer.from('\\ud')

/**
 * JSON text as DuckDB's type JSON takes it: it refuses half of a surrogate pair, which APIs do send. U+FFFD stands in its place, as it
 * does where a text is written in UTF-8. `text`: as `JSON.stringify` writes it.
 */
const storableJson = (text: string): string => text.replaceAll(HALF_PAIR, '\ufffd')

/** JSON texts of a column as DuckDB's type JSON takes them. Few have what it refuses, and a search for it is all that others cost. */
export function storableTexts(texts: Texts, rowCount: number): Texts {
  const { bytes, offsets } = texts
  const used = bytes.subarray(0, offsets[rowCount])
  let found = used.indexOf(ESCAPE, offsets[0])
  if (found < 0) return texts
  const pieces: Buffer[] = []
  const shifted = new Uint32Array(rowCount + 1)
  let copied = offsets[0]!
  let length = 0
  const push = (piece: Buffer): void => {
    pieces.push(piece)
    length += piece.length
  }
  for (let row = 0; row < rowCount; row++) {
    const [start, end] = [offsets[row]!, offsets[row + 1]!]
    if (found >= 0 && found < end) {
      push(bytes.subarray(copied, start))
      push(Buffer.from(storableJson(bytes.toString('utf8', start, end))))
      copied = end
      found = used.indexOf(ESCAPE, end)
    }
    shifted[row + 1] = length + end - copied
  }
  push(used.subarray(copied))
  return { bytes: Buffer.concat(pieces), offsets: shifted }
}
