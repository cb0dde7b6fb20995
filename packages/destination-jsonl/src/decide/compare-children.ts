import { eachStaged, eachStored, type TableLoad } from '../table-load.ts'
import { digest, type LoadedRecord, type LoadedRecords } from './unique.ts'
import { countsOf, type Work } from './work.ts'

/**
 * Compares the child rows of the records of a pass with those that are stored, counts what becomes of them, and notes which
 * records differ by them. `replaced`: records by the ids of the stored roots that they are of.
 */
export async function compareChildren(
  work: Work,
  table: TableLoad,
  records: LoadedRecords,
  replaced: ReadonlyMap<string, LoadedRecord>,
): Promise<void> {
  const { deletions } = work
  const count = countsOf(work, table)
  const bySequence = new Map([...records.values()].map((record) => [record.sequence, record]))
  const coming = new Map<string, { digest: string; record: LoadedRecord }>()
  await eachStaged(table, undefined, (line, head, sequence) => {
    const record = bySequence.get(sequence)
    if (record === undefined) return
    if (record.loses) count.unchanged++
    else if (!deletions.has(sequence)) coming.set(head.id, { digest: digest(line, head), record })
  })
  await eachStored(table, (line, head) => {
    const record = replaced.get(head.rootId)
    if (record === undefined || record.loses) return
    const row = coming.get(head.id)
    if (row === undefined) {
      count.deleted++
      record.differs = true
      return
    }
    coming.delete(head.id)
    if (row.digest === digest(line, head)) {
      count.unchanged++
    } else {
      count.updated++
      record.differs = true
    }
  })
  for (const { record } of coming.values()) {
    count.inserted++
    record.differs = true
  }
}
