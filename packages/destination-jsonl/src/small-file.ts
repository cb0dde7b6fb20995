import { readFileSync, statSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { readLines } from '@tributary/file-dataset'

/** Bytes of a file that is read at once. */
const SMALL = 1 << 16
/** Bytes that it may unpack to. */
const UNPACKED = 1 << 20

/**
 * Lines of a file, as `readLines` gives them. A table may have many files of a few rows, from many loads: a stream, with a
 * large buffer, for each of them costs a hundred times what reading them does.
 */
export async function* readLinesAtOnce(path: string): AsyncGenerator<string[]> {
  const lines = smallFile(path)
  if (lines === undefined) yield* readLines(path)
  else if (lines.length > 0) yield lines
}

function smallFile(path: string): string[] | undefined {
  if (statSync(path).size > SMALL) return undefined
  const bytes = readFileSync(path)
  const text = path.endsWith('.gz') ? unpacked(bytes) : bytes.toString()
  const lines = text?.split('\n')
  if (lines?.at(-1) === '') lines.pop()
  return lines
}

/** `undefined` where that is too large to be read at once, or no file of that kind: reading it then says so. */
function unpacked(bytes: Buffer): string | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: UNPACKED }).toString()
  } catch {
    return undefined
  }
}
