import type { ColumnBuilder } from '../normalize/columns/builder.ts'

/** There may be thousands of columns, and several pages are read at once. */
const FIRST_CAPACITY = 64

/** The rows of one table that a page has. */
export class ScannedTable {
  rowCount = 0
  readonly builders: readonly ColumnBuilder[]
  /** Of each row: the row of its parent, that of its record, and its place in the list. Of the root table they mean nothing. */
  parentRows: Int32Array
  rootRows: Int32Array
  indexes: Int32Array
  private capacity: number

  /** `sources`: builders of the columns' types. */
  constructor(sources: readonly ColumnBuilder[], capacity: number = FIRST_CAPACITY) {
    this.capacity = capacity
    this.builders = sources.map((source) => source.fresh(capacity))
    this.parentRows = new Int32Array(capacity)
    this.rootRows = new Int32Array(capacity)
    this.indexes = new Int32Array(capacity)
  }

  /** Starts a row; its number is the answer. */
  begin(parentRow: number, rootRow: number, index: number): number {
    if (this.rowCount === this.capacity) this.grow()
    const row = this.rowCount++
    this.parentRows[row] = parentRow
    this.rootRows[row] = rootRow
    this.indexes[row] = index
    return row
  }

  reset(): void {
    this.rowCount = 0
    for (const builder of this.builders) builder.reset()
  }

  private grow(): void {
    this.capacity *= 2
    for (const builder of this.builders) builder.grow(this.capacity)
    this.parentRows = grown(this.parentRows, this.capacity)
    this.rootRows = grown(this.rootRows, this.capacity)
    this.indexes = grown(this.indexes, this.capacity)
  }
}

function grown(values: Int32Array, capacity: number): Int32Array {
  const larger = new Int32Array(capacity)
  larger.set(values)
  return larger
}
