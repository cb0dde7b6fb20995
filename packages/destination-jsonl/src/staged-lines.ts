import { createAppendFile } from './append-file.ts'
import type { LineBuffer } from './line-buffer.ts'
import { PART, type PartBuffers } from './part-buffers.ts'
import { readSequenced, readSequences, type SequencedPart, sequencePath } from './sequenced-lines.ts'
import type { Put } from './values.ts'

/** Lines of a load's rows in a file, and beside it for each of them the position of its record in the load. */
export interface StagedLines {
  readonly rows: number
  /** Of all lines. */
  readonly bytes: number
  /**
   * `putLine`: puts a row of a batch as a line; `sequences`: one for each of its rows, which are not copied. Resolves while the last of
   * it is still being written: that this fails, a later call tells.
   */
  append(putLine: Put, sequences: Float64Array): Promise<void>
  /** Waits until all is written, and lets the files go. Throws where something could not be written. */
  close(): Promise<void>
  /** When all is written. */
  read(): AsyncGenerator<SequencedPart>
  /** The positions alone, when all is written. */
  sequences(): AsyncGenerator<Float64Array>
}

export function createStagedLines(path: string, buffers: PartBuffers): StagedLines {
  const lineFile = createAppendFile(path)
  const sequenceFile = createAppendFile(sequencePath(path))
  let sequencesWritten: Promise<void> | undefined
  /** After it, lines and sequences may not belong together any more. */
  let failure: { readonly error: unknown } | undefined
  let rows = 0
  let bytes = 0
  const write = (part: LineBuffer): void => {
    bytes += part.at
    buffers.write(lineFile)
  }
  return {
    get rows() {
      return rows
    },
    get bytes() {
      return bytes
    },
    async append(putLine, sequences) {
      const { buffer, byteOffset, byteLength, length } = sequences
      try {
        await sequencesWritten
        sequencesWritten = sequenceFile.append(new Uint8Array(buffer, byteOffset, byteLength))
        for (let row = 0; row < length; ) {
          const part = await buffers.take()
          row = fill(part, putLine, row, length)
          write(part)
        }
      } catch (error) {
        failure ??= { error }
        throw error
      }
      rows += length
    },
    async close() {
      const outcomes = await Promise.allSettled([lineFile.close(), sequenceFile.close()])
      if (failure !== undefined) throw failure.error
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    },
    read: () => readSequenced(path, rows),
    sequences: () => readSequences(path, rows),
  }
}

/** Puts rows until the part is full; answers which row is the next one. */
function fill(part: LineBuffer, putLine: Put, from: number, count: number): number {
  let row = from
  while (row < count && part.at < PART) putLine(part, row++)
  return row
}
