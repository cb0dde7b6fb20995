import { join } from 'node:path'
import type { TableSchema } from '@tributary/core'
import { type FileEntry, type ManifestTable, readLines } from '@tributary/file-dataset'
import type { BitSet } from './bit-set.ts'
import type { Convert } from './convert.ts'
import { type Head, readHead } from './lines.ts'
import type { SequencedLines } from './sequenced-lines.ts'
import type { StagedTable } from './staging.ts'

/** A table of the load: what it has, and what comes. */
export interface TableLoad {
  readonly schema: TableSchema
  readonly folder: string
  /** As last committed; `undefined` where the load makes it. */
  readonly stored: ManifestTable | undefined
  readonly files: readonly FileEntry[]
  readonly staged: StagedTable
  readonly convertStaged: Convert | undefined
  readonly convertStored: Convert | undefined
  /** Rows that the commit has made of staged and stored ones, and that are written like staged ones. */
  readonly made: SequencedLines
}

/** Visits the rows of a load's table, as they will be written. `superseded`: records whose staged row has been made anew. */
export async function eachStaged(
  { schema, staged, convertStaged, made }: TableLoad,
  superseded: BitSet | undefined,
  visit: (line: string, head: Head, sequence: number) => void,
): Promise<void> {
  const isChild = schema.parent !== undefined
  for await (const { lines, sequences } of staged.read()) {
    for (const [index, raw] of lines.entries()) {
      if (superseded?.has(sequences[index]!) === true) continue
      const line = convertStaged === undefined ? raw : convertStaged(raw)
      visit(line, readHead(line, isChild), sequences[index]!)
    }
  }
  for await (const { lines, sequences } of made.read()) {
    for (const [index, line] of lines.entries()) visit(line, readHead(line, isChild), sequences[index]!)
  }
}

/** Visits the rows that a table has, as they would be written now: of all its files, or of those that are chosen. */
export async function eachStored(
  table: TableLoad,
  visit: (line: string, head: Head, file: string, row: number) => void,
  isChosen: (file: FileEntry) => boolean = () => true,
): Promise<void> {
  const isChild = table.schema.parent !== undefined
  for (const { name } of table.files.filter(isChosen)) {
    let row = 0
    for await (const lines of storedLines(table, name)) {
      for (const line of lines) visit(line, readHead(line, isChild), name, row++)
    }
  }
}

/** The rows of a file that a table has, as they would be written now, some at a time. */
export async function* storedLines({ folder, convertStored }: TableLoad, file: string): AsyncGenerator<string[]> {
  for await (const lines of readLines(join(folder, file))) yield convertStored === undefined ? lines : lines.map(convertStored)
}
