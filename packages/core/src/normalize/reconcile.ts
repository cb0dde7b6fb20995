import type { DeclaredScalar } from '../connector/declared.ts'
import { TributaryError } from '../errors.ts'
import type { Column, ColumnType } from '../load/schema.ts'

/**
 * Type changes that keep every value, and give the same text in every destination. `bigint` → `double` only while no
 * value is beyond ±2^53.
 */
const WIDENS: Readonly<Partial<Record<ColumnType, readonly ColumnType[]>>> = {
  bigint: ['double', 'decimal', 'text'],
  bool: ['text'],
  date: ['timestamp', 'text'],
  time: ['text'],
  decimal: ['text'],
  uuid: ['text'],
}

/**
 * A column as it is in the table, brought to what the connector now declares of it. Throws `SCHEMA_CONFLICT` where that
 * would lose values; a column that is no longer declared becomes nullable and stays.
 */
export function reconcile(resource: string, table: string, stored: Column, declared: DeclaredScalar | undefined): Column {
  if (declared === undefined) {
    const { declared: _was, ...column } = stored
    return { ...column, nullable: true }
  }
  const { type, precision, scale, nullable, description } = declared
  const unchanged = stored.type === type && (type !== 'decimal' || (stored.precision === precision && stored.scale === scale))
  if (!unchanged && !canWiden(stored, declared)) {
    throw new TributaryError({
      code: 'SCHEMA_CONFLICT',
      recovery: 'fix-config',
      message: `${resource}: the column ${table}.${stored.name} holds ${stored.type}, but the connector now declares ${type}, which could lose values. Load it anew with --full-refresh.`,
    })
  }
  const { precision: _precision, scale: _scale, description: _description, ...rest } = stored
  return {
    ...rest,
    type,
    declared: true,
    nullable: stored.nullable || nullable,
    ...(precision !== undefined && { precision }),
    ...(scale !== undefined && { scale }),
    ...(description !== undefined && { description }),
  }
}

function canWiden(stored: Column, declared: DeclaredScalar): boolean {
  if (stored.type === 'decimal' && declared.type === 'decimal') {
    const { precision: fromDigits = 38, scale: fromScale = 0 } = stored
    const { precision = 38, scale = 0 } = declared
    return scale >= fromScale && precision - scale >= fromDigits - fromScale
  }
  if (stored.type === 'bigint' && declared.type === 'double') return stored.exceedsDouble !== true
  if (stored.type === 'bigint' && declared.type === 'decimal') return (declared.precision ?? 38) - (declared.scale ?? 0) >= 19
  return WIDENS[stored.type]?.includes(declared.type) ?? false
}
