import type { Absent } from '../came-file.ts'
import { type Head, readHead } from '../lines.ts'
import { membersText, rawMembers } from '../raw-line.ts'
import { eachStored, type TableLoad } from '../table-load.ts'
import { type CarriedRoot, carryChildren } from './carry.ts'
import { digest, type LoadedRecord, type LoadedRecords } from './unique.ts'
import { winsOver } from './wins.ts'
import type { Work } from './work.ts'

/** Bytes that it takes to keep a row, beside its text. */
const OVERHEAD = 500

/** A record that does not have all fields, and the stored row that has the rest. */
interface Incomplete {
  readonly record: LoadedRecord
  readonly line: string
  readonly absent: Absent
  stored?: { readonly line: string; readonly head: Head; readonly rows: number }
}

/** `upsert` and `mirror`: brings records that lack fields to whole ones, with the columns and lists of the stored row of their key. */
export async function complete(
  work: Work,
  identity: (line: string, head: Head) => string,
  records: LoadedRecords,
): Promise<void> {
  const { root, children, limits } = work
  const lists = children.filter(({ schema }) => schema.parent === root.schema.name).map(({ schema }) => schema.name)
  if (!root.staged.came.hasGaps(root.schema, lists)) return
  let pending = new Map<string, Incomplete>()
  let bytes = 0
  const flush = async (): Promise<void> => {
    if (pending.size > 0) await completeAll(work, identity, pending)
    pending = new Map()
    bytes = 0
  }
  for await (const part of incompleteParts(work, identity, records, lists)) {
    for (const [key, incomplete] of part) {
      pending.set(key, incomplete)
      bytes += incomplete.line.length + OVERHEAD
    }
    if (bytes > limits.completedBytes) await flush()
  }
  await flush()
}

async function* incompleteParts(
  { root, deletions }: Work,
  identity: (line: string, head: Head) => string,
  records: LoadedRecords,
  lists: readonly string[],
): AsyncGenerator<[key: string, incomplete: Incomplete][]> {
  const { staged, convertStaged, schema } = root
  const gaps = staged.came.read(schema, lists)
  let absents: (Absent | undefined)[] = []
  let at = 0
  for await (const { lines, sequences } of staged.read()) {
    const part: [string, Incomplete][] = []
    for (const [index, raw] of lines.entries()) {
      if (at === absents.length) {
        absents = (await gaps.next()).value ?? []
        at = 0
      }
      const absent = absents[at++]
      const sequence = sequences[index]!
      if (absent === undefined || deletions.has(sequence)) continue
      const line = convertStaged === undefined ? raw : convertStaged(raw)
      const key = identity(line, readHead(line, false))
      const record = records.get(key)
      if (record?.sequence === sequence) part.push([key, { record, line, absent }])
    }
    yield part
  }
}

async function completeAll(
  work: Work,
  identity: (line: string, head: Head) => string,
  pending: ReadonlyMap<string, Incomplete>,
): Promise<void> {
  const { plan, root, children, superseded } = work
  const wins = winsOver(work)
  await eachStored(root, (line, head) => {
    const incomplete = pending.get(identity(line, head))
    if (incomplete !== undefined && wins(line, head, incomplete.record)) incomplete.record.loses = true
    // Where a key is stored several times, from before it was a key, the latest row counts.
    if (incomplete !== undefined) incomplete.stored = { line, head, rows: (incomplete.stored?.rows ?? 0) + 1 }
  })
  const lines: string[] = []
  const sequences: number[] = []
  const byRoot = new Map<string, CarriedRoot>()
  for (const { record, line, absent, stored } of pending.values()) {
    if (stored === undefined || record.loses) continue
    const whole = completedLine(root, line, stored, absent)
    lines.push(`${whole}\n`)
    sequences.push(record.sequence)
    superseded.add(record.sequence)
    record.digest = digest(whole, readHead(whole, false))
    if (absent.lists.size === 0) continue
    const { id, loadId } = stored.head
    byRoot.set(id, {
      id: record.id,
      sequence: record.sequence,
      lists: absent.lists,
      ...(stored.rows > 1 && { onlyLoad: loadId }),
    })
  }
  await root.made.append(lines, Float64Array.from(sequences))
  if (byRoot.size > 0) for (const child of children) await carryChildren(plan, child, topListOf(work, child), byRoot)
}

/** The line with the stored values of the columns that did not come, in the order of the table's columns. */
function completedLine(
  { schema }: TableLoad,
  line: string,
  { line: storedLine, head: storedHead }: NonNullable<Incomplete['stored']>,
  { columns: absent }: Absent,
): string {
  const { end } = readHead(line, false)
  const own = rawMembers(line, end)
  const stored = rawMembers(storedLine, storedHead.end)
  const members = schema.columns.flatMap(({ name }): [string, string][] => {
    const raw = (absent.has(name) ? stored : own).get(name)
    return raw === undefined ? [] : [[name, raw]]
  })
  return `${line.slice(0, end)}${membersText(members)}}`
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
