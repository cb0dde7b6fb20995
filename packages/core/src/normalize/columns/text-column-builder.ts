import type { ColumnVector } from '../../load/batch.ts'
import { TextBuilder } from '../../load/texts.ts'
import { type ColumnBuilder, Validity } from './builder.ts'

/** `text`, and what is kept as text: `json`, `uuid` and `decimal`. */
export class TextColumnBuilder extends Validity implements ColumnBuilder {
  private readonly texts: TextBuilder
  private readonly convert: (value: unknown) => string | undefined

  constructor(capacity: number, convert: (value: unknown) => string | undefined) {
    super(capacity)
    this.convert = convert
    this.texts = new TextBuilder(capacity)
  }

  set(row: number, value: unknown): boolean {
    const text = this.convert(value)
    if (text === undefined) return false
    this.texts.set(row, text)
    return this.mark(row)
  }

  /** See `TextBuilder.setPlain`: a text as the column has it. */
  setPlain(row: number, source: Uint8Array, start: number): number {
    const end = this.texts.setPlain(row, source, start)
    if (end !== -1) this.mark(row)
    return end
  }

  hadHalfPair(): boolean {
    return this.texts.hadHalfPair
  }

  textAt(row: number): string {
    return this.texts.textAt(row)
  }

  append(from: ColumnBuilder, count: number, at: number): void {
    this.texts.append((from as TextColumnBuilder).texts, count, at)
    this.appendValid(from as TextColumnBuilder, count, at)
  }

  copy(from: ColumnBuilder, row: number, to: number): void {
    if (!from.has(row)) return
    this.texts.copy((from as TextColumnBuilder).texts, row, to)
    this.mark(to)
  }

  putText(row: number, texts: TextBuilder, to: number): void {
    texts.copy(this.texts, row, to)
  }

  fresh(capacity: number): TextColumnBuilder {
    return new TextColumnBuilder(capacity, this.convert)
  }

  grow(capacity: number): void {
    this.texts.grow(capacity)
    this.growValid(capacity)
  }

  reset(): void {
    this.texts.reset()
    this.valid.fill(0)
  }

  take(rowCount: number, capacity: number): ColumnVector {
    return { kind: 'text', ...this.texts.take(rowCount, capacity), valid: this.takeValid(capacity) }
  }
}

/** Whether half of a surrogate pair was replaced in some text since the last batch. */
export const hadHalfPair = (builder: ColumnBuilder): boolean => builder instanceof TextColumnBuilder && builder.hadHalfPair()
