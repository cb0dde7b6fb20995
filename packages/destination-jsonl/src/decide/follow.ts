import { join } from 'node:path'
import { eachStored } from '../table-load.ts'
import { createJoin, type Part } from './join.ts'
import { countsOf, goneOf, isIdentifiedById, type Work } from './work.ts'

type StoredChild = readonly [table: number, loadId: number, file: number, row: number]
type Sides = { gone: number; left: number; rows: StoredChild }

/** Child rows go with roots that go without another in their place, with the last of those whose own they are. */
export async function followRoots(work: Work): Promise<void> {
  const { plan, root, children, goneRoots, limits, folder } = work
  if (goneRoots.size === 0 || children.every(({ files }) => files.length === 0)) return
  const followed = createJoin(join(folder, 'followed'), limits.parts(goneRoots.size), () => partOf(work))
  await eachStored(root, (_line, { id, loadId }, file, row) => {
    if (goneRoots.has(file, row)) followed.put.gone(id, () => loadId)
  })
  // Otherwise rows of one id go together.
  if (plan.mergeKey.length > 0 || !isIdentifiedById(plan, root)) {
    const gone = goneOf(work, root)
    await eachStored(root, (_line, { id, loadId }, file, row) => {
      if (!gone.has(file, row)) followed.put.left(id, () => loadId)
    })
  }
  for (const [index, child] of children.entries()) {
    await eachStored(child, (_line, { rootId, loadId }, file, row) => {
      followed.put.rows(rootId, () => [index, loadId, file, row])
    })
  }
  await followed.decide()
}

/** By the ids of roots, and the loads that they and their children came with. */
function partOf(work: Work): Part<Sides> {
  const roots = new Set<string>()
  const keyOf = (id: string, loadId: number): string => `${loadId} ${id}`
  return {
    visit: {
      gone(id, loadId) {
        roots.add(keyOf(id, loadId()))
      },
      left(id, loadId) {
        roots.delete(keyOf(id, loadId()))
      },
      rows(rootId, entry) {
        const [table, loadId, file, row] = entry()
        if (!roots.has(keyOf(rootId, loadId))) return
        const child = work.children[table]!
        const gone = goneOf(work, child)
        if (gone.has(file, row)) return
        gone.add(file, row)
        countsOf(work, child).deleted++
      },
    },
  }
}
