import type { ColumnVector } from '../../load/batch.ts'
import type { TextBuilder } from '../../load/texts.ts'
import { type ColumnBuilder, Validity } from './builder.ts'

/** `double`, `date` and `bool`: values that are numbers of one width. */
export class NumberBuilder<TArray extends Float64Array | Int32Array | Uint8Array> extends Validity implements ColumnBuilder {
  private values: TArray
  private readonly allocate: (capacity: number) => TArray
  private readonly convert: (value: unknown) => number | undefined
  private readonly wrap: (values: TArray, valid: Uint32Array) => ColumnVector

  constructor(
    capacity: number,
    allocate: (capacity: number) => TArray,
    convert: (value: unknown) => number | undefined,
    wrap: (values: TArray, valid: Uint32Array) => ColumnVector,
  ) {
    super(capacity)
    this.allocate = allocate
    this.convert = convert
    this.wrap = wrap
    this.values = allocate(capacity)
  }

  set(row: number, value: unknown): boolean {
    const number = this.convert(value)
    return number !== undefined && this.setNumber(row, number)
  }

  /** A number as the column has it: of a date, days. */
  setNumber(row: number, number: number): true {
    this.values[row] = number
    return this.mark(row)
  }

  textAt(row: number): string {
    return String(this.values[row])
  }

  append(from: ColumnBuilder, count: number, at: number): void {
    const { values } = from as NumberBuilder<TArray>
    this.values.set(values.subarray(0, count), at)
    this.appendValid(from as NumberBuilder<TArray>, count, at)
  }

  copy(from: ColumnBuilder, row: number, to: number): void {
    if (from.has(row)) this.setNumber(to, (from as NumberBuilder<TArray>).values[row]!)
  }

  putText(row: number, texts: TextBuilder, to: number): void {
    texts.set(to, this.textAt(row))
  }

  fresh(capacity: number): NumberBuilder<TArray> {
    return new NumberBuilder(capacity, this.allocate, this.convert, this.wrap)
  }

  grow(capacity: number): void {
    const grown = this.allocate(capacity)
    grown.set(this.values)
    this.values = grown
    this.growValid(capacity)
  }

  reset(): void {
    this.valid.fill(0)
  }

  take(_rowCount: number, capacity: number): ColumnVector {
    const { values } = this
    this.values = this.allocate(capacity)
    return this.wrap(values, this.takeValid(capacity))
  }
}
