import { readFileSync, statSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { readLineBytes, readLines } from '@tributary/file-dataset'

const LINE_FEED = 0x0a
/** Bytes of a file that is read at once. */
const SMALL = 1 << 16
/** Bytes that it may unpack to. */
const UNPACKED = 1 << 20

/**
 * Lines of a file, as `readLines` gives them. A table may have many files of a few rows, from many loads: a stream, with a
 * large buffer, for each of them costs a hundred times what reading them does.
 */
export async function* readLinesAtOnce(path: string): AsyncGenerator<string[]> {
  const bytes = smallFile(path)
  if (bytes === undefined) {
    yield* readLines(path)
    return
  }
  const lines = bytes.toString().split('\n')
  if (lines.at(-1) === '') lines.pop()
  if (lines.length > 0) yield lines
}

/** Whole lines as bytes, as `readLineBytes` gives them. */
export async function* readLineBytesAtOnce(path: string): AsyncGenerator<Buffer> {
  const bytes = smallFile(path)
  if (bytes === undefined || (bytes.length > 0 && bytes.at(-1) !== LINE_FEED)) yield* readLineBytes(path)
  else if (bytes.length > 0) yield bytes
}

function smallFile(path: string): Buffer | undefined {
  if (statSync(path).size > SMALL) return undefined
  const bytes = readFileSync(path)
  return path.endsWith('.gz') ? unpacked(bytes) : bytes
}

/** `undefined` where that is too large to be read at once, or no file of that kind: reading it then says so. */
function unpacked(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: UNPACKED })
  } catch {
    return undefined
  }
}
