import type { DedupSort } from '@tributary/core'
import { compareOrdered, type Ordered } from './order.ts'

/** A row without the value is worse than any with it. */
export function isBetter(dedupSort: DedupSort | undefined, one: Ordered | undefined, other: Ordered | undefined): boolean {
  if (dedupSort === undefined || one === undefined) return false
  if (other === undefined) return true
  const difference = compareOrdered(one, other)
  return dedupSort.order === 'asc' ? difference < 0 : difference > 0
}
