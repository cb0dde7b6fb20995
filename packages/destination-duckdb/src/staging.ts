import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api'
import type { Batch, TableSchema } from '@tributary/core'
import { appendBatch } from './chunks.ts'
import type { Memory } from './memory.ts'
import { columnType, identifier, stagedType, systemColumns, type TypedColumn } from './sql.ts'

/** Staging column: position of the record in its load, the same for all rows of one record. */
export const SEQUENCE = '_sync_sequence'

/**
 * What is flushed can go to disk; what is not, DuckDB keeps in memory. It flushes by itself too, after some 200 000 rows,
 * however long they are; for usual rows that comes first, and is fastest.
 */
const FLUSH_BYTES = 64 * 2 ** 20
/** What DuckDB takes for a value, beside the characters of a text. */
const BYTES_PER_VALUE = 16
const SAMPLES = 64

/** A TEMP table of rows that came in one shape. */
interface Part {
  readonly name: string
  readonly columns: ReadonlyMap<string, TypedColumn>
}

/** Rows of one table that wait in TEMP tables, which nobody else sees and which go with the connection. */
export interface StagedTable {
  /** SQL name of a view of all staged rows, there once `finish` was called. */
  readonly view: string
  /** Rows that are staged and not removed. */
  rows(): Promise<number>
  readonly mayRepeat: boolean
  write(batch: Batch): Promise<void>
  /** No more rows come: makes the view, with the columns and types that `schema` has. */
  finish(schema: TableSchema): Promise<void>
  /** Deletes the staged rows whose sequence the query yields. */
  remove(sequences: string): Promise<void>
  drop(): Promise<void>
}

export function createStagedTable(connection: DuckDBConnection, memory: Memory, name: string): StagedTable {
  const parts: Part[] = []
  const view = identifier(name)
  let appender: DuckDBAppender | undefined
  let mayRepeat = false
  let unflushed = 0
  let finished = false

  const closeAppender = (): void => {
    appender?.closeSync()
    appender = undefined
  }
  const fits = (part: Part | undefined, { columns }: TableSchema): boolean =>
    part !== undefined &&
    columns.every((column) => {
      const staged = part.columns.get(column.name)
      return staged !== undefined && stagedType(staged) === stagedType(column)
    })
  /** A new shape gets a table of its own, so that what is staged already need not be rewritten. */
  const addPart = async (schema: TableSchema): Promise<Part> => {
    closeAppender()
    const part: Part = {
      name: `${name}_${parts.length}`,
      columns: new Map(schema.columns.map((column) => [column.name, column])),
    }
    const columns = [
      ...schema.columns.map((column) => `${identifier(column.name)} ${stagedType(column)}`),
      ...systemColumns(schema).map(([column, type]) => `${column} ${type}`),
      `${SEQUENCE} BIGINT`,
    ]
    await memory.reserve(columns.length)
    await connection.run(`CREATE TEMP TABLE ${identifier(part.name)} (${columns.join(', ')})`)
    parts.push(part)
    return part
  }
  const select = (part: Part, schema: TableSchema): string => {
    const columns = schema.columns.map((column) => {
      const staged = part.columns.get(column.name)
      const name = identifier(column.name)
      const type = columnType(column)
      if (staged === undefined) return `CAST(NULL AS ${type}) AS ${name}`
      return stagedType(staged) === type ? name : `CAST(${name} AS ${type}) AS ${name}`
    })
    const system = systemColumns(schema).map(([column]) => column)
    return `SELECT ${[...columns, ...system, SEQUENCE].join(', ')} FROM temp.main.${identifier(part.name)}`
  }

  return {
    view,
    async rows() {
      const reader = await connection.runAndReadAll(`SELECT count(*) FROM temp.main.${view}`)
      return Number(reader.getRows()[0]?.[0])
    },
    get mayRepeat() {
      return mayRepeat
    },
    async write(batch) {
      let part = parts.at(-1)
      if (part === undefined || !fits(part, batch.table)) part = await addPart(batch.table)
      appender ??= await connection.createAppender(part.name, 'main', 'temp')
      appendBatch(appender, batch, [...part.columns.keys()])
      unflushed += estimateBytes(batch)
      if (unflushed >= FLUSH_BYTES) {
        appender.flushSync()
        unflushed = 0
      }
      mayRepeat ||= batch.mayRepeat
    },
    async finish(schema) {
      if (finished) return
      closeAppender()
      if (parts.length === 0) await addPart(schema)
      await connection.run(`CREATE TEMP VIEW ${view} AS ${parts.map((part) => select(part, schema)).join(' UNION ALL ')}`)
      finished = true
    },
    async remove(sequences) {
      for (const part of parts) {
        await connection.run(`DELETE FROM temp.main.${identifier(part.name)} WHERE ${SEQUENCE} IN (${sequences})`)
      }
    },
    async drop() {
      closeAppender()
      if (finished) await connection.run(`DROP VIEW IF EXISTS temp.main.${view}`)
      for (const part of parts) await connection.run(`DROP TABLE IF EXISTS temp.main.${identifier(part.name)}`)
    },
  }
}

/** From a few of its rows. */
function estimateBytes({ columns, rowCount }: Batch): number {
  const step = Math.max(1, Math.floor(rowCount / SAMPLES))
  const sampled = Math.ceil(rowCount / step)
  let length = 0
  for (const column of columns) {
    if (column.kind !== 'text' && column.kind !== 'bytes') continue
    for (let row = 0; row < rowCount; row += step) length += column.values[row]?.length ?? 0
  }
  return rowCount * (columns.length * BYTES_PER_VALUE + length / sampled)
}
