import { type LoadPlan, SYSTEM_COLUMNS } from '@tributary/core'
import { type Head, readHead, stringAt, withLoad } from '../lines.ts'
import { storedLines, type TableLoad } from '../table-load.ts'

/** A record whose stored child rows become part of the load, because it did not have their list. */
export interface CarriedRoot {
  /** `_sync_id` of the record as it comes, which the stored one may differ from. */
  readonly id: string
  readonly sequence: number
  readonly lists: ReadonlySet<string>
  /** Only rows that this load wrote: the record is stored several times, with the children of each. */
  readonly onlyLoad?: number
}

/** Copies stored rows of a child table into the load. `list`: the list of the root that they come from; `roots`: by stored id. */
export async function carryChildren(
  plan: LoadPlan,
  table: TableLoad,
  list: string,
  roots: ReadonlyMap<string, CarriedRoot>,
): Promise<void> {
  for (const { name } of table.files) {
    for await (const stored of storedLines(table, name)) {
      const lines: string[] = []
      const sequences: number[] = []
      for (const line of stored) {
        const head = readHead(line, true)
        const root = roots.get(head.rootId)
        if (root === undefined || !root.lists.has(list)) continue
        if (root.onlyLoad !== undefined && root.onlyLoad !== head.loadId) continue
        lines.push(`${withLoad(underRoot(line, head, root.id), head, plan.id)}\n`)
        sequences.push(root.sequence)
      }
      await table.made.append(lines, Float64Array.from(sequences))
    }
  }
}

const { rootId: ROOT_ID, id: ID, parentId: PARENT_ID } = SYSTEM_COLUMNS

/** The line with the ids that it has under a root of another id: they begin with that of their root. */
function underRoot(line: string, { rootId, id, body, end }: Head, newRoot: string): string {
  if (rootId === newRoot) return line
  const parent = stringAt(line, end + PARENT_ID.length + 4)
  const moved = (text: string): string => JSON.stringify(text.startsWith(rootId) ? newRoot + text.slice(rootId.length) : text)
  const ids = `,"${ROOT_ID}":${JSON.stringify(newRoot)},"${ID}":${moved(id)},"${PARENT_ID}":${moved(parent.value)}`
  return line.slice(0, body) + ids + line.slice(parent.end)
}
