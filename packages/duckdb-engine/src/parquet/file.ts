import { type FileHandle, open } from 'node:fs/promises'
import type { ParquetColumn } from './columns.ts'
import { i32, i32s, i64, type Struct, struct, structs, text, texts, thriftBytes, varint } from './thrift.ts'
import { bitBytes, type ColumnValues, type Rows } from './values.ts'

// https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift

const MAGIC = Buffer.from('PAR1')
const DATA_PAGE = 0
const RLE = 3
const UNCOMPRESSED = 0
const REQUIRED = 0
const OPTIONAL = 1

/** A Parquet file that grows by groups of rows, and can be read once it is closed. It is open only while it is written to: there may be many. */
export interface ParquetFile {
  /** `values`: one for each column. Resolves when they are with the system, and their memory can be used again. */
  append(values: readonly ColumnValues[], rowCount: number): Promise<void>
  close(): Promise<void>
}

export async function createParquetFile(path: string, columns: readonly ParquetColumn[]): Promise<ParquetFile> {
  const groups: Struct[] = []
  let offset = 0
  let rows = 0
  const write = async (parts: readonly Uint8Array[]): Promise<void> => {
    const handle = await open(path, 'a')
    try {
      await writeAll(handle, parts)
    } finally {
      await handle.close()
    }
    offset += lengthOf(parts)
  }
  await write([MAGIC])
  return {
    async append(values, rowCount) {
      const pages = columns.map((column, index) => pageParts(column, values[index]!, rowCount))
      const chunks: Struct[] = []
      let start = offset
      for (const [index, page] of pages.entries()) {
        const length = lengthOf(page)
        chunks.push(columnChunk(columns[index]!, rowCount, start, length))
        start += length
      }
      groups.push({ 1: structs(chunks), 2: i64(start - offset), 3: i64(rowCount) })
      rows += rowCount
      await write(pages.flat())
    },
    async close() {
      const footer = thriftBytes({
        1: i32(1),
        2: structs([{ 4: text('rows'), 5: i32(columns.length) }, ...columns.map(schemaElement)]),
        3: i64(rows),
        4: structs(groups),
      })
      await write([footer, uint32(footer.length), MAGIC])
    },
  }
}

const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0)

/** A write may come to a part of it alone. */
async function writeAll(handle: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  const { bytesWritten } = await handle.writev(parts)
  if (bytesWritten === lengthOf(parts)) return
  const rest = Buffer.concat(parts).subarray(bytesWritten)
  for (let at = 0; at < rest.length; ) at += (await handle.write(rest, at)).bytesWritten
}

/**
 * Values of a page whose sizes differ, at most, but for those of eight rows: who reads it has a whole page in memory, for each column and
 * thread.
 */
const PAGE_BYTES = 1 << 20

/** The pages of a column in a group of rows. */
function pageParts(column: ParquetColumn, values: ColumnValues, rowCount: number): Uint8Array[] {
  return pageEnds(values, rowCount).flatMap((to, index, ends) => pagePart(column, values, index === 0 ? 0 : ends[index - 1]!, to))
}

/** Where the pages end. */
function pageEnds({ bytesIn }: ColumnValues, rowCount: number): number[] {
  if (bytesIn === undefined || bytesIn(0, rowCount) <= PAGE_BYTES) return [rowCount]
  const ends: number[] = []
  for (let to = 8; to < rowCount; to += 8) {
    if (bytesIn(ends.at(-1) ?? 0, Math.min(to + 8, rowCount)) > PAGE_BYTES) ends.push(to)
  }
  return [...ends, rowCount]
}

function pagePart({ isOptional, encoding }: ParquetColumn, values: ColumnValues, from: number, to: number): Uint8Array[] {
  const { valid } = values
  const rows = { from, to, count: valid === undefined ? to - from : validCount(valid, from, to) }
  const levels = isOptional ? validityLevels(valid, rows) : []
  const body = [...levels, ...values.parts(rows)]
  const size = i32(lengthOf(body))
  const header = { 1: i32(to - from), 2: i32(encoding), 3: i32(RLE), 4: i32(RLE) }
  return [thriftBytes({ 1: i32(DATA_PAGE), 2: size, 3: size, 5: struct(header) }), ...body]
}

/** Which rows have a value: a run of ones, or the bits as they are. Each row's group of eight is whole. */
function validityLevels(valid: Uint32Array | undefined, { from, to }: Rows): Uint8Array[] {
  const run =
    valid === undefined
      ? [Uint8Array.from([...varint((to - from) * 2), 1])]
      : [Uint8Array.from(varint(((to - from + 7) >>> 3) * 2 + 1)), bitBytes(valid, from, to)]
  return [uint32(lengthOf(run)), ...run]
}

/** How many rows have a value, of those from a multiple of eight on. */
function validCount(valid: Uint32Array, from: number, to: number): number {
  const bytes = bitBytes(valid, from, to)
  let count = 0
  for (let place = 0; place < (to - from) >>> 3; place++) count += bitCount(bytes[place]!)
  const rest = (to - from) & 7
  return rest === 0 ? count : count + bitCount(bytes.at(-1)! & ((1 << rest) - 1))
}

function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function columnChunk({ name, type, encoding }: ParquetColumn, rowCount: number, offset: number, length: number): Struct {
  const metadata = {
    1: i32(type),
    2: i32s([encoding, RLE]),
    3: texts([name]),
    4: i32(UNCOMPRESSED),
    5: i64(rowCount),
    6: i64(length),
    7: i64(length),
    9: i64(offset),
  }
  return { 2: i64(offset), 3: struct(metadata) }
}

const schemaElement = ({ name, type, isOptional, meaning }: ParquetColumn): Struct => ({
  1: i32(type),
  3: i32(isOptional ? OPTIONAL : REQUIRED),
  4: text(name),
  ...meaning,
})
