import { eachStored } from '../table-load.ts'
import { passesFor } from './passes.ts'
import { countsOf, goneOf, type Work } from './work.ts'

/** Child rows go with roots that go without another in their place. */
export async function followRoots(work: Work): Promise<void> {
  const { root, children, goneRoots, limits } = work
  if (goneRoots.size === 0 || children.every(({ files }) => files.length === 0)) return
  for (const pass of passesFor(limits, goneRoots.size)) {
    const ids = new Set<string>()
    await eachStored(root, (_line, { id }, file, row) => {
      if (goneRoots.has(file, row) && pass(id)) ids.add(id)
    })
    for (const child of children) {
      const gone = goneOf(work, child)
      await eachStored(child, (_line, { rootId }, file, row) => {
        if (!ids.has(rootId) || gone.has(file, row)) return
        gone.add(file, row)
        countsOf(work, child).deleted++
      })
    }
  }
}
