import type { Work } from './work.ts'

/** How much is compared at once, so that memory stays bounded. */
export interface Limits {
  /** Passes that it takes to compare so many rows. */
  passes(rows: number): number
  /** Bytes of rows that are completed at once. */
  readonly completedBytes: number
}

/** Rows that are compared in one pass. */
const PASS_ROWS = 500_000

export const LIMITS: Limits = { passes: (rows) => Math.ceil(rows / PASS_ROWS), completedBytes: 64 << 20 }

/** A share of texts: whether one belongs to it. */
export type Pass = (text: string) => boolean

/** Passes that take every record once, by its identity. `merges`: the rows of children are compared too. */
export function passesOf({ tables, root, limits }: Work, merges: boolean): Pass[] {
  return passesFor(limits, merges ? tables.reduce((sum, { staged }) => sum + staged.rows, 0) : root.staged.rows)
}

/** Passes that take every text once, of so many texts at most. */
export function passesFor(limits: Limits, texts: number): Pass[] {
  const passes = Math.max(1, limits.passes(texts))
  if (passes === 1) return [() => true]
  return Array.from({ length: passes }, (_, pass) => (text: string) => spread(text) % passes === pass)
}

function spread(text: string): number {
  let state = 0
  for (let i = 0; i < text.length; i++) state = (Math.imul(state, 31) + text.charCodeAt(i)) >>> 0
  return state
}
