import type { CursorValue } from '../extract/incremental.ts'
import { parseJson } from '../http/json.ts'
import type { JsonValue } from '../http/request.ts'
import type { ScanLayout } from './layout.ts'
import { ScannedTable } from './scanned-table.ts'
import { Spans } from './spans.ts'

/** The records of one page as rows of columns. */
export interface ScannedRows {
  readonly layout: ScanLayout
  /** One for each table of the layout. */
  readonly tables: readonly ScannedTable[]
  /** Records. */
  readonly count: number
  /** A record as it came. */
  recordAt(index: number): JsonValue
  /** The value of a record at its cursor, where that is text or a number. */
  cursorAt(index: number): CursorValue | undefined
  /** Called when neither the rows nor their body are needed any more: the next page uses their memory. Nothing can be asked of them afterwards. */
  release(): void
  /** Throws where they were released: what lies in their place is of another page. */
  checkHeld(): void
}

/** What the scanner writes a page into. */
export interface PageRoom {
  readonly tables: readonly ScannedTable[]
  /** Where the records are in the body, and where their cursors. */
  readonly records: Spans
  readonly cursors: Spans
}

export function createRoom({ tables }: ScanLayout): PageRoom {
  return {
    tables: tables.map(({ columns }) => new ScannedTable(columns.map(({ source }) => source))),
    records: new Spans(),
    cursors: new Spans(),
  }
}

/** `release`: takes the room back. */
export function scannedRows(layout: ScanLayout, room: PageRoom, bytes: Buffer, release: () => void): ScannedRows {
  const { tables, records, cursors } = room
  let isHeld = true
  const checkHeld = (): void => {
    if (!isHeld) throw new Error('The rows of this page were released.')
  }
  return {
    layout,
    tables,
    count: tables[0]!.rowCount,
    checkHeld,
    recordAt(index) {
      checkHeld()
      return parseJson(records.textAt(bytes, index)!)
    },
    cursorAt(index) {
      checkHeld()
      const text = cursors.textAt(bytes, index)
      if (text === undefined) return undefined
      // Asked for each record, and mostly a plain text.
      if (text.startsWith('"') && !text.includes('\\')) return text.slice(1, -1)
      const value = parseJson(text)
      return typeof value === 'object' || typeof value === 'boolean' ? undefined : value
    },
    release() {
      checkHeld()
      isHeld = false
      release()
    },
  }
}
