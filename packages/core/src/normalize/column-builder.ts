import type { ColumnVector } from '../load/batch.ts'
import type { Column } from '../load/schema.ts'
import {
  isInt64,
  toBinary,
  toBool,
  toDays,
  toDecimalText,
  toDouble,
  toInteger,
  toJsonText,
  toMicros,
  toText,
  toTimeMicros,
  toUuid,
} from './coerce.ts'

/** What a column needs to know to take values. */
export interface ColumnTraits extends Pick<Column, 'type' | 'precision' | 'scale'> {
  readonly epoch?: 'seconds' | 'milliseconds'
}

/** Collects the values of one column, row by row: one monomorphic class a vector kind, no object a value. */
export interface ColumnBuilder {
  /** Takes a value that is not null; false: it does not fit, and nothing was written. */
  set(row: number, value: unknown): boolean
  /** Forgets the value at `row`, if there is one. */
  clear(row: number): void
  has(row: number): boolean
  /** The value at `row` as the text that stands for it in an id. */
  textAt(row: number): string
  grow(capacity: number): void
  /** Hands the values over and starts afresh. */
  take(capacity: number): ColumnVector
}

/** One bit a row. */
const words = (capacity: number): number => (capacity + 31) >>> 5

abstract class Builder {
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

/** `bigint`, `timestamp` and `time`. Safe integers go in as two halves, with no BigInt made. */
class Int64Builder extends Builder implements ColumnBuilder {
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
    if (typeof number === 'number') {
      this.low[row * 2] = number
      this.high[row * 2 + 1] = Math.floor(number / 4_294_967_296)
    } else {
      if (!isInt64(number)) return false
      // A key is written twice.
      if (!this.isBeyond(row)) this.beyond++
      this.values[row] = number
    }
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
    return this.has(row) && !Number.isSafeInteger(Number(this.values[row]))
  }

  textAt(row: number): string {
    return String(this.values[row])
  }

  grow(capacity: number): void {
    const grown = new BigInt64Array(capacity)
    grown.set(this.values)
    this.use(grown)
    this.growValid(capacity)
  }

  take(capacity: number): ColumnVector {
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

class NumberBuilder<TArray extends Float64Array | Int32Array | Uint8Array> extends Builder implements ColumnBuilder {
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
    if (number === undefined) return false
    this.values[row] = number
    return this.mark(row)
  }

  textAt(row: number): string {
    return String(this.values[row])
  }

  grow(capacity: number): void {
    const grown = this.allocate(capacity)
    grown.set(this.values)
    this.values = grown
    this.growValid(capacity)
  }

  take(capacity: number): ColumnVector {
    const { values } = this
    this.values = this.allocate(capacity)
    return this.wrap(values, this.takeValid(capacity))
  }
}

class ListBuilder<T> extends Builder implements ColumnBuilder {
  private values: (T | undefined)[]
  private readonly convert: (value: unknown) => T | undefined
  private readonly wrap: (values: (T | undefined)[], valid: Uint32Array) => ColumnVector

  constructor(
    capacity: number,
    convert: (value: unknown) => T | undefined,
    wrap: (values: (T | undefined)[], valid: Uint32Array) => ColumnVector,
  ) {
    super(capacity)
    this.convert = convert
    this.wrap = wrap
    this.values = new Array(capacity)
  }

  set(row: number, value: unknown): boolean {
    const converted = this.convert(value)
    if (converted === undefined) return false
    this.values[row] = converted
    return this.mark(row)
  }

  textAt(row: number): string {
    return String(this.values[row])
  }

  grow(capacity: number): void {
    this.values.length = capacity
    this.growValid(capacity)
  }

  take(capacity: number): ColumnVector {
    const { values } = this
    this.values = new Array(capacity)
    return this.wrap(values, this.takeValid(capacity))
  }
}

const textVector = (values: (string | undefined)[], valid: Uint32Array): ColumnVector => ({ kind: 'text', values, valid })

/** The builder for a column type. */
export function createColumnBuilder(traits: ColumnTraits, capacity: number): ColumnBuilder {
  const { precision = 38, scale = 0, epoch } = traits
  switch (traits.type) {
    case 'bigint':
      return new Int64Builder(capacity, toInteger)
    case 'timestamp':
      return new Int64Builder(capacity, (value) => toMicros(value, epoch))
    case 'time':
      return new Int64Builder(capacity, toTimeMicros)
    case 'double':
      return new NumberBuilder(
        capacity,
        (size) => new Float64Array(size),
        toDouble,
        (values, valid) => ({ kind: 'float64', values, valid }),
      )
    case 'date':
      return new NumberBuilder(
        capacity,
        (size) => new Int32Array(size),
        toDays,
        (values, valid) => ({ kind: 'int32', values, valid }),
      )
    case 'bool':
      return new NumberBuilder(
        capacity,
        (size) => new Uint8Array(size),
        toBool,
        (values, valid) => ({ kind: 'bool', values, valid }),
      )
    case 'text':
      return new ListBuilder(capacity, toText, textVector)
    case 'json':
      return new ListBuilder(capacity, toJsonText, textVector)
    case 'uuid':
      return new ListBuilder(capacity, toUuid, textVector)
    case 'decimal':
      return new ListBuilder(capacity, (value) => toDecimalText(value, precision, scale), textVector)
    case 'binary':
      return new ListBuilder(capacity, toBinary, (values, valid) => ({ kind: 'bytes', values, valid }))
  }
}

/** Whether a builder of integers has taken one in this batch that a double could not hold. */
export function exceedsDouble(builder: ColumnBuilder): boolean {
  return builder instanceof Int64Builder && builder.exceedsDouble()
}
