import type { TableNode } from './fields.ts'
import type { Tree } from './tree.ts'

/** Takes back the last row of a table, and all rows of other tables that belong to it. */
export function dropRow(tree: Tree, node: TableNode, row: number): void {
  const { table } = node
  if (row >= table.rowCount) return
  const sequence = table.sequenceAt(row)
  /** Ids of the rows that are gone, by their table. Within one record no two are the same. */
  const gone = new Map([[table.identity.name, new Set([table.idAt(row)])]])
  table.dropFrom(row)
  for (const { table: child } of tree.nodes) {
    const parents = gone.get(child.identity.parent ?? '')
    if (parents === undefined) continue
    let from = child.rowCount
    while (from > 0 && child.sequenceAt(from - 1) === sequence && parents.has(child.parentIdAt(from - 1))) from--
    if (from === child.rowCount) continue
    const ids = new Set<string>()
    for (let each = from; each < child.rowCount; each++) ids.add(child.idAt(each))
    gone.set(child.identity.name, ids)
    child.dropFrom(from)
  }
}
