import { type Column, type ColumnType, SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import { columnType, identifier } from '@tributary/duckdb-engine'

/** A column of a table's files. */
export interface FileColumn {
  readonly name: string
  readonly type: ColumnType
  /** Its name as SQL. */
  readonly sql: string
  /** Its SQL type in DuckDB's tables, and in the files. */
  readonly tableType: string
  readonly fileType: string
}

const { id, loadId, parentId, rootId, index, validFrom, validTo, rowHash } = SYSTEM_COLUMNS

/** All columns of a table's files, in order: those of the data, then the system's. */
export function fileColumns({ columns, parent, versioned }: TableSchema): FileColumn[] {
  const system: (readonly [name: string, type: ColumnType])[] = [[id, 'text']]
  if (parent !== undefined) system.push([parentId, 'text'], [rootId, 'text'], [index, 'bigint'])
  system.push([loadId, 'bigint'])
  if (versioned === true) system.push([validFrom, 'timestamp'], [validTo, 'timestamp'], [rowHash, 'text'])
  return [...columns.map(fileColumn), ...system.map(([name, type]) => fileColumn({ name, type }))]
}

/** Spark refuses a table that has one column of Parquet's own types for these. As text they read the same everywhere. */
const AS_TEXT: ReadonlySet<ColumnType> = new Set(['uuid', 'time'])

function fileColumn(column: Pick<Column, 'name' | 'type' | 'precision' | 'scale'>): FileColumn {
  const { name, type } = column
  const tableType = columnType(column)
  const fileType = AS_TEXT.has(type) ? 'VARCHAR' : tableType
  return { name, type, sql: identifier(name), tableType, fileType }
}

/** Whether files of one schema have the very columns of the other, so that a reader sees no difference. */
export function isSameShape(one: TableSchema, other: TableSchema): boolean {
  const shape = (schema: TableSchema): string => JSON.stringify(fileColumns(schema).map(({ name, fileType }) => [name, fileType]))
  return shape(one) === shape(other)
}
