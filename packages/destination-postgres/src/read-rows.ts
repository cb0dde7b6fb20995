import { formatDate, formatInstant, formatTime } from '@tributary/core'
import type { Connection } from './connection.ts'
import { base64, givenName, identifier } from './sql.ts'
import { streamRows } from './stream.ts'
import { qualified } from './system-tables.ts'

/** How values of a type are asked for, and what becomes of their text. */
interface Reading {
  select(column: string): string
  value(text: string): unknown
}

const asText = (column: string): string => `${column}::text`
const micros = (column: string): string => `(extract(epoch FROM ${column}) * 1000000)::bigint::text`
/** `infinity` and `-infinity` stay as they are. */
const finite = (column: string, select: string): string => `CASE WHEN isfinite(${column}) THEN ${select} ELSE ${column}::text END`
const unlessInfinite =
  (format: (text: string) => string) =>
  (text: string): string =>
    text.endsWith('infinity') ? text : format(text)

const integer: Reading = {
  select: asText,
  value: (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text)),
}
const number: Reading = { select: asText, value: Number }
const instant: Reading = {
  select: (column) => finite(column, micros(column)),
  value: unlessInfinite((text) => formatInstant(BigInt(text))),
}
const plain: Reading = { select: asText, value: (text) => text }

/** By the names of PostgreSQL's types; all others are read as text. */
const READINGS: Readonly<Record<string, Reading>> = {
  int2: integer,
  int4: integer,
  int8: integer,
  float4: number,
  float8: number,
  bool: { select: asText, value: (text) => text === 'true' },
  timestamptz: instant,
  timestamp: instant,
  date: {
    select: (column) => finite(column, `(${column} - DATE '1970-01-01')::text`),
    value: unlessInfinite((text) => formatDate(Number(text))),
  },
  time: { select: micros, value: (text) => formatTime(BigInt(text)) },
  bytea: { select: base64, value: (text) => text },
}

/**
 * The rows of a table, exactly as they are stored: no value passes through a type that could not hold it. `undefined` where
 * there is no such table.
 */
export async function readRows(
  connection: Connection,
  dataset: string,
  table: string,
): Promise<AsyncIterable<Record<string, unknown>> | undefined> {
  const columns = await connection.rows(
    `SELECT attname, typname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
       JOIN pg_attribute a ON attrelid = c.oid JOIN pg_type t ON t.oid = atttypid
     WHERE nspname = $1 AND relname = $2 AND relkind IN ('r', 'p', 'v', 'm', 'f') AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [dataset, table],
  )
  if (columns.length === 0) return undefined
  const readings = columns.map(({ attname, typname }, index) => {
    const reading = READINGS[typname!] ?? plain
    return { name: givenName(attname!), as: `c${index}`, select: reading.select(identifier(attname!)), value: reading.value }
  })
  const sql = `SELECT ${readings.map(({ select, as }) => `${select} AS ${as}`).join(', ')} FROM ${qualified(dataset, table)}`
  return {
    async *[Symbol.asyncIterator]() {
      for await (const row of streamRows(connection, sql)) {
        yield Object.fromEntries(
          readings.flatMap(({ name, as, value }) => {
            const text = row[as]
            return text === null || text === undefined ? [] : [[name, value(text)]]
          }),
        )
      }
    },
  }
}
