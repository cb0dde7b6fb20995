import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api'
import type { Batch, Came, TableSchema } from '@tributary/core'
import { appendBatch, createChunkReuse, type StagedShape } from './chunks.ts'
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
  /** Undefined: its columns and `lists` came in every row. */
  readonly came: StagedShape['came']
  /** Lists that its rows may have had, where it is known. */
  readonly lists: readonly string[]
}

/** Rows of one table that wait in TEMP tables, which nobody else sees and which go with the connection. */
export interface StagedTable {
  /** SQL name of a view of all staged rows, there once `finish` was called. */
  readonly view: string
  /** Rows that are staged and not removed. */
  rows(): Promise<number>
  readonly mayRepeat: boolean
  write(batch: Batch): Promise<void>
  /**
   * No more rows come: makes the view, with the columns and types that `schema` has. `children`: the tables whose parent it is, lists
   * that records may have had though none did. Called again after a transaction that was rolled back, it forgets what that had put in the
   * place of the rows.
   */
  finish(schema: TableSchema, children?: readonly string[]): Promise<void>
  /** Deletes the staged rows whose sequence the query yields, and answers how many. */
  remove(sequences: string): Promise<number>
  /** After `finish`: whether some rows lack a column, or a list, that the table has. */
  readonly camePartly: boolean
  /** A condition on a row of the view under the name `s`: whether its record had the field of a column. */
  cameColumn(name: string): string
  /** Whether its record had the list of a child table. */
  cameList(table: string): string
  /** Puts the rows of a query, which has all columns of the view, in the place of those that are staged. */
  replace(query: string): Promise<void>
  /** Stages the rows of a query, which has all columns of the view, in addition. */
  add(query: string): Promise<void>
  /** Columns of the view, as SQL, that say what came: none where nothing lacks. */
  readonly cameColumns: readonly string[]
  /**
   * Puts the rows of a query, which has all columns of the view and `cameColumns`, in the place of those whose sequence another
   * query yields.
   */
  exchange(query: string, sequences: string): Promise<void>
  drop(): Promise<void>
}

const cameName = (column: string): string => identifier(`_sync_came:${column}`)
const listName = (table: string): string => identifier(`_sync_list:${table}`)

