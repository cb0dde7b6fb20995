import type { DuckDBConnection } from '@duckdb/node-api'
import { type DatasetReader, EMPTY_STATE, type Reject, TributaryError } from '@tributary/core'
import { storageError } from './errors.ts'
import { openReader, plainValue } from './reader.ts'
import { readRejects } from './rejects.ts'
import {
  type Place,
  qualified,
  readLoads,
  readSchemaVersions,
  readState,
  systemTablesExist,
  tableNames,
} from './system-tables.ts'

/** Names of the schemas of a file that hold a dataset. Throws `FILE_NOT_FOUND`. */
export async function listDatasets(path: string): Promise<string[]> {
  const reader = await openReader(path)
  try {
    const connection = await reader.connect()
    const result = await connection.runAndReadAll(
      "SELECT DISTINCT table_schema FROM information_schema.tables WHERE table_catalog = $1 AND table_name = '_sync_loads'",
      [reader.catalog],
    )
    return result
      .getRows()
      .map(([name]) => String(name))
      .sort()
  } catch (error) {
    throw storageError(path, 'listing datasets', error)
  } finally {
    reader.close()
  }
}

/** Opens a dataset for looking; a file that there is not has none. */
export async function inspectDataset(path: string, dataset: string): Promise<DatasetReader> {
  const reader = await openReader(path).catch((error: unknown) => {
    if (error instanceof TributaryError && error.code === 'FILE_NOT_FOUND') return undefined
    throw error
  })
  if (reader === undefined) return nothing(path, dataset)
  const place = { database: reader, dataset }
  const connection = await reader.connect()
  const asked = async <T>(doing: string, otherwise: T, task: () => Promise<T>): Promise<T> => {
    try {
      return (await systemTablesExist(connection, place)) ? await task() : otherwise
    } catch (error) {
      throw storageError(path, doing, error)
    }
  }
  /** By a connection of its own: the caller may look at something else meanwhile. */
  async function* streamed<T>(doing: string, read: (own: DuckDBConnection) => AsyncIterable<T>): AsyncGenerator<T> {
    const own = await reader!.connect()
    try {
      yield* read(own)
    } catch (error) {
      throw storageError(path, doing, error)
    } finally {
      own.closeSync()
    }
  }
  return {
    read: () =>
      asked('reading the state', { state: EMPTY_STATE, loads: [] }, async () => ({
        state: await readState(connection, place),
        loads: await readLoads(connection, place),
      })),
    schemaVersions: () => asked('reading the schemas', [], () => readSchemaVersions(connection, place)),
    rejects: () => streamed('reading rejects', (own) => readRejects(own, place)),
    rows: (table) => streamed(`reading ${table}`, (own) => rowsOf(own, path, place, table)),
    close: async () => reader.close(),
  }
}

async function* rowsOf(
  connection: DuckDBConnection,
  path: string,
  place: Place,
  table: string,
): AsyncGenerator<Record<string, unknown>> {
  if (!(await tableNames(connection, place)).has(table.toLowerCase())) throw notFound(path, place.dataset, table)
  const result = await connection.stream(`FROM ${qualified(place, table)}`)
  const names = result.columnNames()
  for await (const rows of result.yieldRows()) {
    for (const row of rows)
      yield Object.fromEntries(
        names.map((name, index) => [name, plainValue(row[index]!)] as const).filter(([, value]) => value !== null),
      )
  }
}

async function* noRejects(): AsyncGenerator<Reject> {}

function nothing(path: string, dataset: string): DatasetReader {
  return {
    read: async () => ({ state: EMPTY_STATE, loads: [] }),
    schemaVersions: async () => [],
    rejects: noRejects,
    // biome-ignore lint/correctness/useYield: there is nothing to yield
    async *rows(table) {
      throw notFound(path, dataset, table)
    },
    close: async () => {},
  }
}

const notFound = (path: string, dataset: string, table: string): TributaryError =>
  new TributaryError({
    code: 'TABLE_NOT_FOUND',
    recovery: 'fix-config',
    message: `${path} has no table ${dataset}.${table}. Check both names, or sync into it first.`,
  })
