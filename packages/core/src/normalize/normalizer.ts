import type { JsonValue } from '../http/request.ts'
import type { Batch } from '../load/batch.ts'
import type { TableSchema } from '../load/schema.ts'
import { textsOf } from '../load/texts.ts'
import { createLayout } from '../scan/layout.ts'
import { createPageScanner, type ScannedBody } from '../scan/page-scanner.ts'
import type { ScannedRows } from '../scan/scanned-rows.ts'
import { createCameNotes } from './came.ts'
import { isLax } from './contract.ts'
import { createJournal, withoutUndo } from './journal.ts'
import { createLeftOut, type Rejected } from './left-out.ts'
import { createRowHash } from './row-hash.ts'
import type { TableWriter } from './table-writer.ts'
import { createTree, hasVersions, type TreeOptions } from './tree.ts'
import { createRecordWriter } from './write-record.ts'

export type { Rejected } from './left-out.ts'

/** Rows of one table that make a batch, values of it, empty ones too, and bytes of JSON, whichever come first. */
const BATCH_ROWS = 20_000
const BATCH_VALUES = 4_000_000
const BATCH_BYTES = 32 * 2 ** 20

/** Levels of nesting at most, whatever a resource says: more than any table wants, and no more than the stack has room for. */
const DEEPEST = 500

/** Records → rows of typed columns: walks each record once and writes straight into column builders. */
export interface Normalizer {
  /**
   * `position`: of the first record in the listing, for messages. `bytes`: what the records took as JSON, about. Throws a
   * `fix-data` error naming record and column: `KEY_MISSING`, `KEY_INVALID`, `TYPE_MISMATCH`, `VALUE_INVALID`,
   * `VALUE_MISSING`, and `CONTRACT_BROKEN` for what a contract freezes.
   */
  write(records: readonly JsonValue[], position: number, mayRepeat: boolean, bytes?: number): void
  /**
   * Reads the records of a body as rows, without making objects of them. `path`: the keys that lead to their list. `done`: called when the
   * bytes are no longer needed. Undefined: this body cannot be read so, and is to be parsed.
   */
  scan(bytes: Buffer, path: readonly string[], done?: () => void): ScannedBody | undefined
  /**
   * Takes rows that were scanned, of those records that are taken; undefined: of all. False: the tables are others by now, and nothing was
   * taken: the records themselves are to be written.
   */
  append(
    rows: ScannedRows,
    isTaken: ((index: number) => boolean) | undefined,
    position: number,
    mayRepeat: boolean,
    bytes: number,
  ): boolean
  /** Whether there is enough for a batch. */
  isFull(): boolean
  /** Whether there is nothing to take: no row since the last batch, and no reject since the last call of `takeRejected`. */
  isEmpty(): boolean
  /** Hands over what was written since, checked for values that must be there. The root table's batch comes first. */
  take(): Batch[]
  /** Schemas of the resource's tables, with all columns so far. None where a contract does not allow the root table. */
  schemas(): TableSchema[]
  /** Key columns of the root table, in the order of the primary key. */
  keyColumns(): string[]
  /** The primary key of a record as text, as far as the record alone tells. Undefined: there is none. */
  keyOf(record: JsonValue): string | undefined
  /** Name of the column of the root table for a dotted path into the record, or for its own name; undefined: there is none yet. */
  columnOf(path: string): string | undefined
  /** What contracts left out since the last call: how much of each table by reason, and the rejects where they are kept. */
  takeRejected(): Rejected
  /** Starts a load: ids of rows without a key begin with its number. `sequence`: of the next record, from 1, which is the default. */
  startLoad(loadId: number, sequence?: number): void
}

export interface NormalizerOptions extends TreeOptions {
  /** Dotted path to the cursor of a record, which `ScannedRows.cursorAt` is to answer. */
  readonly cursor?: string
}

