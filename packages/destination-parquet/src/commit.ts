import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { LoadPlan, TableChanges } from '@tributary/core'
import { apply, type LoadTable, makeUnique, type StagedTable } from '@tributary/duckdb-engine'
import type { FileEntry, FileOutcome, FileTable } from '@tributary/file-dataset'
import { isSameShape } from './columns.ts'
import type { Compression } from './format.ts'
import { otherRows } from './matching.ts'
import { goesStraight, stagedRows } from './straight.ts'
import { createTargets, keptRows, newRows, type Target } from './target.ts'
import { type NewFile, writeTable } from './write-table.ts'

/** A table of a load, and its staged rows. */
export interface StagedFileTable {
  readonly table: FileTable
  readonly staged: StagedTable
}

/** Where new files are written, and how. */
export interface Writing {
  readonly staging: string
  readonly compression: Compression
}

/** Inside a transaction that nobody needs afterwards: all that lasts are the files. Root table first. */
export async function commitTables(
  connection: DuckDBConnection,
  plan: LoadPlan,
  tables: readonly StagedFileTable[],
  { staging, compression }: Writing,
): Promise<FileOutcome> {
  const targets = await createTargets(connection, plan, tables)
  const loads = tables.map(({ table: { schema }, staged }, index): LoadTable => ({ schema, staged, name: targets[index]!.name }))
  await makeUnique(connection, plan, loads, true)
  const isStraight = goesStraight(plan, targets)
  const changes = isStraight ? await countStaged(plan, tables) : await apply(connection, plan, loads, replacedRows(plan, tables))
  const files = new Map<string, readonly FileEntry[]>()
  for (const [index, staged] of tables.entries()) {
    const { table } = staged
    const target = targets[index]!
    const file = await newFile(plan, table, target, isStraight ? stagedRows(plan, staged) : newRows(target))
    const path = join(staging, `${index}.parquet`)
    files.set(table.schema.name, await writeTable(connection, plan, table, file, { path, compression }))
  }
  return { files, tables: changes }
}

async function newFile({ disposition }: LoadPlan, { schema, stored }: FileTable, target: Target, rows: string): Promise<NewFile> {
  const before = disposition === 'replace' || stored === undefined ? [] : stored.files
  // All files of a table have the same columns, so that they can be read without being reconciled.
  const isStale = stored !== undefined && !isSameShape(stored.schema, schema)
  const changed = isStale ? before : await target.changedFiles()
  const queries = [rows, keptRows(target, changed), otherRows(target.matching, changed)]
  return {
    kept: before.filter((file) => !changed.includes(file)),
    queries: queries.filter((query) => query !== undefined),
  }
}

async function countStaged(plan: LoadPlan, tables: readonly StagedFileTable[]): Promise<Record<string, TableChanges>> {
  const deleted = replacedRows(plan, tables)
  const changes: [name: string, changes: TableChanges][] = []
  for (const { table, staged } of tables) {
    const { name } = table.schema
    changes.push([name, { inserted: await staged.rows(), updated: 0, deleted: deleted.get(name) ?? 0, unchanged: 0 }])
  }
  return Object.fromEntries(changes)
}

/** Rows that go with the files of a table, without being looked at. */
function replacedRows({ disposition }: LoadPlan, tables: readonly StagedFileTable[]): ReadonlyMap<string, number> {
  const replaced = disposition === 'replace' ? tables : []
  return new Map(
    replaced.map(({ table: { schema, stored } }) => [
      schema.name,
      (stored?.files ?? []).reduce((sum, { rows }) => sum + rows, 0),
    ]),
  )
}
