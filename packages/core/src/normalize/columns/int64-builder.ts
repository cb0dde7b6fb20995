import type { ColumnVector } from '../../load/batch.ts'
import type { TextBuilder } from '../../load/texts.ts'
import { isInt64 } from '../coerce.ts'
import { type ColumnBuilder, Validity } from './builder.ts'

const HALF = 4_294_967_296

/** `bigint`, `timestamp` and `time`. Safe integers go in as two halves, with no BigInt made. */
export class Int64Builder extends Validity implements ColumnBuilder {
  private values: BigInt64Array
  private low: Uint32Array
  private high: Int32Array
  private readonly convert: (value: unknown) => number | bigint | undefined
  /** Rows of this batch with an integer beyond ±2^53. */
  private beyond = 0

  constructor(capacity: number, convert: (value: unknown) => number | bigint | undefined) {
    super(capacity)
    this.convert = convert
    this.values = new BigInt64Array(capacity)
    this.low = new Uint32Array(this.values.buffer)
    this.high = new Int32Array(this.values.buffer)
  }

  set(row: number, value: unknown): boolean {
    const number = this.convert(value)
    if (number === undefined) return false
    if (typeof number === 'number') return this.setInteger(row, number)
    if (!isInt64(number)) return false
    // A key is written twice.
    if (!this.isBeyond(row)) this.beyond++
    this.values[row] = number
    return this.mark(row)
  }

  /** A safe integer, as the column has it: of a timestamp, microseconds. */
  setInteger(row: number, number: number): true {
    this.low[row * 2] = number
    this.high[row * 2 + 1] = Math.floor(number / HALF)
    return this.mark(row)
  }

  override clear(row: number): void {
    if (this.isBeyond(row)) this.beyond--
    super.clear(row)
  }

  /** An integer beyond ±2^53 was taken in this batch. */
  exceedsDouble(): boolean {
    return this.beyond > 0
  }

  private isBeyond(row: number): boolean {
    return this.has(row) && !Number.isSafeInteger(this.numberAt(row))
  }

  /** Exact where it is safe. */
  private numberAt(row: number): number {
    return this.high[row * 2 + 1]! * HALF + this.low[row * 2]!
  }

  textAt(row: number): string {
    const number = this.numberAt(row)
    return String(Number.isSafeInteger(number) ? number : this.values[row])
  }

  append(from: ColumnBuilder, count: number, at: number): void {
    const { values, beyond } = from as Int64Builder
    this.values.set(values.subarray(0, count), at)
    this.beyond += beyond
    this.appendValid(from as Int64Builder, count, at)
  }

  copy(from: ColumnBuilder, row: number, to: number): void {
    const { low, high } = from as Int64Builder
    if (!from.has(row)) return
    this.low[to * 2] = low[row * 2]!
    this.high[to * 2 + 1] = high[row * 2 + 1]!
    this.mark(to)
    if (this.isBeyond(to)) this.beyond++
  }

  putText(row: number, texts: TextBuilder, to: number): void {
    const number = this.numberAt(row)
    if (Number.isSafeInteger(number)) texts.setInteger(to, number)
    else texts.set(to, this.textAt(row))
  }

  fresh(capacity: number): Int64Builder {
    return new Int64Builder(capacity, this.convert)
  }

  grow(capacity: number): void {
    const grown = new BigInt64Array(capacity)
    grown.set(this.values)
    this.use(grown)
    this.growValid(capacity)
  }

  reset(): void {
    this.beyond = 0
    this.valid.fill(0)
  }

  take(_rowCount: number, capacity: number): ColumnVector {
    const { values } = this
    this.beyond = 0
    this.use(new BigInt64Array(capacity))
    return { kind: 'int64', values, valid: this.takeValid(capacity) }
  }

  private use(values: BigInt64Array): void {
    this.values = values
    this.low = new Uint32Array(values.buffer)
    this.high = new Int32Array(values.buffer)
  }
}

/** Whether a builder of integers has taken one in this batch that a double could not hold. */
export const exceedsDouble = (builder: ColumnBuilder): boolean => builder instanceof Int64Builder && builder.exceedsDouble()
