import { parseJson } from '../http/json.ts'
import type { JsonValue } from '../http/request.ts'
import { readAroundList } from './around-list.ts'
import type { ScanLayout } from './layout.ts'
import { RecordScanner } from './record-scanner.ts'
import { createRoom, type PageRoom, type ScannedRows, scannedRows } from './scanned-rows.ts'

/** A body whose records are read as rows. */
export interface ScannedBody {
  /** Keys that lead to its list of records. */
  readonly path: readonly string[]
  /** Without its records: their list is empty. */
  readonly around: JsonValue
  readonly rows: ScannedRows
  /** All of it, parsed. */
  whole(): JsonValue
}

/** Reads the records of bodies as rows, where it can. */
export interface PageScanner {
  /**
   * `path`: keys that lead to the list of records. `bytes`: UTF-8. `done`: called when they are no longer needed. Undefined: it cannot, and the
   * body is to be parsed.
   */
  read(bytes: Buffer, path: readonly string[], done?: () => void): ScannedBody | undefined
  /** Tables or columns may have changed: the next page is read by what there is then. */
  changed(): void
}

/** Bodies in vain, beyond as many as were read, after which none is tried any more: each costs a part of its time twice. */
const MOST_IN_VAIN = 8

/** `layout`: makes one of what there is; undefined: no page can be read by it. */
export function createPageScanner(makeLayout: () => ScanLayout | undefined): PageScanner {
  let layout: ScanLayout | undefined
  let scanner: RecordScanner | undefined
  let rooms: PageRoom[] = []
  let isStale = true
  let inVain = 0

  const refresh = (): void => {
    if (!isStale) return
    isStale = false
    layout = makeLayout()
    scanner = layout && new RecordScanner(layout)
    rooms = []
  }

  return {
    read(bytes, path, done = () => {}) {
      if (inVain > MOST_IN_VAIN) return undefined
      refresh()
      if (layout === undefined || scanner === undefined) return undefined
      const [own, room] = [rooms, rooms.pop() ?? createRoom(layout)]
      const release = (): void => {
        for (const table of room.tables) table.reset()
        own.push(room)
      }
      for (const [place, table] of layout.tables.entries()) {
        table.rows = room.tables[place]!
        for (const [index, column] of table.columns.entries()) column.builder = table.rows.builders[index]!
      }
      const reader = scanner
      const around = readAroundList(bytes, path, (at) => reader.read(bytes, at, room.records, room.cursors))
      if (around === undefined) {
        inVain++
        release()
        return undefined
      }
      inVain = Math.max(0, inVain - 1)
      let whole: JsonValue | undefined
      const rows = scannedRows(layout, room, bytes, () => {
        release()
        done()
      })
      return {
        path,
        around,
        rows,
        whole() {
          rows.checkHeld()
          whole ??= parseJson(bytes.toString())
          return whole
        },
      }
    },
    changed() {
      isStale = true
    },
  }
}
