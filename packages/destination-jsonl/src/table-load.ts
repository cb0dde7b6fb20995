import { join } from 'node:path'
import type { TableSchema } from '@tributary/core'
import type { FileEntry, ManifestTable } from '@tributary/file-dataset'
import type { BitSet } from './bit-set.ts'
import type { Convert } from './convert.ts'
import { type Head, readHead } from './lines.ts'
import type { SequencedLines } from './sequenced-lines.ts'
import { readLinesAtOnce } from './small-file.ts'
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
  table: TableLoad,
  superseded: BitSet | undefined,
  visit: (line: string, head: Head, sequence: number) => void,
): Promise<void> {
  await eachThatCame(table, (sequence) => superseded?.has(sequence) !== true, visit)
  const isChild = table.schema.parent !== undefined
  for await (const { lines, sequences } of table.made.read()) {
    for (const [index, line] of lines.entries()) visit(line, readHead(line, isChild), sequences[index]!)
  }
}

/** Visits the rows that came with a load, of the records that are chosen. */
export async function eachThatCame(
  { schema, staged, convertStaged }: TableLoad,
  isChosen: (sequence: number) => boolean,
  visit: (line: string, head: Head, sequence: number) => void,
): Promise<void> {
  const isChild = schema.parent !== undefined
  for await (const { lines, sequences } of staged.read()) {
    for (const [index, raw] of lines.entries()) {
      if (!isChosen(sequences[index]!)) continue
      const line = convertStaged === undefined ? raw : convertStaged(raw)
      visit(line, readHead(line, isChild), sequences[index]!)
    }
  }
}

/** Visits the rows that a table has, as they would be written now: of all its files, by their place in the list, or of those that are chosen. */
export async function eachStored(
  table: TableLoad,
  visit: (line: string, head: Head, file: number, row: number) => void,
  isChosen: (file: FileEntry) => boolean = () => true,
): Promise<void> {
  const isChild = table.schema.parent !== undefined
  for (const [index, file] of table.files.entries()) {
    if (!isChosen(file)) continue
    let row = 0
    for await (const lines of storedLines(table, file.name)) {
      for (const line of lines) visit(line, readHead(line, isChild), index, row++)
    }
  }
}

/** The rows of a file that a table has, as they would be written now, some at a time. */
async function* storedLines({ folder, convertStored }: TableLoad, file: string): AsyncGenerator<string[]> {
  for await (const lines of readLinesAtOnce(join(folder, file)))
    yield convertStored === undefined ? lines : lines.map(convertStored)
}

/** How many rows a table has. */
export const storedRows = ({ files }: TableLoad): number => files.reduce((sum, { rows }) => sum + rows, 0)
