import { DuckDBDataChunk, VARCHAR } from '@duckdb/node-api'
import bindings from '@duckdb/node-bindings'
import { isValid } from '@tributary/core'

export type Vector = ReturnType<typeof bindings.data_chunk_get_vector>

// A DuckDB string is 16 bytes: its length in 32 bits, and up to 12 bytes of text in place; longer ones lie elsewhere.
const STRING_BYTES = 16
const INLINE_BYTES = 12
const CHUNK_ROWS = 2048

const bytes = new Uint8Array(CHUNK_ROWS * STRING_BYTES)
const lengths = new Uint32Array(bytes.buffer)

/**
 * Writes `count` texts from `from` on into a vector. A call into the library for each text is what costs most of a load,
 * so short ASCII texts are laid out here, as the library itself reads them, and copied in one go; the others go in one by one.
 */
export function writeTexts(
  vector: Vector,
  values: readonly (string | undefined)[],
  valid: Uint32Array | undefined,
  from: number,
  count: number,
): void {
  if (canInline) {
    const others = inlineShortTexts(values, valid, from, count)
    bindings.copy_data_to_vector(vector, 0, bytes.buffer, 0, count * STRING_BYTES)
    for (const row of others) bindings.vector_assign_string_element(vector, row, values[from + row]!)
    return
  }
  for (let row = 0; row < count; row++) {
    if (valid === undefined || isValid(valid, from + row)) bindings.vector_assign_string_element(vector, row, values[from + row]!)
  }
}

/** Answers the rows whose text is too long or not ASCII. */
function inlineShortTexts(
  values: readonly (string | undefined)[],
  valid: Uint32Array | undefined,
  from: number,
  count: number,
): number[] {
  const others: number[] = []
  bytes.fill(0, 0, count * STRING_BYTES)
  for (let row = 0; row < count; row++) {
    if (valid !== undefined && !isValid(valid, from + row)) continue
    const text = values[from + row]!
    const { length } = text
    if (length > INLINE_BYTES || !putAscii(text, row * STRING_BYTES + 4)) {
      others.push(row)
      // What an ASCII beginning left behind must not be read as a string.
      bytes.fill(0, row * STRING_BYTES, (row + 1) * STRING_BYTES)
    } else {
      lengths[row * 4] = length
    }
  }
  return others
}

function putAscii(text: string, at: number): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code > 127) return false
    bytes[at + index] = code
  }
  return true
}

/** Tried once, on this machine and this version of DuckDB, read back through the library. Otherwise texts go in one by one. */
const canInline = inliningWorks()

function inliningWorks(): boolean {
  const samples = ['', 'a', 'four', 'fives', 'twelve bytes', 'thirteen text', 'é', 'nul\0nul']
  const others = inlineShortTexts(samples, undefined, 0, samples.length)
  const chunk = DuckDBDataChunk.create([VARCHAR], samples.length)
  const vector = bindings.data_chunk_get_vector(chunk.chunk, 0)
  bindings.copy_data_to_vector(vector, 0, bytes.buffer, 0, samples.length * STRING_BYTES)
  for (const row of others) bindings.vector_assign_string_element(vector, row, samples[row]!)
  return chunk.getColumnValues(0).every((value, row) => value === samples[row])
}
