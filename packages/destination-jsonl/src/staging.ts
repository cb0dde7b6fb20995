import { appendFile, type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Batch, TableSchema } from '@tributary/core'
import { readLines } from './files.ts'
import { batchText } from './lines.ts'
import { SeenIds } from './seen-ids.ts'

/** Rows of one table in a file that nobody reads until they are committed. */
export interface StagedTable {
  readonly path: string
  readonly rows: number
  readonly mayRepeat: boolean
  /** Whether two rows of a root table may have the same id. */
  readonly maybeRepeated: boolean
  /** Whether a row of a root table may have this id. */
  mayHave(id: string): boolean
  /** Every schema that rows were written under. */
  readonly schemas: readonly TableSchema[]
  write(batch: Batch, load: number): Promise<void>
  /** The lines, and for each of them the position of its record in the load. */
  read(): AsyncGenerator<{ lines: string[]; sequences: Float64Array }>
}

const BYTES = Float64Array.BYTES_PER_ELEMENT
/** Rows whose text is made at once: few enough that it is garbage again before it has grown old. */
const ROWS_AT_ONCE = 512

export function createStagedTable(path: string): StagedTable {
  const sequencePath = `${path}.sequence`
  const schemas: TableSchema[] = []
  let rows = 0
  const seen = new SeenIds()
  let mayRepeat = false
  return {
    path,
    get rows() {
      return rows
    },
    get mayRepeat() {
      return mayRepeat
    },
    get maybeRepeated() {
      return seen.maybeRepeated
    },
    mayHave: (id) => seen.has(id),
    schemas,
    async write(batch, load) {
      if (batch.rowCount === 0) return
      if (rows === 0) await mkdir(dirname(path), { recursive: true })
      const { buffer, byteOffset } = batch.sequence
      await writeText(path, batch, load)
      if (batch.table.parent === undefined) for (const id of batch.ids) seen.add(id)
      await appendFile(sequencePath, new Uint8Array(buffer, byteOffset, batch.rowCount * BYTES))
      const last = schemas.at(-1)
      if (last === undefined || !sameTypes(last, batch.table)) schemas.push(batch.table)
      rows += batch.rowCount
      mayRepeat ||= batch.mayRepeat
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

async function writeText(path: string, batch: Batch, load: number): Promise<void> {
  const textOf = batchText(batch, load)
  const handle: FileHandle = await open(path, 'a')
  try {
    for (let row = 0; row < batch.rowCount; row += ROWS_AT_ONCE) {
      await handle.writeFile(textOf(row, Math.min(ROWS_AT_ONCE, batch.rowCount - row)))
    }
  } finally {
    await handle.close()
  }
}

const sameTypes = (a: TableSchema, b: TableSchema): boolean =>
  a.columns.length === b.columns.length &&
  a.columns.every(({ name, type }, i) => name === b.columns[i]!.name && type === b.columns[i]!.type)
