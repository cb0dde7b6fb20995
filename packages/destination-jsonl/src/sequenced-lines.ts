import { appendFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { readLines } from '@tributary/file-dataset'
import { createTextAppender } from './text-appender.ts'

/** Lines that a commit makes, in a file that grows, and beside it for each of them the position of its record in the load. */
export interface SequencedLines {
  readonly rows: number
  /** A line at a time, into a folder that is there. */
  add(line: string, sequence: number): void
  read(): AsyncGenerator<SequencedPart>
  /** The positions alone. */
  sequences(): AsyncGenerator<Float64Array>
}

/** Some lines, and the position of the record of each. */
export interface SequencedPart {
  readonly lines: string[]
  readonly sequences: Float64Array
}

/** Characters that are written at once: few enough that they are garbage again before they have grown old. */
const PART = 1 << 17
const PART_ROWS = 1 << 13
const SEQUENCES_AT_ONCE = 1 << 16

export const sequencePath = (path: string): string => `${path}.sequence`

export function createSequencedLines(path: string): SequencedLines {
  const lineText = createTextAppender(path, PART)
  let added: number[] = []
  let rows = 0
  const flush = (): void => {
    lineText.flush()
    if (added.length > 0) appendFileSync(sequencePath(path), new Uint8Array(Float64Array.from(added).buffer))
    added = []
  }
  return {
    get rows() {
      return rows
    },
    add(line, sequence) {
      lineText.add(`${line}\n`)
      if (added.push(sequence) >= PART_ROWS) flush()
      rows++
    },
    async *read() {
      flush()
      yield* readSequenced(path, rows)
    },
    async *sequences() {
      flush()
      yield* readSequences(path, rows)
    },
  }
}

/** Where there are no rows, there need be no file. */
export async function* readSequenced(path: string, rows: number): AsyncGenerator<SequencedPart> {
  if (rows === 0) return
  const handle = await open(sequencePath(path), 'r')
  try {
    for await (const lines of readLines(path)) {
      const sequences = new Float64Array(lines.length)
      await fill(handle, sequences)
      yield { lines, sequences }
    }
  } finally {
    await handle.close()
  }
}

/** A file that is shorter than its lines is an error, and never zeros. */
async function fill(handle: FileHandle, sequences: Float64Array): Promise<void> {
  const bytes = new Uint8Array(sequences.buffer)
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, at)
    if (bytesRead === 0) throw new Error('The positions of staged rows are cut off.')
    at += bytesRead
  }
}

/** The positions alone, some at a time. */
export async function* readSequences(path: string, rows: number): AsyncGenerator<Float64Array> {
  if (rows === 0) return
  const handle = await open(sequencePath(path), 'r')
  try {
    for (let row = 0; row < rows; row += SEQUENCES_AT_ONCE) {
      const sequences = new Float64Array(Math.min(SEQUENCES_AT_ONCE, rows - row))
      await fill(handle, sequences)
      yield sequences
    }
  } finally {
    await handle.close()
  }
}
