import { BitSet } from './bit-set.ts'

/** Rows of a table's files, which go by their place in its list, at one bit each. */
export class Marks {
  size = 0
  private readonly files: Map<number, BitSet> = new Map()

  has(file: number, row: number): boolean {
    return this.files.get(file)?.has(row) === true
  }

  add(file: number, row: number): void {
    const rows = this.files.get(file) ?? new BitSet()
    this.files.set(file, rows)
    const before = rows.size
    rows.add(row)
    this.size += rows.size - before
  }

  /** How many rows of a file. */
  count(file: number): number {
    return this.files.get(file)?.size ?? 0
  }
}
