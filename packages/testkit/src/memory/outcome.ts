import { SYSTEM_COLUMNS, type TableChanges, type TableSchema } from '@tributary/core'
import { sameRow } from './keys.ts'
import { groupBy, type LoadedRecord, type StoredRecord } from './records.ts'

type Change = keyof TableChanges

/** What a load does, as it is worked out: which stored records go or end, which records are written, and the counts of it. */
export interface Outcome {
  readonly gone: Set<StoredRecord>
  readonly ended: Set<StoredRecord>
  readonly written: Pick<StoredRecord, 'row' | 'children'>[]
  readonly counts: ReadonlyMap<string, Record<Change, number>>
}

export function emptyOutcome(schemas: readonly TableSchema[]): Outcome {
  const counts = schemas.map(({ name }) => [name, { inserted: 0, updated: 0, deleted: 0, unchanged: 0 }] as const)
  return { gone: new Set(), ended: new Set(), written: [], counts: new Map(counts) }
}

/** Counts a record's rows, its children among them. */
export function countRows({ counts }: Outcome, root: string, record: StoredRecord, change: Change): void {
  counts.get(root)![change]++
  for (const [table, rows] of record.children) counts.get(table)![change] += rows.length
}

/** A record that is new. */
export function insert(outcome: Outcome, root: string, record: LoadedRecord): void {
  outcome.written.push(record)
  countRows(outcome, root, record, 'inserted')
}

/** A stored record that goes, with none of its key in its place. */
export function remove(outcome: Outcome, root: string, record: StoredRecord): void {
  if (outcome.gone.has(record)) return
  outcome.gone.add(record)
  const { children, rows = 1 } = record
  const goes = rows === 1 || [...outcome.gone].filter((gone) => gone.children === children).length === rows
  countRows(outcome, root, goes ? record : { ...record, children: new Map() }, 'deleted')
}

/** A version that ends; its children stay as they are. */
export function end(outcome: Outcome, root: string, record: StoredRecord): void {
  if (outcome.ended.has(record)) return
  outcome.ended.add(record)
  outcome.counts.get(root)!.updated++
}

/**
 * A record in the place of the stored ones of its key. Children are compared by their ids. With `skipUnchanged`, one that does
 * not differ is not written.
 */
export function replace(
  outcome: Outcome,
  schemas: readonly TableSchema[],
  record: StoredRecord,
  before: readonly StoredRecord[],
  skipUnchanged: boolean,
): void {
  const [root, ...below] = schemas
  let differs = before.length !== 1 || !sameRow(root!, before[0]!.row, record.row)
  for (const schema of below) if (countChildren(outcome, schema, record, before)) differs = true
  outcome.counts.get(root!.name)![differs ? 'updated' : 'unchanged']++
  if (skipUnchanged && !differs) return
  for (const old of before) outcome.gone.add(old)
  outcome.written.push(record)
}

/** True where any of them differ. */
function countChildren({ counts }: Outcome, schema: TableSchema, record: StoredRecord, before: readonly StoredRecord[]): boolean {
  const count = counts.get(schema.name)!
  const families = new Set(before.map(({ children }) => children))
  const old = groupBy(
    [...families].flatMap((children) => children.get(schema.name) ?? []),
    (row) => row[SYSTEM_COLUMNS.id],
  )
  let differs = false
  for (const row of record.children.get(schema.name) ?? []) {
    const id = row[SYSTEM_COLUMNS.id]
    const others = old.get(id)
    old.delete(id)
    const isSame = others?.length === 1 && sameRow(schema, others[0]!, row)
    const change: Change = others === undefined ? 'inserted' : isSame ? 'unchanged' : 'updated'
    count[change]++
    if (change !== 'unchanged') differs = true
  }
  for (const rows of old.values()) count.deleted += rows.length
  return differs || old.size > 0
}
