import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Batch, Came, TableSchema } from '@tributary/core'
import type { Memory } from './memory.ts'
import { numberOf, temporary } from './query.ts'
import { columnType, identifier, SEQUENCE, stagedType, systemColumns, type TypedColumn } from './sql.ts'
import { cameName, createStagedFile, listName, type StagedFile, type StagedShape } from './staged-file.ts'

/** Rows that came in one shape, or that a query has made. */
interface Part {
  /** A query of its rows. */
  readonly rows: string
  /** TEMP tables that it reads. */
  readonly tables: readonly string[]
  readonly columns: ReadonlyMap<string, TypedColumn>
  /** Undefined: its columns and `lists` came in every row. */
  readonly came: StagedShape['came']
  /** Lists that its rows may have had, where it is known. */
  readonly lists: readonly string[]
}

/** A part that still grows. */
interface Growing extends Omit<Part, 'rows' | 'tables'> {
  readonly file: StagedFile
}

/** Rows of one table that wait in Parquet files, and in TEMP tables where a query has made or changed them: nobody else sees either. */
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

/** `folder`: where its files lie, whose names begin with `name`. It is made where it is needed. */
export function createStagedTable(connection: DuckDBConnection, memory: Memory, name: string, folder: string): StagedTable {
  let parts: Part[] = []
  const view = identifier(name)
  let growing: Growing | undefined
  const files: string[] = []
  let mayRepeat = false
  let finished: TableSchema | undefined
  let asWritten: readonly Part[] = []
  let made = 0
  let tellsWhatCame = false
  /** Lists that any record may have had: from `finish` on, all that the table has. */
  const lists = new Set<string>()

  /** No more rows come in the shape of those that came last. */
  const closeFile = async (): Promise<void> => {
    if (growing === undefined) return
    const { file, ...part } = growing
    growing = undefined
    parts.push({ ...part, rows: await file.close(), tables: [] })
  }
  const fits = ({ columns: known, ...part }: Growing, { table: { columns }, came }: Batch): boolean =>
    columns.every((column) => {
      const staged = known.get(column.name)
      return staged !== undefined && stagedType(staged) === stagedType(column)
    }) &&
    (came === undefined || fitsWhatCame({ columns: known, ...part }, columns.length, came))
  /** A new shape gets a file of its own, so that what is staged already need not be rewritten. */
  const startFile = async (schema: TableSchema, came: Batch['came']): Promise<Growing> => {
    await closeFile()
    const columns = new Map(schema.columns.map((column) => [column.name, column]))
    const partly = isPartial(came) ? { columns: [...columns.keys()], lists: listsOf(came) } : undefined
    await mkdir(folder, { recursive: true })
    const path = join(folder, `${name}_${made++}.parquet`)
    files.push(path)
    const file = await createStagedFile(path, schema, { columns, came: partly })
    growing = { file, columns, came: partly, lists: listsOf(came) }
    return growing
  }
  const addTable = async (query: string, part: Omit<Part, 'rows' | 'tables'>): Promise<Part> => {
    const table = await temporary(connection, identifier(`${name}_${made++}`), query)
    return { ...part, rows: `SELECT * FROM ${table}`, tables: [table] }
  }
  /** No rows, in the columns of a schema. */
  const emptyPart = (schema: TableSchema): Part => {
    const columns = [
      ...schema.columns.map((column) => `CAST(NULL AS ${stagedType(column)}) AS ${identifier(column.name)}`),
      ...[...systemColumns(schema), [SEQUENCE, 'BIGINT'] as const].map(([column, type]) => `CAST(NULL AS ${type}) AS ${column}`),
    ]
    const known = new Map(schema.columns.map((column) => [column.name, column]))
    return { rows: `SELECT ${columns.join(', ')} WHERE false`, tables: [], columns: known, came: undefined, lists: [] }
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
    return `SELECT ${[...columns, ...system, SEQUENCE, ...cameColumns, ...cameLists].join(', ')} FROM (${part.rows})`
  }
  const makeView = async (schema: TableSchema): Promise<void> => {
    const withCame = camePartly(schema)
    const query = parts.map((part) => select(part, schema, withCame)).join(' UNION ALL ')
    await connection.run(`CREATE OR REPLACE TEMP VIEW ${view} AS ${query}`)
  }
  const dropTables = async (tables: Iterable<string>): Promise<void> => {
    for (const table of tables) await connection.run(`DROP TABLE IF EXISTS ${table}`)
  }
  /** A part that a query fills, with the types that the table is to have. */
  const partOf = async (query: string, schema: TableSchema, withCame: boolean): Promise<Part> => {
    const columns = new Map(schema.columns.map((column) => [column.name, column]))
    const known = [...lists]
    const came = withCame ? { columns: [...columns.keys()], lists: known } : undefined
    return addTable(query, { columns, came, lists: known })
  }
  /** Files do not change: what is removed from a part is noted beside it. */
  const without = async (part: Part, sequences: string): Promise<{ part: Part; removed: number }> => {
    const gone = await addTable(`SELECT ${SEQUENCE} FROM (${part.rows}) WHERE ${SEQUENCE} IN (${sequences})`, part)
    const removed = await numberOf(connection, `SELECT count(*) FROM (${gone.rows})`)
    const tables = [...part.tables, ...gone.tables]
    return { part: { ...part, rows: `SELECT * FROM (${part.rows}) WHERE ${SEQUENCE} NOT IN (${gone.rows})`, tables }, removed }
  }
  const remove = async (sequences: string): Promise<number> => {
    const left: Part[] = []
    let count = 0
    for (const before of parts) {
      const { part, removed } = await without(before, sequences)
      if (removed === 0) await dropTables(part.tables.slice(before.tables.length))
      left.push(removed === 0 ? before : part)
      count += removed
    }
    parts = left
    if (count > 0) await makeView(finished!)
    return count
  }

  return {
    view,
    async rows() {
      return await numberOf(connection, `SELECT count(*) FROM temp.main.${view}`)
    },
    get mayRepeat() {
      return mayRepeat
    },
    async write(batch) {
      tellsWhatCame ||= batch.came !== undefined
      for (const list of listsOf(batch.came)) lists.add(list)
      const part = growing !== undefined && fits(growing, batch) ? growing : await startFile(batch.table, batch.came)
      await part.file.append(batch)
      mayRepeat ||= batch.mayRepeat
    },
    async finish(schema, children = []) {
      if (finished !== undefined) {
        parts = [...asWritten]
        return
      }
      await closeFile()
      for (const list of children) lists.add(list)
      if (parts.length === 0) parts.push(emptyPart(schema))
      await memory.reserve(schema.columns.length)
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
      await dropTables(gone.flatMap(({ tables }) => tables))
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
      growing = undefined
      if (finished !== undefined) await connection.run(`DROP VIEW IF EXISTS temp.main.${view}`)
      await dropTables(new Set([...parts, ...asWritten].flatMap(({ tables }) => tables)))
      for (const path of files) await rm(path, { force: true })
    },
  }
}

const listsOf = (came: Batch['came']): string[] => [...(came?.children.keys() ?? [])]

function fitsWhatCame(part: Omit<Growing, 'file'>, columns: number, came: Came): boolean {
  const known = part.came?.lists ?? part.lists
  const names = listsOf(came)
  if (!names.every((name) => known.includes(name))) return false
  return part.came !== undefined || (!isPartial(came) && columns === part.columns.size && names.length === known.length)
}

/** Whether some row lacks a field or a list that the batch knows. */
const isPartial = (came: Batch['came']): boolean =>
  came !== undefined && [...came.columns, ...came.children.values()].some((bits) => bits !== true)
