import type { Absent } from '../came-file.ts'
import type { Work } from './work.ts'

/** Notes the records that lack fields. Only `upsert` and `mirror` have such. */
export async function findIncomplete(work: Work): Promise<void> {
  await eachWithAbsent(work, (_line, sequence, absent) => {
    if (absent !== undefined) work.incomplete.add(sequence)
  })
}

/**
 * Visits the staged root rows, as they came, with what their records lack: `undefined` where that is nothing. Where no record
 * lacks anything, it visits none.
 */
export async function eachWithAbsent(
  { root, children }: Work,
  visit: (line: string, sequence: number, absent: Absent | undefined) => void,
): Promise<void> {
  const { staged, schema } = root
  const lists = children.filter((child) => child.schema.parent === schema.name).map((child) => child.schema.name)
  if (!staged.came.hasGaps(schema, lists)) return
  const gaps = staged.came.read(schema, lists)
  let absents: (Absent | undefined)[] = []
  let at = 0
  for await (const { lines, sequences } of staged.read()) {
    for (const [index, line] of lines.entries()) {
      if (at === absents.length) {
        absents = (await gaps.next()).value ?? []
        at = 0
      }
      visit(line, sequences[index]!, absents[at++])
    }
  }
}
