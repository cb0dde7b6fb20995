import { type Texts, textAt, textsOf } from '@tributary/core'

/** What stands where there is no text, and before and behind all of them. */
const GARBAGE = 'means nothing'
/** Behind the offsets of the rows, where they mean nothing. */
const GARBAGE_OFFSETS = [0xffff_ffff, 0, 77]

/**
 * Texts as a batch may have them: they do not begin at the first byte, and there are more bytes and more offsets than the rows need.
 * Whatever is not the text of a row must never be read: a destination that does read it shows it.
 */
export function hostileTexts(values: readonly (string | undefined)[]): Texts {
  const laidOut = textsOf([GARBAGE, ...values.map((value) => value ?? GARBAGE), GARBAGE])
  return {
    bytes: laidOut.bytes.subarray(0, laidOut.offsets.at(-1)),
    offsets: Uint32Array.from([...laidOut.offsets.subarray(1, values.length + 2), ...GARBAGE_OFFSETS]),
  }
}

/** The texts of the rows of a batch. */
export const textsIn = (texts: Texts, rowCount: number): string[] =>
  Array.from({ length: rowCount }, (_, row) => textAt(texts, row))
