import type { Batch, LoadPlan, TableSchema } from '@tributary/core'
import { BitSet } from './bit-set.ts'
import { type CameFile, createCameFile } from './came-file.ts'
import { batchText } from './lines.ts'
import { SeenIds } from './seen-ids.ts'
import { createSequencedLines } from './sequenced-lines.ts'

/** Rows of one table in a file that nobody reads until they are committed. */
export interface StagedTable {
  readonly path: string
  readonly rows: number
  /** Of the text of all rows. */
  readonly characters: number
  /** Records of batches that may repeat. */
  readonly repeatable: BitSet
  /** Whether two rows of a root table may be of the same record. */
  readonly maybeRepeated: boolean
  /** Whether a row of a root table may have this id. */
  mayHave(id: string): boolean
  /** Every schema that rows were written under. */
  readonly schemas: readonly TableSchema[]
  /** Of a root table, which fields each record had, where the batches say so. */
  readonly came: CameFile
  write(batch: Batch): Promise<void>
  /** The lines, and for each of them the position of its record in the load. */
  read(): AsyncGenerator<{ lines: string[]; sequences: Float64Array }>
}

/** Rows whose text is made at once: few enough that it is garbage again before it has grown old. */
const ROWS_AT_ONCE = 512

export function createStagedTable(path: string, plan: LoadPlan): StagedTable {
  const lines = createSequencedLines(path)
  const came = createCameFile(`${path}.came`, plan)
  const schemas: TableSchema[] = []
  const seen = new SeenIds()
  const repeatable = new BitSet()
  return {
    path,
    get rows() {
      return lines.rows
    },
    get characters() {
      return lines.characters
    },
    repeatable,
    get maybeRepeated() {
      return seen.maybeRepeated
    },
    mayHave: (id) => seen.has(id),
    schemas,
    came,
    async write(batch) {
      if (batch.rowCount === 0) return
      const sequences = batch.sequence.subarray(0, batch.rowCount)
      await lines.append(textOf(batch, plan), sequences)
      await came.append(batch)
      if (batch.table.parent === undefined) {
        // Records without a key are the same where they say the same.
        const identities = plan.primaryKey.length === 0 && batch.hashes !== undefined ? batch.hashes : batch.ids
        for (let row = 0; row < batch.rowCount; row++) seen.add(identities[row]!)
      }
      if (batch.mayRepeat) for (const sequence of sequences) repeatable.add(sequence)
      const last = schemas.at(-1)
      if (last === undefined || !sameTypes(last, batch.table)) schemas.push(batch.table)
    },
    read: () => lines.read(),
  }
}

function* textOf(batch: Batch, plan: LoadPlan): Generator<string> {
  const rows = batchText(batch, plan)
  for (let row = 0; row < batch.rowCount; row += ROWS_AT_ONCE) yield rows(row, Math.min(ROWS_AT_ONCE, batch.rowCount - row))
}

const sameTypes = (a: TableSchema, b: TableSchema): boolean =>
  a.columns.length === b.columns.length &&
  a.columns.every(({ name, type }, i) => name === b.columns[i]!.name && type === b.columns[i]!.type)