/** Throws `SCHEMA_CONFLICT` where the stored tables cannot become what the connector declares. */
export function createNormalizer(options: NormalizerOptions): Normalizer {
  const { warn } = options
  const shape = { ...options.shape, maxTableNesting: Math.min(options.shape.maxTableNesting, DEEPEST) }
  const journal = isLax(shape.contract) ? withoutUndo(warn) : createJournal(warn)
  const tree = createTree({ ...options, shape }, journal)
  journal.keep()
  const { root } = tree
  const leftOut = createLeftOut(shape.name, options.keepRejects ?? false)
  const writer = createRecordWriter(shape, tree, journal, leftOut)
  const changesParts = shape.disposition === 'merge' && (shape.strategy === 'upsert' || shape.strategy === 'mirror')
  const came = changesParts ? createCameNotes(root, shape.maxTableNesting) : undefined
  const isVersioned = hasVersions(shape)
  const rowHash = createRowHash({ node: root, maxTableNesting: shape.maxTableNesting })
  const canScan = isLax(shape.contract) && came === undefined && !isVersioned
  const scanner = createPageScanner(() => {
    const keys = writer.keys.fields()
    return keys && createLayout({ root, shape, keys, cursor: options.cursor?.split('.') })
  })
  let hashes: string[] = []
  let mayRepeat = false
  let rejectsMayRepeat = false
  let collected = 0

  /** What a batch of the root table has besides its rows. */
  const moreOfRoot = (): Pick<Batch, 'came' | 'hashes'> => {
    const children = tree.nodes.map(({ table }) => table.identity).filter(({ parent }) => parent === root.table.identity.name)
    return {
      ...(came !== undefined && { came: came.take(root.table.schema(), children, root.table.rowCount) }),
      ...(isVersioned && { hashes: textsOf(hashes) }),
    }
  }

  const warnOfHalfPairs = (table: TableWriter): void => {
    for (const column of table.withHalfPairs())
      warn(
        `${table.identity.name}.${column}: texts came with half of a surrogate pair, which is no character: U+FFFD stands in its place.`,
      )
  }

  return {
    write(records, position, repeating, bytes = 0) {
      collected += bytes
      mayRepeat ||= repeating
      rejectsMayRepeat ||= repeating
      for (let index = 0; index < records.length; index++) {
        if (!writer.write(records, index, position)) continue
        if (isVersioned) hashes.push(rowHash(records[index]!, leftOut.lastPlaces()))
        came?.note(root.table.rowCount - 1, records[index]!)
      }
      scanner.changed()
    },
    scan: (bytes, path, done) => (canScan ? scanner.read(bytes, path, done) : undefined),
    append(rows, isTaken, position, repeating, bytes) {
      if (!rows.layout.isCurrent()) return false
      collected += bytes
      mayRepeat ||= repeating
      writer.append(rows, isTaken, position)
      return true
    },
    isFull: () =>
      collected >= BATCH_BYTES ||
      leftOut.rejectCount() >= BATCH_ROWS ||
      tree.nodes.some(({ table }) => table.rowCount >= BATCH_ROWS || table.valueCount() >= BATCH_VALUES),
    isEmpty: () => leftOut.rejectCount() === 0 && tree.nodes.every(({ table }) => table.rowCount === 0),
    take() {
      const filled = tree.nodes.map(({ table }) => table).filter((table) => table.rowCount > 0)
      for (const table of filled) {
        writer.checkRequired(table)
        warnOfHalfPairs(table)
      }
      const batches = filled.map((table) => table.take(mayRepeat, table === root.table ? moreOfRoot() : {}))
      hashes = []
      mayRepeat = false
      collected = 0
      return batches
    },
    schemas: () => (writer.hasTables() ? tree.nodes.map(({ table }) => table.schema()) : []),
    keyColumns: () => writer.keys.columns(),
    keyOf: (record) => writer.keys.textOf(record),
    columnOf: (path) => writer.keys.columnOf(path),
    takeRejected() {
      const taken = { ...leftOut.take(), mayRepeat: rejectsMayRepeat }
      rejectsMayRepeat = false
      return taken
    },
    startLoad: (loadId, sequence = 1) => writer.startLoad(loadId, sequence),
  }
}
