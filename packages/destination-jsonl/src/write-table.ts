import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { LoadPlan } from '@tributary/core'
import type { TableLoad, Verdict } from './decide.ts'
import { createLineWriter, type LineWriter, readLines, remove, syncFile, syncFolder } from './files.ts'
import type { FileEntry } from './manifest.ts'
import { loadFile } from './paths.ts'

/**
 * Writes one table's file of a load: the rows that stay of each file that changes, and then the rows of the load. Files
 * that do not change are kept as they are. Returns the files that the table then consists of.
 */
export async function writeTable(plan: LoadPlan, table: TableLoad, verdict: Verdict): Promise<FileEntry[]> {
  const name = loadFile(plan.id)
  const path = join(table.folder, name)
  await mkdir(table.folder, { recursive: true })
  const stored = plan.disposition === 'replace' ? [] : table.files
  const dropped = verdict.dropped.get(table.schema.name)
  const isKept = (file: FileEntry): boolean => table.convertStored === undefined && (dropped?.get(file.name)?.size ?? 0) === 0
  const kept = stored.filter(isKept)
  const changed = stored.filter((file) => !isKept(file))

  let rows = table.staged.rows
  if (changed.length === 0 && verdict.leftOut.size === 0 && table.convertStaged === undefined) {
    if (rows > 0) {
      await syncFile(table.staged.path)
      await rename(table.staged.path, path)
    }
  } else {
    const writer = await createLineWriter(path)
    try {
      for (const file of changed) await copyStored(writer, table, file, dropped)
      await copyStaged(writer, table, verdict)
    } finally {
      await writer.close()
    }
    rows = writer.rows
    if (rows === 0) await remove(path)
  }
  await syncFolder(table.folder)
  return rows === 0 ? kept : [...kept, { name, rows }]
}

async function copyStored(
  writer: LineWriter,
  { folder, convertStored }: TableLoad,
  file: FileEntry,
  dropped: ReturnType<Verdict['dropped']['get']>,
): Promise<void> {
  const gone = dropped?.get(file.name)
  let row = 0
  for await (const lines of readLines(join(folder, file.name))) {
    const first = row
    const left = gone === undefined ? lines : lines.filter((_, index) => !gone.has(first + index))
    await writer.write(convertStored === undefined ? left : left.map(convertStored))
    row += lines.length
  }
}

async function copyStaged(writer: LineWriter, { staged, convertStaged }: TableLoad, { leftOut }: Verdict): Promise<void> {
  for await (const { lines, sequences } of staged.read()) {
    const left = leftOut.size === 0 ? lines : lines.filter((_, index) => !leftOut.has(sequences[index]!))
    await writer.write(convertStaged === undefined ? left : left.map(convertStaged))
  }
}
