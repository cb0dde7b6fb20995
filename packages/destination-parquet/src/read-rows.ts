import { type DuckDBBlobValue, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'
import { type ColumnType, formatDate, formatInstant, formatTime } from '@tributary/core'
import { readParquet } from '@tributary/duckdb-engine'
import type { FileFormat } from '@tributary/file-dataset'
import { fileColumns } from './columns.ts'
import { parquetError } from './errors.ts'

/** Reads rows of files, as `DatasetReader.rows` gives them, with one DuckDB for all: to start one takes longer than to read most files. */
export function createReader(): FileFormat['rows'] {
  let started: Promise<DuckDBInstance> | undefined
  return async function* (path, table) {
    // One thread keeps the rows of a file in their order, and no more of them in memory than are handed on.
    started ??= DuckDBInstance.create(':memory:', { threads: '1' })
    const connection = await (await started).connect()
    try {
      const columns = fileColumns(table).map(({ name, sql, type }) => ({ name, reader: READERS[type], sql }))
      const values = columns.map(({ sql, reader }) => reader.sql(sql))
      const result = await connection.stream(`SELECT ${values.join(', ')} FROM ${readParquet([path])}`)
      for await (const rows of result.yieldRows()) {
        for (const row of rows) {
          const present = columns.flatMap(({ name, reader }, index) => {
            const value = row[index]!
            return value === null ? [] : [[name, reader.value(value)] as const]
          })
          yield Object.fromEntries(present)
        }
      }
    } catch (error) {
      throw parquetError(path, 'reading', error)
    } finally {
      connection.closeSync()
    }
  }
}

/** How a value is asked for, and what is made of the answer: nothing that depends on the zone or the habits of the library. */
interface Reader {
  sql(name: string): string
  value(value: DuckDBValue): unknown
}

const asItIs: Reader = { sql: (name) => name, value: (value) => value }
const asText: Reader = { sql: (name) => `CAST(${name} AS VARCHAR)`, value: String }

const READERS: Readonly<Record<ColumnType, Reader>> = {
  // As bytes: the library takes a byte order mark at the beginning of a text away.
  text: { sql: (name) => `encode(${name})`, value: (value) => bytes(value).toString('utf8') },
  bigint: { sql: (name) => name, value: (value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value) },
  double: asItIs,
  bool: asItIs,
  timestamp: { sql: (name) => `epoch_us(${name})`, value: (value) => formatInstant(value as bigint) },
  date: { sql: (name) => `${name} - DATE '1970-01-01'`, value: (value) => formatDate(Number(value)) },
  time: { sql: (name) => `epoch_us(CAST(${name} AS TIME))`, value: (value) => formatTime(value as bigint) },
  // DuckDB leaves a zero before the point out where the type has no digit for it.
  decimal: { ...asText, value: (value) => String(value).replace(/^(-?)\./, '$10.') },
  json: asText,
  uuid: asText,
  binary: { sql: (name) => name, value: (value) => bytes(value).toString('base64') },
}

function bytes(value: DuckDBValue): Buffer {
  const { buffer, byteOffset, byteLength } = (value as DuckDBBlobValue).bytes
  return Buffer.from(buffer, byteOffset, byteLength)
}
