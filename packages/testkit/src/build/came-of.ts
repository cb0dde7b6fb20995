import type { CameBits, TableSchema } from '@tributary/core'
import type { RowValues } from './batch-of.ts'

/** Which fields records had: those that are there, be they null. Lists are looked for under the last key of a child table's path. */
export function cameOf(
  table: TableSchema,
  children: readonly TableSchema[],
  records: readonly RowValues[],
): { columns: readonly CameBits[]; children: ReadonlyMap<string, CameBits> } {
  const bitsOf = (key: string): CameBits | undefined => {
    const had = records.map((record) => Object.hasOwn(record, key))
    return had.includes(true) ? bits(had) : undefined
  }
  const lists = children
    .filter(({ parent }) => parent === table.name)
    .map((child) => [child.name, bitsOf(child.path.at(-1)!)] as const)
  return {
    columns: table.columns.map(({ name }) => bitsOf(name) ?? new Uint32Array((records.length + 31) >>> 5)),
    // A list that no record had is not named.
    children: new Map(lists.filter((entry): entry is [string, CameBits] => entry[1] !== undefined)),
  }
}

/** `true` where all are; beyond the last row the bits mean nothing, and are set. */
function bits(had: readonly boolean[]): CameBits {
  if (!had.includes(false)) return true
  const words = new Uint32Array((had.length + 31) >>> 5)
  for (let row = 0; row < words.length * 32; row++) if (had[row] !== false) words[row >>> 5]! |= 1 << (row & 31)
  return words
}
