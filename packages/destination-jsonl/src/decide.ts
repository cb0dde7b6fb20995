import { hash } from 'node:crypto'
import { join } from 'node:path'
import { type JsonValue, type LoadPlan, parseJson, stringifyJson, type TableChanges, type TableSchema } from '@tributary/core'
import { BitSet } from './bit-set.ts'
import type { Convert } from './convert.ts'
import { readLines } from './files.ts'
import { type Head, readHead } from './lines.ts'
import type { FileEntry } from './manifest.ts'
import { eachStaged, eachStored } from './rows.ts'
import type { StagedTable } from './staging.ts'

/** A table of the load: what it has, and what comes. */
export interface TableLoad {
  readonly schema: TableSchema
  readonly folder: string
  readonly files: readonly FileEntry[]
  readonly staged: StagedTable
  readonly convertStaged: Convert | undefined
  readonly convertStored: Convert | undefined
  /** Primary key of the resource when the stored rows were written. */
  readonly storedKey: readonly string[]
}

/** Which rows a commit leaves out, and what it does to each table. */
export interface Verdict {
  /** Records of the load that are left out with all their rows, by sequence. */
  readonly leftOut: BitSet
  /** Stored rows that go: table → file → positions. */
  readonly dropped: ReadonlyMap<string, ReadonlyMap<string, BitSet>>
  readonly changes: Readonly<Record<string, TableChanges>>
}

/** Staged rows that are compared at once. More of them are compared in several passes, so that memory stays bounded. */
const PASS_ROWS = 500_000

/** A record of the load and what became of it. */
interface Entry {
  sequence: number
  readonly digest: string
  stored: number
  differs: boolean
}

interface Counts {
  inserted: number
  updated: number
  deleted: number
  unchanged: number
}

/** Decides row by row, reading what is staged and what is stored and writing nothing. */
export async function decide(plan: LoadPlan, tables: readonly TableLoad[]): Promise<Verdict> {
  const leftOut = new BitSet()
  const dropped = new Map<string, Map<string, BitSet>>()
  const counts = new Map<string, Counts>(
    tables.map(({ schema }) => [schema.name, { inserted: 0, updated: 0, deleted: 0, unchanged: 0 }]),
  )
  const verdict = {
    leftOut,
    dropped,
    get changes(): Record<string, Counts> {
      return Object.fromEntries(tables.map(({ schema }) => [schema.name, counts.get(schema.name)!]))
    },
  }
  const [root, ...children] = tables
  if (root === undefined) return verdict
  const merges = plan.disposition === 'merge' && root.files.length > 0 && (await mayMatch(plan, root))
  const mayRepeat = tables.some(({ staged }) => staged.mayRepeat)
  const isUnique = plan.primaryKey.length > 0 && (plan.keep !== 'all' || mayRepeat || plan.disposition === 'merge')
  // Otherwise there is nothing to find, and what is staged need not be read once more.
  const mustLook = merges || root.staged.maybeRepeated || (mayRepeat && plan.disposition === 'append')

  if (isUnique && mustLook) {
    const rows = merges ? tables.reduce((sum, { staged }) => sum + staged.rows, 0) : root.staged.rows
    const passes = Math.max(1, Math.ceil(rows / PASS_ROWS))
    for (let pass = 0; pass < passes; pass++) {
      const entries = await uniqueRecords(root, (id) => passOf(id, passes) === pass, leftOut, merges)
      if (plan.disposition === 'append' && mayRepeat) await leaveOutLoaded(plan, root, entries, leftOut)
      if (merges) await compare(plan, root, children, entries, { leftOut, dropped, counts })
    }
  }
  if (merges) return verdict
  for (const { schema, staged, files } of tables) {
    const count = counts.get(schema.name)!
    count.inserted = leftOut.size === 0 ? staged.rows : await remaining(staged, leftOut)
    if (plan.disposition === 'replace') count.deleted = files.reduce((sum, file) => sum + file.rows, 0)
  }
  return verdict
}

/** Whether some of the keys that come may be stored already. New records, as a first run has them, need no comparing. */
async function mayMatch({ primaryKey }: LoadPlan, { folder, files, staged, storedKey }: TableLoad): Promise<boolean> {
  if (!isSameKey(primaryKey, storedKey)) return true
  for (const { name } of files) {
    for await (const lines of readLines(join(folder, name))) {
      if (lines.some((line) => staged.mayHave(readHead(line, false).id))) return true
    }
  }
  return false
}

const isSameKey = (one: readonly string[], other: readonly string[]): boolean => one.join('\0') === other.join('\0')

/** The last record of each key in this pass; those before it are left out. `compared`: its digest will be needed. */
async function uniqueRecords(
  root: TableLoad,
  inPass: (id: string) => boolean,
  leftOut: BitSet,
  compared: boolean,
): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  await eachStaged(root, (line, head, sequence) => {
    if (!inPass(head.id)) return
    const earlier = entries.get(head.id)
    if (earlier !== undefined) {
      leftOut.add(Math.min(earlier.sequence, sequence))
      if (sequence < earlier.sequence) return
    }
    entries.set(head.id, { sequence, digest: compared ? digest(line, head) : '', stored: 0, differs: false })
  })
  return entries
}

