import type { Column } from '../../load/schema.ts'
import {
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
} from '../coerce.ts'
import { BinaryBuilder } from './binary-builder.ts'
import type { ColumnBuilder } from './builder.ts'
import { Int64Builder } from './int64-builder.ts'
import { NumberBuilder } from './number-builder.ts'
import { TextColumnBuilder } from './text-column-builder.ts'

/** What a column needs to know to take values. */
export interface ColumnTraits extends Pick<Column, 'type' | 'precision' | 'scale'> {
  readonly epoch?: 'seconds' | 'milliseconds'
}

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
      return new TextColumnBuilder(capacity, toText)
    case 'json':
      return new TextColumnBuilder(capacity, toJsonText)
    case 'uuid':
      return new TextColumnBuilder(capacity, toUuid)
    case 'decimal':
      return new TextColumnBuilder(capacity, (value) => toDecimalText(value, precision, scale))
    case 'binary':
      return new BinaryBuilder(capacity)
  }
}
