import type { ColumnVector } from '../../load/batch.ts'
import type { TextBuilder } from '../../load/texts.ts'
import { toBinary } from '../coerce.ts'
import { type ColumnBuilder, Validity } from './builder.ts'

/** `binary`. */
export class BinaryBuilder extends Validity implements ColumnBuilder {
  private values: (Uint8Array | undefined)[]

  constructor(capacity: number) {
    super(capacity)
    this.values = new Array(capacity)
  }

  set(row: number, value: unknown): boolean {
    const bytes = toBinary(value)
    if (bytes === undefined) return false
    this.values[row] = bytes
    return this.mark(row)
  }

  textAt(row: number): string {
    return String(this.values[row])
  }

  append(from: ColumnBuilder, count: number, at: number): void {
    for (let row = 0; row < count; row++) this.copy(from, row, at + row)
  }

  copy(from: ColumnBuilder, row: number, to: number): void {
    if (!from.has(row)) return
    this.values[to] = (from as BinaryBuilder).values[row]
    this.mark(to)
  }

  putText(row: number, texts: TextBuilder, to: number): void {
    texts.set(to, this.textAt(row))
  }

  fresh(capacity: number): BinaryBuilder {
    return new BinaryBuilder(capacity)
  }

  grow(capacity: number): void {
    this.values.length = capacity
    this.growValid(capacity)
  }

  reset(): void {
    this.valid.fill(0)
  }

  take(_rowCount: number, capacity: number): ColumnVector {
    const { values } = this
    this.values = new Array(capacity)
    return { kind: 'bytes', values, valid: this.takeValid(capacity) }
  }
}
