import type { ColumnType } from '../load/schema.ts'
import { inferType, isInt64, toDecimalText } from './coerce.ts'
import type { ColumnTraits } from './columns/column-builder.ts'
import type { Journal } from './journal.ts'
import type { ColumnSlot, TableWriter } from './table-writer.ts'

/**
 * Finds a place for a value that does not fit its column: an inferred column widens where that loses no digit, else the
 * value goes to a variant column. Never fails.
 */
export function placeMisfit(
  table: TableWriter,
  journal: Journal,
  slot: ColumnSlot,
  row: number,
  value: unknown,
  isDouble: () => boolean,
): void {
  const wider = widerTraits(slot, value)
  if (wider !== undefined && table.widen(slot, wider) && slot.builder.set(row, value)) return
  const inferred = variantType(value)
  // An integral number that there is a place for goes there, however it is written.
  const type = inferred === 'bigint' && !slot.variants.has(inferred) && isDouble() ? 'double' : inferred
  let variant = slot.variants.get(type)
  if (variant === undefined) {
    variant = table.create({ type, path: slot.column.path, variant: type, nullable: true })
    slot.variants.set(type, variant)
    journal.made(() => slot.variants.delete(type))
  }
  if (!variant.builder.set(row, value)) placeMisfit(table, journal, variant, row, value, isDouble)
}

/** Writes a value into the variant column that is there for its type; false: there is none, or it would have to change. */
export function takeInVariant(slot: ColumnSlot, row: number, value: unknown): boolean {
  const type = variantType(value)
  return slot.variants.get(type)?.builder.set(row, value) === true
}

/** The type that holds both what is in the column and `value`, with every digit. */
function widerTraits({ column }: ColumnSlot, value: unknown): ColumnTraits | undefined {
  if (column.declared === true) return undefined
  const integer = typeof value === 'bigint' ? value : undefined
  if (column.type === 'bigint') {
    if (typeof value === 'number') return column.exceedsDouble === true ? undefined : { type: 'double' }
    if (integer !== undefined && !isInt64(integer))
      return toDecimalText(integer, 38, 0) === undefined ? { type: 'text' } : { type: 'decimal', precision: 38, scale: 0 }
  }
  return column.type === 'decimal' && integer !== undefined ? { type: 'text' } : undefined
}

/** A type for a variant column that takes any value of its kind. */
function variantType(value: unknown): ColumnType {
  const type = inferType(value)
  return type === undefined ? 'json' : type === 'decimal' ? 'text' : type
}
