import { appendFileSync } from 'node:fs'
import { appendFile, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readLines } from '@tributary/file-dataset'
import { createTextAppender } from './text-appender.ts'

/** Lines in a file that grows, and beside it for each of them the position of its record in the load. */
export interface SequencedLines {
  readonly path: string
  readonly rows: number
  /** Of all lines, with their ends. */
  readonly characters: number
  /** A line at a time, into a folder that is there. */
  add(line: string, sequence: number): void
  /** `text`: whole lines with their ends, in as many parts as is convenient; `sequences`: one for each line. */
  append(text: Iterable<string>, sequences: Float64Array): Promise<void>
  read(): AsyncGenerator<{ lines: string[]; sequences: Float64Array }>
}

/** Characters that are written at once: few enough that they are garbage again before they have grown old. */
const PART = 1 << 17
const PART_ROWS = 1 << 13

export function createSequencedLines(path: string): SequencedLines {
  const sequencePath = `${path}.sequence`
  const lineText = createTextAppender(path, PART)
  let added: number[] = []
  let rows = 0
  let characters = 0
  const flush = (): void => {
    lineText.flush()
    if (added.length > 0) appendFileSync(sequencePath, new Uint8Array(Float64Array.from(added).buffer))
    added = []
  }
  return {
    path,
    get rows() {
      return rows
    },
    get characters() {
      return characters
    },
    add(line, sequence) {
      lineText.add(`${line}\n`)
      characters += line.length + 1
      if (added.push(sequence) >= PART_ROWS) flush()
      rows++
    },
    async append(text, { buffer, byteOffset, byteLength, length }) {
      if (length === 0) return
      if (rows === 0) await mkdir(dirname(path), { recursive: true })
      const handle = await open(path, 'a')
      try {
        for (const part of inLargeParts(text)) {
          await handle.writeFile(part)
          characters += part.length
        }
      } finally {
        await handle.close()
      }
      await appendFile(sequencePath, new Uint8Array(buffer, byteOffset, byteLength))
      rows += length
    },
    async *read() {
      if (rows === 0) return
      flush()
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
