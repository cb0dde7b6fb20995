import type { ColumnVector } from '../../load/batch.ts'
import type { TextBuilder } from '../../load/texts.ts'

/** Collects the values of one column, row by row: one monomorphic class a vector kind, no object a value. */
export interface ColumnBuilder {
  /** Takes a value that is not null; false: it does not fit, and nothing was written. */
  set(row: number, value: unknown): boolean
  /** Forgets the value at `row`, if there is one. */
  clear(row: number): void
  has(row: number): boolean
  /** The value at `row` as the text that stands for it in an id. */
  textAt(row: number): string
  /** Takes the first `count` rows of a builder of the same type, from its own row `at` on, where it has no values yet. */
  append(from: ColumnBuilder, count: number, at: number): void
  /** Takes one row of a builder of the same type. */
  copy(from: ColumnBuilder, row: number, to: number): void
  grow(capacity: number): void
  /** Another one for values of the same type. */
  fresh(capacity: number): ColumnBuilder
  /** Writes the text that stands for the value at `row` in an id as that of a row of `texts`. */
  putText(row: number, texts: TextBuilder, to: number): void
  /** Forgets everything, and keeps its memory. */
  reset(): void
  /** Hands over the values of so many rows, and starts afresh. */
  take(rowCount: number, capacity: number): ColumnVector
}

/** Words of one bit a row. */
const words = (rows: number): number => (rows + 31) >>> 5

/** Which rows have a value. */
export abstract class Validity {
  protected valid: Uint32Array

  constructor(capacity: number) {
    this.valid = new Uint32Array(words(capacity))
  }

  protected mark(row: number): true {
    this.valid[row >>> 5]! |= 1 << (row & 31)
    return true
  }

  clear(row: number): void {
    this.valid[row >>> 5]! &= ~(1 << (row & 31))
  }

  has(row: number): boolean {
    return (this.valid[row >>> 5]! & (1 << (row & 31))) !== 0
  }

  protected appendValid(from: Validity, count: number, at: number): void {
    const shift = at & 31
    let to = at >>> 5
    for (let word = 0; word < words(count); word++, to++) {
      const rows = count - word * 32
      const bits = rows >= 32 ? from.valid[word]! : from.valid[word]! & ((1 << rows) - 1)
      this.valid[to]! |= bits << shift
      // What lies beyond the last word is beyond the last row.
      if (shift > 0 && to + 1 < this.valid.length) this.valid[to + 1]! |= bits >>> (32 - shift)
    }
  }

  protected growValid(capacity: number): void {
    const grown = new Uint32Array(words(capacity))
    grown.set(this.valid)
    this.valid = grown
  }

  protected takeValid(capacity: number): Uint32Array {
    const taken = this.valid
    this.valid = new Uint32Array(words(capacity))
    return taken
  }
}