export function createStagedTable(connection: DuckDBConnection, memory: Memory, name: string): StagedTable {
  let parts: Part[] = []
  const view = identifier(name)
  let appender: DuckDBAppender | undefined
  const emptyChunk = createChunkReuse()
  let mayRepeat = false
  let unflushed = 0
  let finished: TableSchema | undefined
  let asWritten: readonly Part[] = []
  let made = 0
  let tellsWhatCame = false
  /** Lists that any record may have had: from `finish` on, all that the table has. */
  const lists = new Set<string>()

  const closeAppender = (): void => {
    appender?.closeSync()
    appender = undefined
  }
  const fits = (part: Part | undefined, { table: { columns }, came }: Batch): boolean =>
    part !== undefined &&
    columns.every((column) => {
      const staged = part.columns.get(column.name)
      return staged !== undefined && stagedType(staged) === stagedType(column)
    }) &&
    (came === undefined || fitsWhatCame(part, columns.length, came))
  /** A new shape gets a table of its own, so that what is staged already need not be rewritten. */
  const addPart = async (schema: TableSchema, came?: Batch['came']): Promise<Part> => {
    closeAppender()
    const part: Part = {
      name: `${name}_${made++}`,
      columns: new Map(schema.columns.map((column) => [column.name, column])),
      came: isPartial(came) ? { columns: schema.columns.map((column) => column.name), lists: listsOf(came) } : undefined,
      lists: listsOf(came),
    }
    const columns = [
      ...schema.columns.map((column) => `${identifier(column.name)} ${stagedType(column)}`),
      ...systemColumns(schema).map(([column, type]) => `${column} ${type}`),
      `${SEQUENCE} BIGINT`,
      ...(part.came?.columns ?? []).map((column) => `${cameName(column)} BOOLEAN`),
      ...(part.came?.lists ?? []).map((list) => `${listName(list)} BOOLEAN`),
    ]
    await memory.reserve(columns.length)
    await connection.run(`CREATE TEMP TABLE ${identifier(part.name)} (${columns.join(', ')})`)
    parts.push(part)
    return part
  }
  const camePartly = (schema: TableSchema): boolean =>
    tellsWhatCame &&
    parts.some(
      ({ came, columns, lists: own }) =>
        came !== undefined || own.length < lists.size || schema.columns.some((column) => !columns.has(column.name)),
    )
  const select = (part: Part, schema: TableSchema, withCame: boolean): string => {
    const columns = schema.columns.map((column) => {
      const staged = part.columns.get(column.name)
      const name = identifier(column.name)
      const type = columnType(column)
      if (staged === undefined) return `CAST(NULL AS ${type}) AS ${name}`
      return stagedType(staged) === type ? name : `CAST(${name} AS ${type}) AS ${name}`
    })
    const system = systemColumns(schema).map(([column]) => column)
    const cameColumns = withCame
      ? schema.columns.map(({ name: column }) =>
          part.came?.columns.includes(column) === true ? cameName(column) : `${part.columns.has(column)} AS ${cameName(column)}`,
        )
      : []
    const cameLists = withCame
      ? [...lists].map((list) =>
          part.came?.lists.includes(list) === true ? listName(list) : `${part.lists.includes(list)} AS ${listName(list)}`,
        )
      : []
    return `SELECT ${[...columns, ...system, SEQUENCE, ...cameColumns, ...cameLists].join(', ')} FROM temp.main.${identifier(part.name)}`
  }
  const makeView = async (schema: TableSchema): Promise<void> => {
    const withCame = camePartly(schema)
    const query = parts.map((part) => select(part, schema, withCame)).join(' UNION ALL ')
    await connection.run(`CREATE OR REPLACE TEMP VIEW ${view} AS ${query}`)
  }
  const dropParts = async (gone: readonly Part[]): Promise<void> => {
    for (const part of gone) await connection.run(`DROP TABLE IF EXISTS temp.main.${identifier(part.name)}`)
  }
  /** A part that a query fills, with the types that the table is to have. */
  const partOf = async (query: string, schema: TableSchema, withCame: boolean): Promise<Part> => {
    const columns = new Map(schema.columns.map((column) => [column.name, column]))
    const known = [...lists]
    const came = withCame ? { columns: [...columns.keys()], lists: known } : undefined
    const part: Part = { name: `${name}_${made++}`, columns, came, lists: known }
    await connection.run(`CREATE TEMP TABLE ${identifier(part.name)} AS ${query}`)
    return part
  }
  const remove = async (sequences: string): Promise<number> => {
    let removed = 0
    for (const part of parts) {
      const sql = `DELETE FROM temp.main.${identifier(part.name)} WHERE ${SEQUENCE} IN (${sequences})`
      removed += (await connection.run(sql)).rowsChanged
    }
    return removed
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
      tellsWhatCame ||= batch.came !== undefined
      for (const list of listsOf(batch.came)) lists.add(list)
      let part = parts.at(-1)
      if (part === undefined || !fits(part, batch)) part = await addPart(batch.table, batch.came)
      appender ??= await connection.createAppender(part.name, 'main', 'temp')
      appendBatch(appender, batch, { columns: [...part.columns.keys()], came: part.came }, emptyChunk)
      unflushed += estimateBytes(batch)
      if (unflushed >= FLUSH_BYTES) {
        appender.flushSync()
        unflushed = 0
      }
      mayRepeat ||= batch.mayRepeat
    },
    async finish(schema, children = []) {
      if (finished !== undefined) {
        parts = [...asWritten]
        return
      }
      closeAppender()
      for (const list of children) lists.add(list)
      if (parts.length === 0) await addPart(schema)
      await makeView(schema)
      asWritten = [...parts]
      finished = schema
    },
    remove,
    get camePartly() {
      return finished !== undefined && camePartly(finished)
    },
    cameColumn: (column) => `s.${cameName(column)}`,
    cameList: (table) => (lists.has(table) ? `s.${listName(table)}` : 'false'),
    async replace(query) {
      const part = await partOf(query, finished!, false)
      const gone = parts
      parts = [part]
      await makeView(finished!)
      await dropParts(gone)
    },
    async add(query) {
      parts.push(await partOf(query, finished!, false))
      await makeView(finished!)
    },
    get cameColumns() {
      if (finished === undefined || !camePartly(finished)) return []
      return [...finished.columns.map((column) => cameName(column.name)), ...[...lists].map(listName)]
    },
    async exchange(query, sequences) {
      const part = await partOf(query, finished!, camePartly(finished!))
      await remove(sequences)
      parts.push(part)
      await makeView(finished!)
    },
    async drop() {
      closeAppender()
      if (finished !== undefined) await connection.run(`DROP VIEW IF EXISTS temp.main.${view}`)
      await dropParts([...new Set([...parts, ...asWritten])])
    },
  }
}

const listsOf = (came: Batch['came']): string[] => [...(came?.children.keys() ?? [])]

function fitsWhatCame(part: Part, columns: number, came: Came): boolean {
  const known = part.came?.lists ?? part.lists
  const names = listsOf(came)
  if (!names.every((name) => known.includes(name))) return false
  return part.came !== undefined || (!isPartial(came) && columns === part.columns.size && names.length === known.length)
}

/** Whether some row lacks a field or a list that the batch knows. */
const isPartial = (came: Batch['came']): boolean =>
  came !== undefined && [...came.columns, ...came.children.values()].some((bits) => bits !== true)

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
