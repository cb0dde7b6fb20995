import { join } from 'node:path'
import { completesRepeats } from '@tributary/core'
import type { Absent } from '../came-file.ts'
import { type Head, readHead } from '../lines.ts'
import { Marks } from '../marks.ts'
import { eachStored } from '../table-load.ts'
import { type Carry, carryChildren } from './carry.ts'
import { digest } from './digest.ts'
import { eachWithAbsent, findIncomplete } from './incomplete.ts'
import { createJoin, ownText, type Part } from './join.ts'
import { type Coming, completedLine, type Together, together } from './together.ts'
import type { Work } from './work.ts'

type Sides = { staged: Coming; stored: string }

/** Records that lack fields are completed from those of their key before them, where nothing is stored. */
export async function completeNew(work: Work, identity: (line: string, head: Head) => string): Promise<void> {
  if (work.repeated.size === 0) return
  await findIncomplete(work)
  await complete(work, identity, new Marks())
}

/**
 * Brings records that lack fields to whole ones, with the columns and lists of those of their key before them in the load, and
 * then of the stored row of their key that was loaded last. `sources`: these rows. A row that has been completed is then
 * replaced as a whole.
 */
export async function complete(work: Work, identity: (line: string, head: Head) => string, sources: Marks): Promise<void> {
  const { root, limits, folder, counted, known, duplicates, repeated, loses, deletions } = work
  const takesRepeats = hasPartlyRepeated(work)
  if (sources.size === 0 && !takesRepeats) return
  const isTaken = (sequence: number, absent: Absent | undefined): boolean => {
    if (duplicates.has(sequence)) return takesRepeats
    if (absent === undefined || !counted.has(sequence) || loses.has(sequence) || deletions.has(sequence)) return false
    return known.has(sequence) || (takesRepeats && repeated.has(sequence))
  }
  const carried = carryChildren(work)
  const parts = limits.textParts(root.staged.bytes)
  const records = createJoin(join(folder, 'incomplete'), parts, () => partOf(work, carried))
  await eachWithAbsent(work, (raw, sequence, absent) => {
    if (!isTaken(sequence, absent)) return
    const line = root.convertStaged?.(raw) ?? raw
    const { columns = [], lists = [] } = absent ?? {}
    records.put.staged(identity(line, readHead(line, false)), () => [line, sequence, columns, lists])
  })
  if (sources.size > 0) {
    await eachStored(root, (line, head, file, row) => {
      if (sources.has(file, row)) records.put.stored(identity(line, head), () => line)
    })
  }
  await records.decide()
  await carried.carry()
}

/** Whether some record that counts lacks fields and is not the only one of its key. A sort lets one count as it is. */
function hasPartlyRepeated({ plan, repeated, incomplete, deletions }: Work): boolean {
  if (!completesRepeats(plan) || incomplete.size === 0) return false
  for (const sequence of repeated.values()) if (incomplete.has(sequence) && !deletions.has(sequence)) return true
  return false
}

function partOf(work: Work, carried: Carry): Part<Sides> {
  const { root, superseded, differs, deletions, counted } = work
  const records = new Map<string, Together>()
  const make = (line: string, sequence: number): void => {
    root.made.add(line, sequence)
    superseded.add(sequence)
  }
  const carryFromRecords = ({ line, sequence, listsOf }: Together): void => {
    const { id } = readHead(line, false)
    for (const [list, before] of listsOf) carried.fromRecord(before, { id, sequence }, [list])
  }
  return {
    visit: {
      // In the order of the load, so that of each key no more is kept than what its records come to.
      staged(key, entry) {
        const coming = entry()
        const before = records.get(key)
        records.set(ownText(key), together(root.schema, before, coming, deletions.has(coming[1])))
      },
      stored(key, entry) {
        const record = records.get(key)
        if (record === undefined) return
        records.delete(key)
        const { line, sequence, columns, lists } = record
        const stored = entry()
        const storedHead = readHead(stored, false)
        const whole = completedLine(root.schema, line, stored, columns)
        const head = readHead(whole, false)
        make(whole, sequence)
        if (digest(whole, head) !== digest(stored, storedHead)) differs.add(sequence)
        carryFromRecords(record)
        if (lists.length > 0) carried.fromStored(storedHead, { id: head.id, sequence }, lists)
      },
    },
    end() {
      // What is left has no stored row, or is of a record that is whole.
      for (const record of records.values()) {
        if (!counted.has(record.sequence)) continue
        if (!record.isAsItCame) make(record.line, record.sequence)
        carryFromRecords(record)
      }
    },
  }
}
