import { join } from 'node:path'
import { eachStaged, eachStored, storedRows } from '../table-load.ts'
import { digest } from './digest.ts'
import { createJoin, ownText, type Part } from './join.ts'
import { countsOf, isIdentifiedById, metOf, type Work } from './work.ts'

/** Compares child rows of records with those that are stored. */
export interface CompareChildren {
  /** A stored root row that a record takes the place of, or loses to. */
  met(id: string, loadId: number, sequence: number): void
  /** One that has no such record, and so keeps the children that are its own too. */
  left(id: string, loadId: number): void
  /** Counts what becomes of the rows, and notes which records differ by them. To be called when the roots are decided. */
  compare(): Promise<void>
}

/** A stored root row: children are of the rows that have their root's id, and the load they came with. */
type Owner = readonly [loadId: number, sequence: number | null]
type StagedChild = readonly [table: number, id: string, sequence: number, digest: string]
type StoredChild = readonly [table: number, loadId: number, file: number, row: number, id: string, digest: string]
type Sides = { roots: Owner; staged: StagedChild; stored: StoredChild }

/** `undefined` where there are no child tables. */
export function compareChildren(work: Work): CompareChildren | undefined {
  const { plan, root, children, limits, folder, deletions, counted, loses, incomplete } = work
  if (children.length === 0) return undefined
  // What is held in memory: also rows of records that did not have their list, and, where ids do not tell, all stored roots.
  let rows = root.staged.rows
  for (const child of children) rows += child.staged.rows + (incomplete.size > 0 ? storedRows(child) : 0)
  if (!isIdentifiedById(plan, root)) rows += storedRows(root)
  const compared = createJoin(join(folder, 'children'), limits.parts(rows), () => partOf(work))
  return {
    met: (id, loadId, sequence) => compared.put.roots(id, () => [loadId, sequence]),
    left: (id, loadId) => compared.put.roots(id, () => [loadId, null]),
    async compare() {
      for (const [index, table] of children.entries()) {
        const count = countsOf(work, table)
        await eachStaged(table, undefined, (line, head, sequence) => {
          if (!counted.has(sequence)) return
          if (loses.has(sequence)) count.unchanged++
          else if (!deletions.has(sequence))
            compared.put.staged(head.rootId, () => [index, head.id, sequence, digest(line, head)])
        })
      }
      for (const [index, table] of children.entries()) {
        await eachStored(table, (line, head, file, row) => {
          if (compared.isWritten && !work.mayMeet(head.rootId)) return
          compared.put.stored(head.rootId, () => [index, head.loadId, file, row, head.id, digest(line, head)])
        })
      }
      await compared.decide()
    },
  }
}

function partOf(work: Work): Part<Sides> {
  const { children, differs, loses } = work
  const roots = new Map<string, Owner[]>()
  const coming = children.map(() => new Map<string, { sequence: number; digest: string; stored: number; differs: boolean }>())
  return {
    visit: {
      roots(key, entry) {
        const owners = roots.get(key)
        if (owners === undefined) roots.set(ownText(key), [entry()])
        else owners.push(entry())
      },
      staged(_key, entry) {
        const [table, id, sequence, digest] = entry()
        coming[table]!.set(ownText(id), { sequence, digest, stored: 0, differs: false })
      },
      stored(key, entry) {
        const all = roots.get(key)
        if (all === undefined) return
        const [table, loadId, file, row, id, digest] = entry()
        const owners = all.filter(([load]) => load === loadId)
        const sequence = owners[0]?.[1] ?? null
        if (sequence === null || owners.some(([, owner]) => owner === null || loses.has(owner))) return
        metOf(work, children[table]!).add(file, row, sequence)
        const takesPlace = coming[table]!.get(id)
        if (takesPlace === undefined) {
          countsOf(work, children[table]!).deleted++
          differs.add(sequence)
          return
        }
        takesPlace.stored++
        // As with their roots: rows of one id come down to one.
        if (takesPlace.stored > 1 || takesPlace.digest !== digest) takesPlace.differs = true
      },
    },
    end() {
      for (const [table, rows] of coming.entries()) {
        const count = countsOf(work, children[table]!)
        for (const row of rows.values()) {
          if (row.stored === 0) count.inserted++
          else if (row.differs) count.updated++
          else count.unchanged++
          if (row.stored === 0 || row.differs) differs.add(row.sequence)
        }
      }
    },
  }
}
