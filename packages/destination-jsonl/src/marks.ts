import { BitSet } from './bit-set.ts'

/** Rows of a table's files, at one bit each. */
export class Marks {
  size = 0
  private readonly files: Map<string, BitSet> = new Map()

  has(file: string, row: number): boolean {
    return this.files.get(file)?.has(row) === true
  }

  add(file: string, row: number): void {
    const rows = this.files.get(file) ?? new BitSet()
    this.files.set(file, rows)
    const before = rows.size
    rows.add(row)
    this.size += rows.size - before
  }

  isEmpty(file: string): boolean {
    return (this.files.get(file)?.size ?? 0) === 0
  }
}
