import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { LoadPlan } from '@tributary/core'
import {
  compressFile,
  createLineWriter,
  type FileEntry,
  type LineWriter,
  type LoadFileExtension,
  loadFile,
  readLineBytes,
  readLines,
  remove,
  syncFile,
  syncFolder,
} from '@tributary/file-dataset'
import { BitSet } from './bit-set.ts'
import type { Verdict } from './decide/decide.ts'
import { readHead } from './lines.ts'
import type { TableLoad } from './table-load.ts'
import { endVersion } from './version-lines.ts'

/**
 * Writes one table's file of a load: the rows that stay of each file that changes, and then the rows of the load. Files
 * that do not change are kept as they are. Returns the files that the table then consists of.
 */
export async function writeTable(
  plan: LoadPlan,
  table: TableLoad,
  verdict: Verdict,
  extension: LoadFileExtension,
): Promise<FileEntry[]> {
  const name = loadFile(plan.id, extension)
  const path = join(table.folder, name)
  await mkdir(table.folder, { recursive: true })
  const stored = plan.disposition === 'replace' ? [] : table.files
  const kept: FileEntry[] = []
  const changed: number[] = []
  for (const [index, file] of stored.entries()) {
    if (isKept(table, verdict, index)) kept.push(file)
    // Of a file all of whose rows go, nothing is read.
    else if (verdict.gone.get(table.schema.name)!.count(index) !== file.rows) changed.push(index)
  }

  let rows = table.staged.rows
  if (changed.length === 0 && isWrittenAsStaged(table, verdict)) {
    if (rows > 0) await moveStaged(table.staged.path, path, extension)
  } else {
    const writer = await createLineWriter(path)
    try {
      for (const file of changed) await copyStored(writer, plan, table, file, verdict)
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

function isKept({ schema, convertStored }: TableLoad, { gone, ended }: Verdict, file: number): boolean {
  if (convertStored !== undefined || gone.get(schema.name)!.count(file) > 0) return false
  return schema.parent !== undefined || ended.count(file) === 0
}

const isWrittenAsStaged = ({ convertStaged, made }: TableLoad, { leftOut }: Verdict): boolean =>
  convertStaged === undefined && made.rows === 0 && leftOut.size === 0

async function moveStaged(from: string, to: string, extension: LoadFileExtension): Promise<void> {
  if (extension === 'jsonl.gz') return compressFile(from, to)
  await syncFile(from)
  await rename(from, to)
}

async function copyStored(
  writer: LineWriter,
  plan: LoadPlan,
  { schema, folder, files, convertStored }: TableLoad,
  file: number,
  { gone, ended }: Verdict,
): Promise<void> {
  const path = join(folder, files[file]!.name)
  const marks = gone.get(schema.name)!
  const endsSome = schema.parent === undefined && ended.count(file) > 0
  if (convertStored === undefined && !endsSome) return copyRows(writer, path, (row) => !marks.has(file, row))
  let row = 0
  for await (const lines of readLines(path)) {
    const left: string[] = []
    for (const raw of lines) {
      const at = row++
      if (marks.has(file, at)) continue
      const line = convertStored === undefined ? raw : convertStored(raw)
      left.push(endsSome && ended.has(file, at) ? endVersion(line, readHead(line, false), plan.startedAt) : line)
    }
    await writer.write(left)
  }
}

async function copyStaged(
  writer: LineWriter,
  { schema, staged, convertStaged, made }: TableLoad,
  { leftOut, superseded }: Verdict,
): Promise<void> {
  const isMadeAnew = (sequence: number): boolean => schema.parent === undefined && superseded.has(sequence)
  const isLeft = (sequence: number): boolean => !leftOut.has(sequence) && !isMadeAnew(sequence)
  const left = new BitSet()
  let row = 0
  for await (const sequences of staged.sequences()) {
    for (const sequence of sequences) {
      if (isLeft(sequence)) left.add(row)
      row++
    }
  }
  // Where all rows are as they are stored, they need not be read.
  if (left.size > 0 && convertStaged === undefined) await copyRows(writer, staged.path, (at) => left.has(at))
  else if (left.size > 0) {
    for await (const { lines, sequences } of staged.read())
      await writer.write(lines.filter((_, index) => isLeft(sequences[index]!)).map(convertStaged!))
  }
  for await (const { lines, sequences } of made.read())
    await writer.write(lines.filter((_, index) => !leftOut.has(sequences[index]!)))
}

const LINE_FEED = 0x0a

/** Copies rows as they are, and so as bytes: those that stay are moved together in what was read. */
async function copyRows(writer: LineWriter, path: string, isLeft: (row: number) => boolean): Promise<void> {
  let row = 0
  for await (const bytes of readLineBytes(path)) {
    let length = 0
    let rows = 0
    for (let start = 0; start < bytes.length; row++) {
      const end = bytes.indexOf(LINE_FEED, start) + 1
      if (isLeft(row)) {
        if (length < start) bytes.copyWithin(length, start, end)
        length += end - start
        rows++
      }
      start = end
    }
    await writer.copy(bytes.subarray(0, length), rows)
  }
}
