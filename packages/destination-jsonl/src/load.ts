import { join } from 'node:path'
import type { Batch, LoadPlan } from '@tributary/core'
import type { FileEntry, FileLoad, FileTable, LoadFileExtension } from '@tributary/file-dataset'
import { conversion } from './convert.ts'
import { decide } from './decide/decide.ts'
import { LIMITS, type Limits } from './decide/limits.ts'
import { createPartBuffers } from './part-buffers.ts'
import { createSequencedLines } from './sequenced-lines.ts'
import { createStagedTable, type StagedTable } from './staging.ts'
import type { TableLoad } from './table-load.ts'
import { writeTable } from './write-table.ts'

/** Stages rows as lines; at the commit, decides row by row and writes the files that change. */
export function beginLoad(plan: LoadPlan, staging: string, extension: LoadFileExtension, limits: Limits = LIMITS): FileLoad {
  const staged = new Map<string, StagedTable>()
  const buffers = createPartBuffers()
  const stagedTable = (name: string): StagedTable => {
    const table = staged.get(name) ?? createStagedTable(join(staging, `${staged.size}.jsonl`), plan, buffers)
    staged.set(name, table)
    return table
  }
  const tableLoad = ({ schema, folder, stored }: FileTable, index: number): TableLoad => {
    const rows = stagedTable(schema.name)
    return {
      schema,
      folder,
      staged: rows,
      files: stored?.files ?? [],
      stored,
      convertStaged: conversion(rows.schemas, schema),
      convertStored: stored === undefined ? undefined : conversion([stored.schema], schema),
      made: createSequencedLines(join(staging, `made-${index}.jsonl`)),
    }
  }
  return {
    write: (batch: Batch) => stagedTable(batch.table.name).write(batch),
    async commit(fileTables) {
      for (const table of staged.values()) await table.close()
      const tables = fileTables.map(tableLoad)
      const verdict = await decide(plan, tables, staging, limits)
      const files = new Map<string, FileEntry[]>()
      for (const table of tables) files.set(table.schema.name, await writeTable(plan, table, verdict, extension))
      return { files, tables: verdict.changes }
    },
    async end() {
      await Promise.allSettled([...staged.values()].map((table) => table.close()))
    },
  }
}
