import { type LoadPlan, SYSTEM_COLUMNS } from '@tributary/core'
import type { MemoryRow, StagedRow } from './decode.ts'

/**
 * Sequences of the records that a load leaves out: those of which a later one has the same key, and, where rows may
 * repeat, those that the run has appended already.
 */
export function leftOut(
  plan: LoadPlan,
  staged: readonly StagedRow[],
  stored: readonly MemoryRow[],
  mayRepeat: boolean,
): ReadonlySet<number> {
  const out = new Set<number>()
  if (plan.primaryKey.length === 0 || !(plan.keep !== 'all' || mayRepeat || plan.disposition === 'merge')) return out
  const last = new Map<unknown, number>()
  for (const { row, sequence } of staged) {
    const id = row[SYSTEM_COLUMNS.id]
    const other = last.get(id)
    if (other !== undefined) out.add(Math.min(other, sequence))
    last.set(id, Math.max(other ?? sequence, sequence))
  }
  if (mayRepeat && plan.disposition === 'append') {
    for (const row of stored) {
      const sequence = last.get(row[SYSTEM_COLUMNS.id])
      if (sequence !== undefined && Number(row[SYSTEM_COLUMNS.loadId]) >= plan.firstLoadId) out.add(sequence)
    }
  }
  return out
}
