import { appendFileSync } from 'node:fs'

/** Text for a file that grows, of which some is kept back until it is worth a write. */
export interface TextAppender {
  add(text: string): void
  flush(): void
}

/** Bytes that a UTF-16 code unit can take in UTF-8. */
const MOST_BYTES = 3

/**
 * `held`: bytes to keep back, in one piece, so that no text is kept that grows old. Writes at once, since those who add do so
 * in the middle of a row.
 */
export function createTextAppender(path: string, held: number): TextAppender {
  let buffer: Buffer | undefined
  let length = 0
  const flush = (): void => {
    if (length > 0) appendFileSync(path, buffer!.subarray(0, length))
    length = 0
  }
  return {
    add(text) {
      const most = text.length * MOST_BYTES
      if (length + most > held) flush()
      if (most > held) return appendFileSync(path, text)
      buffer ??= Buffer.allocUnsafeSlow(held)
      length += buffer.write(text, length)
    },
    flush,
  }
}
