import type { Batch, LoadPlan, TableSchema } from '@tributary/core'
import { BitSet } from './bit-set.ts'
import { type CameFile, createCameFile } from './came-file.ts'
import { linePut } from './lines.ts'
import type { PartBuffers } from './part-buffers.ts'
import { SeenIds } from './seen-ids.ts'
import type { SequencedPart } from './sequenced-lines.ts'
import { createStagedLines } from './staged-lines.ts'
import { mayHaveAny } from './stored-ids.ts'

/** Rows of one table in a file that nobody reads until they are committed. */
export interface StagedTable {
  readonly path: string
  readonly rows: number
  /** Of the text of all rows. */
  readonly bytes: number
  /** Records of batches that may repeat. */
  readonly repeatable: BitSet
  /** Whether two rows of a root table may be of the same record. */
  readonly maybeRepeated: boolean
  /** Whether a row of a root table may have this id. */
  mayHave(id: string): boolean
  /** Whether it may have one of the ids in these whole lines of a root table. */
  mayHaveAny(lines: Buffer): boolean
  /** Every schema that rows were written under. */
  readonly schemas: readonly TableSchema[]
  /** Of a root table, which fields each record had, where the batches say so. */
  readonly came: CameFile
  write(batch: Batch): Promise<void>
  /** The lines, and for each of them the position of its record in the load. */
  read(): AsyncGenerator<SequencedPart>
  /** The positions alone. */
  sequences(): AsyncGenerator<Float64Array>
  /** Waits until all is written, so that it can be read. Throws where something could not be written. */
  close(): Promise<void>
}

export function createStagedTable(path: string, plan: LoadPlan, buffers: PartBuffers): StagedTable {
  const lines = createStagedLines(path, buffers)
  const came = createCameFile(`${path}.came`, plan)
  const schemas: TableSchema[] = []
  const seen = new SeenIds()
  const repeatable = new BitSet()
  return {
    path,
    get rows() {
      return lines.rows
    },
    get bytes() {
      return lines.bytes
    },
    repeatable,
    get maybeRepeated() {
      return seen.maybeRepeated
    },
    mayHave: (id) => seen.has(id),
    mayHaveAny: (bytes) => mayHaveAny(seen, bytes),
    schemas,
    came,
    async write(batch) {
      if (batch.rowCount === 0) return
      const sequences = batch.sequence.subarray(0, batch.rowCount)
      await lines.append(linePut(batch, plan), sequences)
      await came.append(batch)
      if (batch.table.parent === undefined) {
        // Records without a key are the same where they say the same.
        const { bytes, offsets } = plan.primaryKey.length === 0 && batch.hashes !== undefined ? batch.hashes : batch.ids
        for (let row = 0; row < batch.rowCount; row++) seen.add(bytes, offsets[row]!, offsets[row + 1]!)
      }
      if (batch.mayRepeat) for (const sequence of sequences) repeatable.add(sequence)
      const last = schemas.at(-1)
      if (last === undefined || !sameTypes(last, batch.table)) schemas.push(batch.table)
    },
    read: () => lines.read(),
    sequences: () => lines.sequences(),
    async close() {
      const outcomes = await Promise.allSettled([lines.close(), came.close()])
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    },
  }
}

const sameTypes = (a: TableSchema, b: TableSchema): boolean =>
  a.columns.length === b.columns.length &&
  a.columns.every(({ name, type }, i) => name === b.columns[i]!.name && type === b.columns[i]!.type)
