import { createReadStream, createWriteStream } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { syncFile } from './files.ts'

const CHUNK = 1 << 20

const isCompressed = (path: string): boolean => path.endsWith('.gz')

/** Lines of a file, about a megabyte of them at a time, without their line ends. A file `*.gz` is unpacked on the way. */
export async function* readLines(path: string): AsyncGenerator<string[]> {
  let rest = ''
  for await (const text of textOf(path)) {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    if (lines.length > 0) yield lines
  }
  if (rest !== '') yield [rest]
}

async function* textOf(path: string): AsyncGenerator<string> {
  if (!isCompressed(path)) {
    for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: CHUNK })) yield chunk as string
    return
  }
  const file = createReadStream(path, { highWaterMark: CHUNK })
  const unpacked = createGunzip({ chunkSize: CHUNK })
  // `pipe` does not hand errors on, and the file must be let go when the reader stops early.
  file.on('error', (error) => unpacked.destroy(error)).pipe(unpacked)
  try {
    for await (const chunk of unpacked.setEncoding('utf8')) yield chunk as string
  } finally {
    file.destroy()
  }
}

/** A new file of lines. */
export interface LineWriter {
  readonly rows: number
  write(lines: readonly string[]): Promise<void>
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
    close: () => output.close(),
  }
}

interface Output {
  write(text: string): Promise<void>
  close(): Promise<void>
}

async function plainOutput(path: string): Promise<Output> {
  const handle: FileHandle = await open(path, 'w')
  return {
    write: (text) => handle.writeFile(text),
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
    async write(text) {
      try {
        await new Promise<void>((resolve, reject) => gzip.write(text, (error) => (error ? reject(error) : resolve())))
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
