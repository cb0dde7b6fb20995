import * as v from 'valibot'
import type { JsonValue } from '../http/request.ts'
import type { ColumnType } from '../load/schema.ts'

/** How a declared column is stored, where valibot's own types do not say it. Kept as metadata of the schema. */
export interface ColumnHint {
  readonly type: ColumnType
  readonly precision?: number
  readonly scale?: number
  /** How the API writes a `timestamp`: ISO 8601 text when left out. */
  readonly epoch?: 'seconds' | 'milliseconds'
}

/** Metadata key under which {@link ColumnHint} is kept. */
export const COLUMN_HINT = 'tributary.column'

function column<T>(hint: ColumnHint, expected: string, check: (value: unknown) => boolean): v.GenericSchema<T> {
  return v.pipe(v.custom<T>(check, `expected ${expected}`), v.metadata({ [COLUMN_HINT]: hint }))
}

const isText = (value: unknown): boolean => typeof value === 'string'
const isNumber = (value: unknown): boolean => typeof value === 'number' || typeof value === 'bigint'

/**
 * A 64-bit integer column. Integers beyond ±(2^53 − 1) are loaded with every digit; in code that sees records they
 * are `bigint`, so declare {@link bigint} where they are to be expected.
 */
export const integer = (): v.GenericSchema<number> => column({ type: 'bigint' }, 'an integer', isNumber)
/** A 64-bit integer column whose values are beyond ±(2^53 − 1) as a matter of course. */
export const bigint = (): v.GenericSchema<bigint> => column({ type: 'bigint' }, 'an integer', isNumber)
/** An instant: ISO 8601 text with a zone, or without one for UTC. Stored in microseconds. */
export const timestamp = (): v.GenericSchema<string> => column({ type: 'timestamp' }, 'an ISO 8601 timestamp', isText)
/** An instant, written by the API as seconds since 1970-01-01T00:00:00Z. */
export const epochSeconds = (): v.GenericSchema<number> =>
  column({ type: 'timestamp', epoch: 'seconds' }, 'seconds since 1970', isNumber)
/** An instant, written by the API as milliseconds since 1970-01-01T00:00:00Z. */
export const epochMilliseconds = (): v.GenericSchema<number> =>
  column({ type: 'timestamp', epoch: 'milliseconds' }, 'milliseconds since 1970', isNumber)
/** A calendar date, `YYYY-MM-DD`. */
export const date = (): v.GenericSchema<string> => column({ type: 'date' }, 'a date, YYYY-MM-DD', isText)
/** A time of day, `HH:MM:SS` with up to six digits of fraction. */
export const time = (): v.GenericSchema<string> => column({ type: 'time' }, 'a time of day, HH:MM:SS', isText)
/** An exact decimal number, as a JSON number or text. `precision`: digits in all, at most 38; `scale`: those after the point. */
export const decimal = (precision = 38, scale = 9): v.GenericSchema<number | string> =>
  column({ type: 'decimal', precision, scale }, 'a decimal number', (value) => isNumber(value) || isText(value))
/** A UUID as text. */
export const uuid = (): v.GenericSchema<string> => column({ type: 'uuid' }, 'a UUID', isText)
/** Any JSON value, kept whole in one column: neither flattened nor divided into child tables. */
export const json = (): v.GenericSchema<JsonValue> => column({ type: 'json' }, 'a JSON value', () => true)
/** Bytes, written by the API as base64. */
export const binary = (): v.GenericSchema<string> => column({ type: 'binary' }, 'base64 text', isText)
