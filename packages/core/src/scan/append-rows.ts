import type { TableWriter } from '../normalize/table-writer.ts'
import type { ScanTable } from './layout.ts'
import type { ScannedRows } from './scanned-rows.ts'
import type { ScannedTable } from './scanned-table.ts'

export interface AppendOptions {
  /** Records that are taken; undefined: all. */
  readonly isTaken: ((index: number) => boolean) | undefined
  /** Position in the load of the first that is taken. */
  readonly sequence: number
  /** Writes the ids of so many rows of the root table, from a row on. */
  writeRootIds(table: TableWriter, from: number, count: number): void
}

/** Rows of a page that go into a table: one behind the other from `first` on. */
interface Placed {
  readonly writer: TableWriter
  readonly first: number
  readonly count: number
  /** By the row of the page; undefined: all of them, in their order. */
  readonly places: Int32Array | undefined
}

/** Puts the rows of a page into the tables of its resource. Answers how many records were taken. */
export function appendRows(page: ScannedRows, { isTaken, sequence, writeRootIds }: AppendOptions): number {
  const [rootTable, ...others] = page.layout.tables as readonly [ScanTable, ...ScanTable[]]
  const [rootRows, ...otherRows] = page.tables as readonly [ScannedTable, ...ScannedTable[]]
  const root = appendTable(rootTable, rootRows, isTaken && placesOf(rootRows, isTaken))
  root.writer.numberRows(root.first, root.count, sequence)
  writeRootIds(root.writer, root.first, root.count)
  const all = [root]
  for (const [index, table] of others.entries()) {
    const rows = otherRows[index]!
    const { places } = root
    const placed = appendTable(table, rows, places && placesOf(rows, (row) => places[rows.rootRows[row]!] !== -1))
    writeLineage(placed, rows, parentOf(placed, all), root)
    all.push(placed)
  }
  return root.count
}

/** Puts the values of a table's rows into its columns. */
function appendTable({ node, columns }: ScanTable, rows: ScannedTable, places: Int32Array | undefined): Placed {
  const writer = node.table
  const count = places === undefined ? rows.rowCount : places.filter((place) => place !== -1).length
  const first = writer.extend(count)
  for (const [index, { slot }] of columns.entries()) {
    const from = rows.builders[index]!
    if (places === undefined) slot.builder.append(from, count, first)
    else for (const [row, place] of places.entries()) if (place !== -1) slot.builder.copy(from, row, first + place)
  }
  return { writer, first, count, places }
}

function writeLineage({ writer, first, places }: Placed, rows: ScannedTable, parent: Placed, root: Placed): void {
  const infix = Buffer.from(`.${writer.identity.name}.`)
  for (let row = 0; row < rows.rowCount; row++) {
    const place = places === undefined ? row : places[row]!
    if (place === -1) continue
    const of = { parent: placeOf(parent, rows.parentRows[row]!), root: placeOf(root, rows.rootRows[row]!) }
    writer.placeChild(first + place, parent.writer, of.parent, root.writer, of.root, infix, rows.indexes[row]!)
  }
}

const placeOf = ({ first, places }: Placed, row: number): number => first + (places === undefined ? row : places[row]!)

/** The place of each row among those that are taken; -1: it is not. */
function placesOf({ rowCount }: ScannedTable, isTaken: (row: number) => boolean): Int32Array {
  const places = new Int32Array(rowCount)
  let next = 0
  for (let row = 0; row < rowCount; row++) places[row] = isTaken(row) ? next++ : -1
  return places
}

const parentOf = ({ writer }: Placed, all: readonly Placed[]): Placed =>
  all.find((other) => other.writer.identity.name === writer.identity.parent)!
