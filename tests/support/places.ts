import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Destination, JsonValue } from '@tributary/core'
import { duckdb, queryDuckDB } from '@tributary/destination-duckdb'
import { jsonl, readManifest, readTable } from '@tributary/destination-jsonl'
import { onTestFinished } from 'vitest'

export type Row = Record<string, unknown>

/** A destination in a folder of its own, and how to read what is in it. */
export interface Place {
  readonly kind: 'duckdb' | 'jsonl'
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

export function duckdbPlace(folder: string = temporaryFolder()): Place {
  const path = join(folder, 'test.duckdb')
  const query = async (sql: string): Promise<Row[]> => {
    const { columns, rows } = await queryDuckDB(path, sql)
    return rows.map((row) =>
      Object.fromEntries(columns.map(({ name }, index) => [name, row[index]]).filter(([, value]) => value !== null)),
    )
  }
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
  return {
    kind: 'duckdb',
    to: `duckdb:${path}`,
    path,
    destination: duckdb({ path }),
    rows: async (dataset, table) => inOrder(await query(`select * from ${quoted(dataset)}.${quoted(table)}`)),
    tables: async (dataset) =>
      (
        await query(
          `select table_name from information_schema.tables where table_schema = '${dataset}' and table_name not like '\\_sync\\_%' escape '\\' order by 1`,
        )
      ).map((row) => String(row.table_name)),
    loads: async (dataset) =>
      (await query(`select load_id from ${quoted(dataset)}._sync_loads order by 1`)).map((row) => Number(row.load_id)),
  }
}

export function jsonlPlace(folder: string = temporaryFolder()): Place {
  const path = join(folder, 'jsonl')
  return {
    kind: 'jsonl',
    to: `jsonl:${path}`,
    path,
    destination: jsonl({ path }),
    async rows(dataset, table) {
      const rows: Record<string, JsonValue>[] = []
      for await (const row of readTable(path, dataset, table)) rows.push(row)
      return inOrder(rows)
    },
    tables: async (dataset) => Object.keys((await readManifest(path, dataset)).tables).sort(),
    loads: async (dataset) => (await readManifest(path, dataset)).loads.map(({ loadId }) => loadId),
  }
}

export const places: readonly [name: string, make: (folder?: string) => Place][] = [
  ['duckdb', duckdbPlace],
  ['jsonl', jsonlPlace],
]
