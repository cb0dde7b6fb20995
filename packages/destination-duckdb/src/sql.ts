import { type Column, type ColumnType, SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'

/** A name as SQL: whatever is in it, it cannot break out of its quotes. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A text as SQL. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

const TYPES: Readonly<Record<Exclude<ColumnType, 'decimal'>, string>> = {
  text: 'VARCHAR',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  bool: 'BOOLEAN',
  timestamp: 'TIMESTAMPTZ',
  date: 'DATE',
  time: 'TIME',
  json: 'JSON',
  uuid: 'UUID',
  binary: 'BLOB',
}

export type TypedColumn = Pick<Column, 'type' | 'precision' | 'scale'>

/** The column's type in its table. */
export function columnType({ type, precision = 38, scale = 0 }: TypedColumn): string {
  return type === 'decimal' ? `DECIMAL(${precision}, ${scale})` : TYPES[type]
}

/** The column's type while it is staged: what batches carry as text stays text until it is committed. */
export function stagedType({ type }: TypedColumn): string {
  return type === 'decimal' || type === 'json' || type === 'uuid' ? 'VARCHAR' : TYPES[type]
}

/** System columns of a table that a batch brings, in order, with their types. */
export function systemColumns(table: Pick<TableSchema, 'parent'>): readonly (readonly [name: string, type: string])[] {
  const own = [[SYSTEM_COLUMNS.id, 'VARCHAR']] as const
  if (table.parent === undefined) return own
  return [
    ...own,
    [SYSTEM_COLUMNS.parentId, 'VARCHAR'],
    [SYSTEM_COLUMNS.rootId, 'VARCHAR'],
    [SYSTEM_COLUMNS.index, 'BIGINT'],
  ] as const
}
