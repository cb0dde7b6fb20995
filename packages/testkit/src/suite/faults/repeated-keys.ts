import { type Batch, isValid, type LoadPlan } from '@tributary/core'
import { textsIn } from '../../build/texts-of.ts'
import type { Faults } from './fault.ts'

const takesParts = ({ strategy }: LoadPlan): boolean => strategy === 'upsert' || strategy === 'mirror'

/** Rows that say that theirs is deleted. */
function deletionsOf({ rowCount, table, columns }: Batch): number[] {
  const gone = columns[table.columns.findIndex(({ name }) => name === 'gone')]
  if (gone?.kind !== 'bool') return []
  return [...Array(rowCount).keys()].filter((row) => isValid(gone.valid, row) && gone.values[row] === 1)
}

function withBits(bits: Uint32Array | true, rows: readonly number[], rowCount: number, isSet: boolean): Uint32Array {
  const changed = bits === true ? new Uint32Array((rowCount + 31) >>> 5).fill(0xffff_ffff) : bits.slice()
  for (const row of rows) {
    if (isSet) changed[row >>> 5]! |= 1 << (row & 31)
    else changed[row >>> 5]! &= ~(1 << (row & 31))
  }
  return changed
}

/** Of several records of one key in one load, of which each says a part. */
export const repeatedKeyFaults: Faults = {
  'takes of repeated keys the last record alone': {
    noticedBy: 'upsert of repeated keys: fields that the last record does not have are those of the ones before',
    // Of a sort by a column that there is not, all are equals: the last one counts, whole.
    plan: (plan) => (takesParts(plan) ? { dedupSort: { column: 'none', order: 'asc' }, ...plan } : plan),
  },
  'takes of repeated keys the first record': {
    noticedBy: 'upsert of repeated keys: a list comes from the last record that has it, with what is below',
    plan: (plan) => (takesParts(plan) ? { ...plan, keep: 'first' } : plan),
  },
  'takes what was before a deletion of the same load': {
    noticedBy: 'upsert of repeated keys: what comes after a deletion is new, and takes nothing of what was before',
    batch: (batch) => {
      const { came, columns, table, rowCount } = batch
      const ids = textsIn(batch.ids, rowCount)
      const rows = deletionsOf(batch).filter((row) => ids.lastIndexOf(ids[row]!) > row)
      if (came === undefined || rows.length === 0) return batch
      const gone = table.columns.findIndex(({ name }) => name === 'gone')
      const cleared = (bits: Uint32Array | true): Uint32Array => withBits(bits, rows, rowCount, false)
      return {
        ...batch,
        columns: columns.map((column, at) => (at === gone ? { ...column, valid: cleared(column.valid) } : column)),
        came: { ...came, columns: came.columns.map((bits, at) => (at === gone ? cleared(bits) : bits)) },
      }
    },
  },
  'takes what came after a deletion for whole, each record of it': {
    noticedBy: 'mirror of repeated keys: what comes after a deletion is new, and takes nothing of what was before',
    batch: (batch) => {
      const { came, rowCount } = batch
      const ids = textsIn(batch.ids, rowCount)
      const deletions = deletionsOf(batch)
      const rows = ids.flatMap((id, row) => (deletions.some((at) => at < row && ids[at] === id) ? [row] : []))
      if (came === undefined || rows.length === 0) return batch
      return { ...batch, came: { ...came, columns: came.columns.map((bits) => withBits(bits, rows, rowCount, true)) } }
    },
  },
}
