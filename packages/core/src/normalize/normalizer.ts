import type { JsonValue } from '../http/request.ts'
import type { Batch } from '../load/batch.ts'
import type { Reject, RejectReason } from '../load/reject.ts'
import type { TableSchema } from '../load/schema.ts'
import { createTree, type TreeOptions } from './tree.ts'
import { createRecordWriter } from './write-record.ts'

/** Rows of one table that make a batch, and bytes of JSON, whichever come first. */
const BATCH_ROWS = 20_000
const BATCH_BYTES = 32 * 2 ** 20

/** What contracts left out. */
export interface Rejected {
  /** Rows and values, by table and by the part of the contract. */
  readonly counts: Readonly<Record<string, Readonly<Partial<Record<RejectReason, number>>>>>
  /** Empty where they are not kept. */
  readonly rejects: readonly Reject[]
}

/** Records → rows of typed columns: walks each record once and writes straight into column builders. */
export interface Normalizer {
  /**
   * `position`: of the first record in the listing, for messages. `bytes`: what the records took as JSON, about. Throws a
   * `fix-data` error naming record and column.
   */
  write(records: readonly JsonValue[], position: number, mayRepeat: boolean, bytes?: number): void
  /** Whether there is enough for a batch. */
  isFull(): boolean
  /** Whether nothing was written since the last batch. */
  isEmpty(): boolean
  /** Hands over what was written since, checked for values that must be there. The root table's batch comes first. */
  take(): Batch[]
  /** Schemas of the resource's tables, with all columns so far. */
  schemas(): TableSchema[]
  /** Key columns of the root table, in the order of the primary key. */
  keyColumns(): string[]
  /** Name of the column of the root table for a dotted path into the record, or for its own name; undefined: there is none yet. */
  columnOf(path: string): string | undefined
  /** What contracts left out since the last call: how much of each table by reason, and the rejects where they are kept. */
  takeRejected(): Rejected
  /** Starts a load: ids of rows without a key begin with its number. */
  startLoad(loadId: number): void
}

export function createNormalizer(options: TreeOptions): Normalizer {
  const tree = createTree(options)
  const writer = createRecordWriter(options.shape, tree)
  let mayRepeat = false
  let collected = 0
  return {
    write(records, position, repeating, bytes = 0) {
      collected += bytes
      mayRepeat ||= repeating
      for (let index = 0; index < records.length; index++) writer.write(records[index]!, position + index)
    },
    isFull: () => collected >= BATCH_BYTES || tree.nodes.some(({ table }) => table.rowCount >= BATCH_ROWS),
    isEmpty: () => tree.nodes.every(({ table }) => table.rowCount === 0),
    take() {
      const filled = tree.nodes.map(({ table }) => table).filter((table) => table.rowCount > 0)
      for (const table of filled) writer.checkRequired(table)
      const batches = filled.map((table) => table.take(mayRepeat))
      mayRepeat = false
      collected = 0
      return batches
    },
    schemas: () => tree.nodes.map(({ table }) => table.schema()),
    keyColumns: () => writer.keyColumns(),
    columnOf: () => undefined,
    takeRejected: () => ({ counts: {}, rejects: [] }),
    startLoad: (loadId) => writer.startLoad(loadId),
  }
}
