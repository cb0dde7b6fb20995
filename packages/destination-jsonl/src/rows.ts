import { join } from 'node:path'
import type { TableLoad } from './decide.ts'
import { readLines } from './files.ts'
import { type Head, readHead } from './lines.ts'

/** Visits the rows of a load's table, as they will be written. */
export async function eachStaged(
  { schema, staged, convertStaged }: TableLoad,
  visit: (line: string, head: Head, sequence: number) => void,
): Promise<void> {
  const isChild = schema.parent !== undefined
  for await (const { lines, sequences } of staged.read()) {
    for (const [index, raw] of lines.entries()) {
      const line = convertStaged === undefined ? raw : convertStaged(raw)
      visit(line, readHead(line, isChild), sequences[index]!)
    }
  }
}

/** Visits the rows that a table has, as they would be written now. */
export async function eachStored(
  { schema, folder, files, convertStored }: TableLoad,
  visit: (line: string, head: Head, file: string, row: number) => void,
): Promise<void> {
  const isChild = schema.parent !== undefined
  for (const { name } of files) {
    let row = 0
    for await (const lines of readLines(join(folder, name))) {
      for (const raw of lines) {
        const line = convertStored === undefined ? raw : convertStored(raw)
        visit(line, readHead(line, isChild), name, row++)
      }
    }
  }
}
