import { appendFile, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readLines } from '@tributary/file-dataset'

/** Lines in a file that grows, and beside it for each of them the position of its record in the load. */
export interface SequencedLines {
  readonly path: string
  readonly rows: number
  /** `text`: whole lines with their ends, in as many parts as is convenient; `sequences`: one for each line. */
  append(text: Iterable<string>, sequences: Float64Array): Promise<void>
  read(): AsyncGenerator<{ lines: string[]; sequences: Float64Array }>
}

/** Characters that are written at once: few enough that they are garbage again before they have grown old. */
const PART = 1 << 17

export function createSequencedLines(path: string): SequencedLines {
  const sequencePath = `${path}.sequence`
  let rows = 0
  return {
    path,
    get rows() {
      return rows
    },
    async append(text, { buffer, byteOffset, byteLength, length }) {
      if (length === 0) return
      if (rows === 0) await mkdir(dirname(path), { recursive: true })
      const handle = await open(path, 'a')
      try {
        for (const part of inLargeParts(text)) await handle.writeFile(part)
      } finally {
        await handle.close()
      }
      await appendFile(sequencePath, new Uint8Array(buffer, byteOffset, byteLength))
      rows += length
    },
    async *read() {
      if (rows === 0) return
      const handle = await open(sequencePath, 'r')
      try {
        for await (const lines of readLines(path)) {
          const sequences = new Float64Array(lines.length)
          await handle.read(new Uint8Array(sequences.buffer))
          yield { lines, sequences }
        }
      } finally {
        await handle.close()
      }
    },
  }
}

function* inLargeParts(text: Iterable<string>): Generator<string> {
  let part = ''
  for (const more of text) {
    part += more
    if (part.length < PART) continue
    yield part
    part = ''
  }
  if (part !== '') yield part
}
