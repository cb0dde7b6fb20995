import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatasetReader, Destination } from '@tributary/core'
import { duckdb } from '@tributary/destination-duckdb'
import { jsonl } from '@tributary/destination-jsonl'
import { parquet } from '@tributary/destination-parquet'
import { postgres } from '@tributary/destination-postgres'
import { onTestFinished } from 'vitest'
import type { TestServer } from './postgres.ts'

export type Row = Record<string, unknown>

/** A destination in a folder or database of its own, and how to read what is in it. */
export interface Place {
  readonly kind: 'duckdb' | 'jsonl' | 'parquet' | 'postgres'
  /** As the command names it. */
  readonly to: string
  readonly path: string
  readonly destination: Destination
  /** Committed rows in the order of `_sync_id` and load; columns without a value are missing. */
  rows(dataset: string, table: string): Promise<Row[]>
  tables(dataset: string): Promise<string[]>
  loads(dataset: string): Promise<number[]>
}

function inOrder(rows: Row[]): Row[] {
  const place = ({ _sync_id: id, _sync_load_id: load }: Row): string => `${String(id)} ${String(load)}`
  return rows.sort((a, b) => (place(a) < place(b) ? -1 : 1))
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const placeOf = (kind: Place['kind'], to: string, path: string, destination: Destination): Place => {
  const look = async <T>(dataset: string, use: (reader: DatasetReader) => Promise<T>): Promise<T> => {
    const reader = await destination.inspect(dataset)
    try {
      return await use(reader)
    } finally {
      await reader.close()
    }
  }
  return {
    kind,
    to,
    path,
    destination,
    rows: (dataset, table) =>
      look(dataset, async (reader) => {
        const rows: Row[] = []
        for await (const row of reader.rows(table))
          rows.push(Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)))
        return inOrder(rows)
      }),
    tables: (dataset) => look(dataset, async (reader) => Object.keys((await reader.read()).state.tables).sort()),
    loads: (dataset) => look(dataset, async (reader) => (await reader.read()).loads.map(({ loadId }) => loadId)),
  }
}

export function duckdbPlace(folder: string = temporaryFolder()): Place {
  const path = join(folder, 'test.duckdb')
  return placeOf('duckdb', `duckdb:${path}`, path, duckdb({ path }))
}

export function jsonlPlace(folder: string = temporaryFolder()): Place {
  const path = join(folder, 'jsonl')
  return placeOf('jsonl', `jsonl:${path}`, path, jsonl({ path }))
}

export function parquetPlace(folder: string = temporaryFolder()): Place {
  const path = join(folder, 'lake')
  return placeOf('parquet', `parquet:${path}`, path, parquet({ path }))
}

/** In a database of its own, which is gone when the test is over. */
export async function postgresPlace(server: TestServer): Promise<Place> {
  const { url, drop } = await server.database()
  onTestFinished(drop)
  return placeOf('postgres', url, new URL(url).pathname, postgres({ url }))
}

export const places: readonly [name: string, make: (folder?: string) => Place][] = [
  ['duckdb', duckdbPlace],
  ['jsonl', jsonlPlace],
]
