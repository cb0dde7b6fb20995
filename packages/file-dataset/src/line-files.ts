import { createReadStream, createWriteStream } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { syncFile } from './files.ts'

const CHUNK = 1 << 20
const LINE_FEED = 0x0a

const isCompressed = (path: string): boolean => path.endsWith('.gz')

/** Lines of a file, about a megabyte of them at a time, without their line ends. A file `*.gz` is unpacked on the way. */
export async function* readLines(path: string): AsyncGenerator<string[]> {
  let rest = ''
  for await (const text of chunksOf<string>(path, 'utf8')) {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    if (lines.length > 0) yield lines
  }
  if (rest !== '') yield [rest]
}

/** Whole lines of a file as bytes, about a megabyte of them at a time, with their line ends. They belong to whom they are given. */
export async function* readLineBytes(path: string): AsyncGenerator<Buffer> {
  /** The beginning of a line whose end has not come. */
  let rest: Buffer[] = []
  for await (const bytes of chunksOf<Buffer>(path)) {
    const end = bytes.lastIndexOf(LINE_FEED) + 1
    if (end > 0) {
      yield rest.length === 0 ? bytes.subarray(0, end) : Buffer.concat([...rest, bytes.subarray(0, end)])
      rest = []
    }
    if (end < bytes.length) rest.push(bytes.subarray(end))
  }
  if (rest.length > 0) yield Buffer.concat([...rest, Buffer.of(LINE_FEED)])
}

/** As text, or as bytes where there is no encoding. */
async function* chunksOf<Chunk extends string | Buffer>(path: string, encoding?: 'utf8'): AsyncGenerator<Chunk> {
  const file = createReadStream(path, { highWaterMark: CHUNK })
  const decoded = isCompressed(path) ? unpacked(file) : file
  if (encoding !== undefined) decoded.setEncoding(encoding)
  try {
    for await (const chunk of decoded) yield chunk as Chunk
  } finally {
    file.destroy()
  }
}

/** `pipe` does not hand errors on, and the file must be let go when the reader stops early. */
function unpacked(file: Readable): Readable {
  const gunzip = createGunzip({ chunkSize: CHUNK })
  file.on('error', (error) => gunzip.destroy(error)).pipe(gunzip)
  return gunzip
}

/** A new file of lines. */
export interface LineWriter {
  readonly rows: number
  write(lines: readonly string[]): Promise<void>
  /** So many lines with their ends, as they are. */
  copy(bytes: Buffer, rows: number): Promise<void>
  /** Flushes to the disk. */
  close(): Promise<void>
}

/** Starts a file, making its folder if missing. One called `*.gz` is compressed. */
export async function createLineWriter(path: string): Promise<LineWriter> {
  await mkdir(dirname(path), { recursive: true })
  const output = isCompressed(path) ? await compressedOutput(path) : await plainOutput(path)
  let rows = 0
  return {
    get rows() {
      return rows
    },
    async write(lines) {
      if (lines.length === 0) return
      await output.write(`${lines.join('\n')}\n`)
      rows += lines.length
    },
    async copy(bytes, count) {
      if (count === 0) return
      await output.write(bytes)
      rows += count
    },
    close: () => output.close(),
  }
}

interface Output {
  write(lines: string | Buffer): Promise<void>
  close(): Promise<void>
}

async function plainOutput(path: string): Promise<Output> {
  const handle: FileHandle = await open(path, 'w')
  return {
    write: (lines) => handle.writeFile(lines),
    async close() {
      try {
        await handle.sync()
      } finally {
        await handle.close()
      }
    },
  }
}

async function compressedOutput(path: string): Promise<Output> {
  const gzip = createGzip({ chunkSize: CHUNK })
  const written = pipeline(gzip, createWriteStream(path))
  // Whoever writes next, or closes, is told.
  written.catch(() => {})
  return {
    async write(lines) {
      try {
        await new Promise<void>((resolve, reject) => gzip.write(lines, (error) => (error ? reject(error) : resolve())))
      } catch (error) {
        // Why the file could not be written says more than that the compressor has been stopped.
        await written
        throw error
      }
    },
    async close() {
      gzip.end()
      await written
      await syncFile(path)
    },
  }
}

/** Compresses a file into another, which is flushed. */
export async function compressFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await pipeline(createReadStream(from, { highWaterMark: CHUNK }), createGzip({ chunkSize: CHUNK }), createWriteStream(to))
  await syncFile(to)
}
