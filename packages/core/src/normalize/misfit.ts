import type { ColumnType } from '../load/schema.ts'
import { inferType, isInt64, toDecimalText } from './coerce.ts'
import type { ColumnTraits } from './column-builder.ts'
import type { ColumnSlot, TableWriter } from './table-writer.ts'

/**
 * Finds a place for a value that does not fit its inferred column: the column widens where that loses no digit, else
 * the value goes to a variant column. Never fails for a scalar.
 */
export function placeMisfit(table: TableWriter, slot: ColumnSlot, row: number, value: unknown): void {
  const wider = widerTraits(slot, value)
  if (wider !== undefined && table.widen(slot, wider) && slot.builder.set(row, value)) return
  const type = variantType(value)
  let variant = slot.variants.get(type)
  if (variant === undefined) {
    variant = table.create({ type, path: slot.column.path, variant: type, nullable: true })
    slot.variants.set(type, variant)
  }
  if (!variant.builder.set(row, value)) placeMisfit(table, variant, row, value)
}

/** The type that holds both what is in the column and `value`, with every digit. */
function widerTraits({ column }: ColumnSlot, value: unknown): ColumnTraits | undefined {
  if (column.declared === true) return undefined
  const integer = typeof value === 'bigint' ? value : undefined
  if (column.type === 'bigint') {
    if (typeof value === 'number' && !Number.isInteger(value))
      return column.exceedsDouble === true ? undefined : { type: 'double' }
    if (typeof value === 'number') return { type: 'double' }
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