/** Leaves out records that this run has loaded already. */
async function leaveOutLoaded(plan: LoadPlan, root: TableLoad, entries: Map<string, Entry>, leftOut: BitSet): Promise<void> {
  await eachStored(root, (_line, head) => {
    const entry = head.loadId >= plan.firstLoadId ? entries.get(head.id) : undefined
    if (entry !== undefined) leftOut.add(entry.sequence)
  })
}

interface Results {
  readonly leftOut: BitSet
  readonly dropped: Map<string, Map<string, BitSet>>
  readonly counts: ReadonlyMap<string, Counts>
}

/** Compares the records of this pass with the rows that are stored under the same keys, and their children with theirs. */
async function compare(
  plan: LoadPlan,
  root: TableLoad,
  children: readonly TableLoad[],
  entries: Map<string, Entry>,
  { leftOut, dropped, counts }: Results,
): Promise<void> {
  const replaced = new Map<string, Entry>()
  const find = await entryFinder(plan, root, entries)
  await eachStored(root, (line, head) => {
    const entry = find(line, head)
    if (entry === undefined) return
    entry.stored++
    // A key that is stored more than once, from before it was a key, is brought down to one row.
    if (entry.stored > 1 || digest(line, head) !== entry.digest) entry.differs = true
    replaced.set(head.id, entry)
  })
  for (const child of children) await compareChildren(child, entries, replaced, leftOut, counts.get(child.schema.name)!)

  const count = counts.get(root.schema.name)!
  for (const entry of entries.values()) {
    if (entry.stored === 0) count.inserted++
    else if (entry.differs) count.updated++
    else count.unchanged++
    if (entry.stored > 1) count.deleted += entry.stored - 1
    if (entry.stored > 0 && !entry.differs && plan.skipUnchanged) leftOut.add(entry.sequence)
  }
  for (const table of [root, ...children]) {
    const files = dropped.get(table.schema.name) ?? new Map<string, BitSet>()
    dropped.set(table.schema.name, files)
    await eachStored(table, (_line, head, file, row) => {
      const entry = replaced.get(head.rootId)
      if (entry === undefined || leftOut.has(entry.sequence)) return
      const rows = files.get(file) ?? new BitSet()
      files.set(file, rows)
      rows.add(row)
    })
  }
}

async function compareChildren(
  table: TableLoad,
  entries: ReadonlyMap<string, Entry>,
  replaced: ReadonlyMap<string, Entry>,
  leftOut: BitSet,
  count: Counts,
): Promise<void> {
  const coming = new Map<string, { digest: string; entry: Entry }>()
  await eachStaged(table, (line, head, sequence) => {
    const entry = entries.get(head.rootId)
    if (entry !== undefined && !leftOut.has(sequence)) coming.set(head.id, { digest: digest(line, head), entry })
  })
  await eachStored(table, (line, head) => {
    const entry = replaced.get(head.rootId)
    if (entry === undefined) return
    const row = coming.get(head.id)
    if (row === undefined) {
      count.deleted++
      entry.differs = true
    } else {
      coming.delete(head.id)
      if (row.digest === digest(line, head)) {
        count.unchanged++
      } else {
        count.updated++
        entry.differs = true
      }
    }
  })
  for (const { entry } of coming.values()) {
    count.inserted++
    entry.differs = true
  }
}

/** By id, which is the key's text; by the key's columns where the rows were stored under another key. */
async function entryFinder(
  { primaryKey }: LoadPlan,
  root: TableLoad,
  entries: ReadonlyMap<string, Entry>,
): Promise<(line: string, head: Head) => Entry | undefined> {
  if (isSameKey(primaryKey, root.storedKey)) return (_line, { id }) => entries.get(id)
  const keyOf = (line: string): string => {
    const row = parseJson(line) as Record<string, JsonValue>
    return stringifyJson(primaryKey.map((column) => row[column] ?? null))
  }
  const byKey = new Map<string, Entry>()
  await eachStaged(root, (line, head, sequence) => {
    const entry = entries.get(head.id)
    if (entry?.sequence === sequence) byKey.set(keyOf(line), entry)
  })
  return (line) => byKey.get(keyOf(line))
}

async function remaining(staged: StagedTable, leftOut: BitSet): Promise<number> {
  let rows = 0
  for await (const { sequences } of staged.read()) for (const sequence of sequences) if (!leftOut.has(sequence)) rows++
  return rows
}

/** Of the row itself, without the load it came with. */
const digest = (line: string, { body }: Head): string => hash('sha1', line.slice(body), 'base64')

/** Spreads ids over the passes. */
function passOf(id: string, passes: number): number {
  if (passes === 1) return 0
  let state = 0
  for (let i = 0; i < id.length; i++) state = (Math.imul(state, 31) + id.charCodeAt(i)) >>> 0
  return state % passes
}
