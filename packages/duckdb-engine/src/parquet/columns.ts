import type { ColumnType } from '@tributary/core'
import { bool, i32, type Struct, struct } from './thrift.ts'

// Types and encodings: https://github.com/apache/parquet-format

const BOOLEAN = 0
const INT32 = 1
const INT64 = 2
const DOUBLE = 5
const BYTE_ARRAY = 6

const PLAIN = 0
export const DELTA_LENGTH_BYTE_ARRAY = 6

/** A column of a file. */
export interface ParquetColumn {
  readonly name: string
  /** Parquet's own. */
  readonly type: number
  readonly encoding: number
  /** A row may have no value. */
  readonly isOptional: boolean
  /** What the values mean, where the type does not say it: fields of a schema element. */
  readonly meaning?: Struct
}

const MICROS = struct({ 2: struct({}) })
/** Fields 6 and 10 of a schema element: the converted type, and the logical type that has come in its place. */
const STRING: Struct = { 6: i32(0) }
const DATE: Struct = { 6: i32(6) }
const TIME: Struct = { 10: struct({ 7: struct({ 1: bool(false), 2: MICROS }) }) }
const INSTANT: Struct = { 10: struct({ 8: struct({ 1: bool(true), 2: MICROS }) }) }

/** A column for the values of a column type. What batches carry as text is text. */
export function dataColumn(name: string, type: ColumnType): ParquetColumn {
  const column = (stored: number, meaning?: Struct): ParquetColumn => ({
    name,
    type: stored,
    encoding: PLAIN,
    isOptional: true,
    ...(meaning !== undefined && { meaning }),
  })
  switch (type) {
    case 'bigint':
      return column(INT64)
    case 'double':
      return column(DOUBLE)
    case 'bool':
      return column(BOOLEAN)
    case 'date':
      return column(INT32, DATE)
    case 'time':
      return column(INT64, TIME)
    case 'timestamp':
      return column(INT64, INSTANT)
    case 'binary':
      return column(BYTE_ARRAY)
    default:
      return { ...textColumn(name), isOptional: true }
  }
}

/** Columns in which every row has a value. */
export const textColumn = (name: string): ParquetColumn => ({
  name,
  type: BYTE_ARRAY,
  encoding: DELTA_LENGTH_BYTE_ARRAY,
  isOptional: false,
  meaning: STRING,
})
export const doubleColumn = (name: string): ParquetColumn => ({ name, type: DOUBLE, encoding: PLAIN, isOptional: false })
export const int32Column = (name: string): ParquetColumn => ({ name, type: INT32, encoding: PLAIN, isOptional: false })
export const flagColumn = (name: string): ParquetColumn => ({ name, type: BOOLEAN, encoding: PLAIN, isOptional: false })
