import { join } from 'node:path'
import type { LoadPlan } from '@tributary/core'
import type { FileEntry } from '@tributary/file-dataset'
import type { Head } from '../lines.ts'
import { eachStored } from '../table-load.ts'
import { readVersion } from '../version-lines.ts'
import { digest } from './digest.ts'
import { createJoin, ownText, type Part } from './join.ts'
import { type Ordered, orderedOf, orderedText } from './order.ts'
import { orderReader } from './values.ts'
import { isBetter } from './wins.ts'
import type { Work } from './work.ts'

/** A record of the load, the one of its identity that counts, while it is decided. */
interface LoadedRecord {
  readonly sequence: number
  /** Of its root row, where that is compared. */
  readonly digest: string
  /** Of a versioned table. */
  readonly hash: string | null
  readonly order: Ordered | undefined
  /** Whether others of the load have its identity. */
  readonly isRepeated: boolean
  /** Stored rows of its identity: of a versioned table, active ones that say the same. */
  stored: number
  /** Whether one of them is not as it comes. */
  differs: boolean
  /** Step 4: whether one of them wins over it, so that it is left out. */
  loses: boolean
  /** Where the one of them is that was loaded last, if that is asked for. */
  latest?: { readonly file: number; readonly row: number; readonly loadId: number }
}

type StagedRoot = readonly [sequence: number, digest: string, hash: string | null, order: string | null]
type StoredRoot = readonly [
  file: number,
  row: number,
  id: string,
  loadId: number,
  digest: string,
  hash: string | null,
  order: string | null,
]

/** What becomes of records and of the stored rows of their identity: of a versioned table, the active ones. */
export interface Meeting {
  /** Default: all files. */
  isChosen?(file: FileEntry): boolean
  met(record: LoadedRecord, row: StoredRoot): void
  /** A stored row that no record has the identity of. Default: nothing. */
  unmet?(row: () => StoredRoot): void
  /** A record that has met all that it has to. */
  decided(record: LoadedRecord): void
}

type Sides = { staged: StagedRoot; stored: StoredRoot }

/** Step 1: of each identity, the record that counts; the others are left out. Then each of them meets what is stored. */
export async function meetStored(
  work: Work,
  identity: (line: string, head: Head) => string,
  meeting: Meeting | undefined,
): Promise<void> {
  const { plan, root, limits, folder, eachRecord } = work
  const orderOf = plan.dedupSort && orderReader(plan.dedupSort, root.schema)
  const isVersioned = root.schema.versioned !== undefined
  const isCompared = meeting !== undefined && !isVersioned && plan.disposition === 'merge'
  const records = createJoin(join(folder, 'records'), limits.parts(root.staged.rows), () => partOf(work, meeting))
  await eachRecord((line, head, sequence) => {
    records.put.staged(identity(line, head), () => [
      sequence,
      isCompared ? digest(line, head) : '',
      (isVersioned && readVersion(line, head).hash) || null,
      orderedText(orderOf?.(line)),
    ])
  })
  if (meeting !== undefined) {
    const isFiltered = records.isWritten && meeting.unmet === undefined
    await eachStored(
      root,
      (line, head, file, row) => {
        if (isFiltered && !work.mayMeet(head.id)) return
        const version = isVersioned ? readVersion(line, head) : undefined
        if (version?.isActive === false) return
        records.put.stored(identity(line, head), () => [
          file,
          row,
          head.id,
          head.loadId,
          isCompared ? digest(line, head) : '',
          version?.hash ?? null,
          orderedText(orderOf?.(line)),
        ])
      },
      (file) => meeting.isChosen?.(file) ?? true,
    )
  }
  await records.decide()
}

function partOf({ plan, duplicates, leftOut, counted, repeated }: Work, meeting: Meeting | undefined): Part<Sides> {
  const records = new Map<string, LoadedRecord>()
  return {
    visit: {
      staged(key, entry) {
        const [sequence, digest, hash, order] = entry()
        const other = records.get(key)
        const record = {
          sequence,
          digest,
          hash: hash === null ? null : ownText(hash),
          order: orderedOf(order),
          isRepeated: other !== undefined,
          stored: 0,
          differs: false,
          loses: false,
        }
        const takesPlace = other === undefined || supersedes(plan, record, other)
        if (other !== undefined) {
          const loser = takesPlace ? other.sequence : sequence
          duplicates.add(loser)
          leftOut.add(loser)
        }
        if (takesPlace) records.set(ownText(key), record)
      },
      stored(key, entry) {
        const record = records.get(key)
        if (record === undefined) {
          meeting?.unmet?.(entry)
          return
        }
        const row = entry()
        if (isBetter(plan.dedupSort, orderedOf(row[6]), record.order)) record.loses = true
        meeting?.met(record, row)
      },
    },
    end() {
      for (const record of records.values()) {
        counted.add(record.sequence)
        if (record.isRepeated) repeated.add(record.sequence)
        meeting?.decided(record)
      }
    },
  }
}

/** Whether one of two records of a load takes the place of the other. */
function supersedes({ dedupSort, keep }: LoadPlan, one: LoadedRecord, other: LoadedRecord): boolean {
  if (isBetter(dedupSort, one.order, other.order)) return true
  if (isBetter(dedupSort, other.order, one.order)) return false
  return keep === 'first' ? one.sequence < other.sequence : one.sequence > other.sequence
}
