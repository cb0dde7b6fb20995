import { type DatasetReader, EMPTY_STATE, SYSTEM_TABLES, TributaryError } from '@tributary/core'
import type { Address } from './address.ts'
import { connect } from './connection.ts'
import { storageError } from './errors.ts'
import { readRows } from './read-rows.ts'
import { readRejects } from './rejects.ts'
import { readLoads, readSchemaVersions, readState, relationNames } from './system-tables.ts'

/** Names of the datasets that were loaded to, in order. */
export async function listDatasets(address: Address): Promise<string[]> {
  const connection = await connect(address)
  try {
    const rows = await connection.rows(
      `SELECT nspname FROM pg_namespace n JOIN pg_class c ON relnamespace = n.oid WHERE relname = ANY (ARRAY[$1, $2]::text[])
       GROUP BY nspname HAVING count(*) = 2 ORDER BY nspname COLLATE "C"`,
      [SYSTEM_TABLES.loads, SYSTEM_TABLES.schema],
    )
    return rows.map(({ nspname }) => nspname!)
  } catch (error) {
    throw storageError(address.location, 'listing the datasets', error)
  } finally {
    await connection.close()
  }
}

/** Looks at a dataset as it is now: later commits change nothing of what the reader sees. */
export async function inspectDataset(address: Address, dataset: string): Promise<DatasetReader> {
  const { location } = address
  const connection = await connect(address)
  const reading = async <T>(what: string, task: () => Promise<T>): Promise<T> => {
    try {
      return await task()
    } catch (error) {
      throw storageError(location, `reading ${what} of ${dataset}`, error)
    }
  }
  async function* rowsOf<T>(what: string, rows: () => Promise<AsyncIterable<T>>): AsyncGenerator<T> {
    try {
      yield* await rows()
    } catch (error) {
      throw storageError(location, `reading ${what} of ${dataset}`, error)
    }
  }
  let names: ReadonlySet<string>
  try {
    await connection.run('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    names = (await relationNames(connection, dataset)) ?? new Set()
  } catch (error) {
    await connection.close()
    throw storageError(location, `looking at ${dataset}`, error)
  }
  const isThere = names.has(SYSTEM_TABLES.schema)
  return {
    async read() {
      if (!isThere) return { state: EMPTY_STATE, loads: [] }
      return reading('the state', async () => ({
        state: await readState(connection, dataset),
        loads: await readLoads(connection, dataset),
      }))
    },
    schemaVersions: async () => (isThere ? reading('the schemas', () => readSchemaVersions(connection, dataset)) : []),
    rejects: () =>
      rowsOf('the rejects', async () => (names.has(SYSTEM_TABLES.rejects) ? readRejects(connection, dataset, {}) : none())),
    rows: (table) =>
      rowsOf(table, async () => {
        const rows = await readRows(connection, dataset, table)
        if (rows !== undefined) return rows
        throw new TributaryError({
          code: 'TABLE_NOT_FOUND',
          recovery: 'fix-config',
          message: `${location}: there is no table ${dataset}.${table}.`,
        })
      }),
    async close() {
      await connection.run('ROLLBACK').catch(() => {})
      await connection.close()
    },
  }
}

async function* none(): AsyncGenerator<never> {}
