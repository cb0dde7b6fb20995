import type { AppendFile } from './append-file.ts'
import { createLineBuffer, type LineBuffer } from './line-buffer.ts'

/** Bytes that are written at once: so many that a write is worth it, and few enough for the processor's cache. */
export const PART: number = 1 << 20
/** A buffer that has grown beyond this, for a long line, is let go. */
const LARGEST = 4 * PART

/**
 * Two buffers by turns: while one is written, the other one is filled. All files of a load share them, so that many tables take no
 * more memory than one. They are for one writer at a time.
 */
export interface PartBuffers {
  /** An empty one, as soon as it is written. Throws where that has failed. */
  take(): Promise<LineBuffer>
  /** Starts to write the one that was taken last. */
  write(file: AppendFile): void
}

export function createPartBuffers(): PartBuffers {
  const turns = [firstTurn(), firstTurn()] as const
  let turn = 0
  return {
    async take() {
      turn = 1 - turn
      const own = turns[turn]!
      await own.written
      if (own.lines === undefined || own.lines.bytes.length > LARGEST) own.lines = createLineBuffer(PART + (PART >> 2))
      own.lines.at = 0
      return own.lines
    },
    write(file) {
      const own = turns[turn]!
      const { bytes, at } = own.lines!
      own.written = file.append(bytes.subarray(0, at))
    },
  }
}

const firstTurn = (): { lines?: LineBuffer; written: Promise<void> } => ({ written: Promise.resolve() })
