import { hash } from 'node:crypto'
import type { DedupSort, LoadPlan } from '@tributary/core'
import type { Head } from '../lines.ts'
import { readVersion } from '../version-lines.ts'
import { compareOrdered, type Ordered } from './order.ts'
import type { Pass } from './passes.ts'
import { orderReader } from './values.ts'
import type { Work } from './work.ts'

/** A record of the load, the one of its identity that counts, and what is known of it. */
export interface LoadedRecord {
  readonly id: string
  readonly sequence: number
  /** Of its root row, where that is compared. */
  digest: string
  /** Of a versioned table. */
  readonly hash: string | undefined
  readonly order: Ordered | undefined
  /** Stored rows of its identity: of a versioned table, active ones. */
  stored: number
  /** Whether one of them, or a child, is not as it comes. */
  differs: boolean
  /** Whether one of them wins over it, so that it is left out. */
  loses: boolean
}

/** The records of a pass by their identity. */
export type LoadedRecords = ReadonlyMap<string, LoadedRecord>

/** Step 1: of each identity, the record that counts; the others are left out. */
export async function uniqueRecords(
  { plan, root, duplicates, leftOut, eachRecord }: Work,
  identity: (line: string, head: Head) => string,
  pass: Pass,
  merges: boolean,
): Promise<LoadedRecords> {
  const records = new Map<string, LoadedRecord>()
  const orderOf = plan.dedupSort && orderReader(plan.dedupSort, root.schema)
  const isVersioned = root.schema.versioned !== undefined
  await eachRecord((line, head, sequence) => {
    const key = identity(line, head)
    if (!pass(key)) return
    const record = {
      id: head.id,
      sequence,
      digest: merges && !isVersioned ? digest(line, head) : '',
      hash: isVersioned ? readVersion(line, head).hash : undefined,
      order: orderOf?.(line),
      stored: 0,
      differs: false,
      loses: false,
    }
    const other = records.get(key)
    const takesPlace = other === undefined || supersedes(plan, record, other)
    if (other !== undefined) {
      const loser = takesPlace ? other.sequence : sequence
      duplicates.add(loser)
      leftOut.add(loser)
    }
    if (takesPlace) records.set(key, record)
  })
  return records
}

/** Whether one of two records of a load takes the place of the other. */
function supersedes({ dedupSort, keep }: LoadPlan, one: LoadedRecord, other: LoadedRecord): boolean {
  if (isBetter(dedupSort, one.order, other.order)) return true
  if (isBetter(dedupSort, other.order, one.order)) return false
  return keep === 'first' ? one.sequence < other.sequence : one.sequence > other.sequence
}

/** A row without the value is worse than any with it. */
export function isBetter(dedupSort: DedupSort | undefined, one: Ordered | undefined, other: Ordered | undefined): boolean {
  if (dedupSort === undefined || one === undefined) return false
  if (other === undefined) return true
  const difference = compareOrdered(one, other)
  return dedupSort.order === 'asc' ? difference < 0 : difference > 0
}

/** Of the row itself, without the load it came with. */
export const digest = (line: string, { body }: Head): string => hash('sha1', line.slice(body), 'base64')
