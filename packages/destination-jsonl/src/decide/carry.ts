import { join } from 'node:path'
import { SYSTEM_COLUMNS } from '@tributary/core'
import { type Head, readHead, stringAt, withLoad } from '../lines.ts'
import { eachStored, eachThatCame, type TableLoad } from '../table-load.ts'
import { createJoin, ownText, type Part } from './join.ts'
import type { Work } from './work.ts'

/** Child rows of others that become those of a record, because it did not have their list. */
export interface Carry {
  /** `stored`: the row that the record completes itself from. Its children are of the load that it came with. */
  fromStored(stored: Head, record: CarriedTo, lists: readonly string[]): void
  /** `before`: one of its key in the load. */
  fromRecord(before: CarriedTo, record: CarriedTo, lists: readonly string[]): void
  /** Copies the rows into the load. To be called when all such records are known. */
  carry(): Promise<void>
}

/** A record by the id that its root row has, which may be another than that of the row that children come from. */
export interface CarriedTo {
  readonly id: string
  readonly sequence: number
}

/** A record by the root row that it completes itself from. `origin`: what this row and its children came with. */
type CarriedRoot = readonly [origin: string, id: string, sequence: number, lists: readonly string[]]
type Child = readonly [table: number, origin: string, line: string]
type Sides = { roots: CarriedRoot; rows: Child }

const loadOrigin = (loadId: number): string => `load ${loadId}`
const recordOrigin = (sequence: number): string => `record ${sequence}`

export function carryChildren(work: Work): Carry {
  const { children, duplicates, incomplete, limits, folder } = work
  const carried = createJoin(join(folder, 'carried'), limits.parts(2 * incomplete.size), () => partOf(work))
  let isAnyStored = false
  let isAnyRecord = false
  return {
    fromStored({ id, loadId }, record, lists) {
      isAnyStored = true
      carried.put.roots(id, () => [loadOrigin(loadId), record.id, record.sequence, lists])
    },
    fromRecord({ id, sequence }, record, lists) {
      isAnyRecord = true
      carried.put.roots(id, () => [recordOrigin(sequence), record.id, record.sequence, lists])
    },
    async carry() {
      const isDuplicate = (sequence: number): boolean => duplicates.has(sequence)
      for (const [index, table] of isAnyRecord ? children.entries() : []) {
        await eachThatCame(table, isDuplicate, (line, head, sequence) => {
          carried.put.rows(head.rootId, () => [index, recordOrigin(sequence), line])
        })
      }
      for (const [index, table] of isAnyStored ? children.entries() : []) {
        await eachStored(table, (line, head) => {
          if (carried.isWritten && !work.mayMeet(head.rootId)) return
          carried.put.rows(head.rootId, () => [index, loadOrigin(head.loadId), line])
        })
      }
      await carried.decide()
    },
  }
}

function partOf(work: Work): Part<Sides> {
  const { plan, children, doubled } = work
  const lists = children.map((child) => topListOf(work, child))
  const roots = new Map<string, CarriedRoot[]>()
  /** Rows of roots that one load has written twice are there twice. */
  const seen = new Set<string>()
  return {
    visit: {
      roots(key, entry) {
        const [origin, id, ...rest] = entry()
        const others = roots.get(key) ?? []
        roots.set(ownText(key), [...others, [origin, ownText(id), ...rest]])
      },
      rows(key, entry) {
        const all = roots.get(key)
        if (all === undefined) return
        const [table, origin, line] = entry()
        for (const [rootOrigin, id, sequence, absent] of all) {
          if (rootOrigin !== origin || !absent.includes(lists[table]!)) continue
          const head = readHead(line, true)
          const rowKey = `${table} ${sequence} ${head.id}`
          if (doubled.has(sequence) && seen.has(rowKey)) continue
          if (doubled.has(sequence)) seen.add(rowKey)
          children[table]!.made.add(withLoad(underRoot(line, head, id), head, plan.id), sequence)
        }
      },
    },
  }
}

/** The list of the root that a child table's rows come from. */
function topListOf({ root, children }: Work, { schema }: TableLoad): string {
  let top = schema
  while (top.parent !== undefined && top.parent !== root.schema.name) {
    const parent = children.find((table) => table.schema.name === top.parent)
    if (parent === undefined) break
    top = parent.schema
  }
  return top.name
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
