import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { LoadPlan, TableChanges } from '@tributary/core'
import { BitSet } from '../bit-set.ts'
import type { Head } from '../lines.ts'
import { Marks } from '../marks.ts'
import { createPlaces, type Places } from '../places.ts'
import { eachStaged, type TableLoad } from '../table-load.ts'
import { readVersion } from '../version-lines.ts'
import type { Limits } from './limits.ts'
import { keyReader } from './values.ts'

/** A table's changes while they are counted. */
export type Counts = { -readonly [part in keyof TableChanges]: number }

/** The load at its commit: its tables, and what has been decided so far. */
export interface Work {
  readonly plan: LoadPlan
  readonly limits: Limits
  /** The load's own folder, for what does not fit into memory. */
  readonly folder: string
  readonly tables: readonly TableLoad[]
  readonly root: TableLoad
  readonly children: readonly TableLoad[]
  /** Records that are not written, by their position in the load. */
  readonly leftOut: BitSet
  /** Those of `leftOut` of which another record of the load takes the place. */
  readonly duplicates: BitSet
  /** Those of `leftOut` that leave the tables as they were. */
  readonly unchanged: BitSet
  /** Records that delete. */
  readonly deletions: BitSet
  /** Records whose root row has been made anew, from what came with them, what came before and what is stored. */
  readonly superseded: BitSet
  /** Of the records of one identity, the one that counts. */
  readonly counted: BitSet
  /** Those of `counted` that take the place of others. */
  readonly repeated: BitSet
  /** Those of `counted` of which a row is stored, and those of which more than one is. */
  readonly known: BitSet
  readonly doubled: BitSet
  /** Those of `counted` that are not as they are stored, by their root row or their children. */
  readonly differs: BitSet
  /** Those of `counted` that a stored row wins over. */
  readonly loses: BitSet
  /** Records that lack some field, which one of their key may have, in the load or stored. */
  readonly incomplete: BitSet
  /** Stored rows that a record of the load has to do with, by table. */
  readonly met: ReadonlyMap<string, Places>
  /** Stored rows that go, by table. */
  readonly gone: ReadonlyMap<string, Marks>
  /** Stored root rows that go without one of their key in their place, whose children are still to be found. */
  readonly goneRoots: Marks
  /** Stored root rows that stay because the load has nothing better. */
  readonly keptRoots: Marks
  /** Active versions that no record of the load has. */
  readonly absent: Marks
  /** Versions that end. */
  readonly ended: Marks
  readonly counts: ReadonlyMap<string, Counts>
  /** What tells whether two root rows are of one record; `undefined` where each row is a record of its own. */
  readonly identity: ((line: string, head: Head) => string) | undefined
  /** Whether a stored root row that has this id may be of a record of the load. */
  mayMeet(id: string): boolean
  /** Visits the staged root rows, as they will be written. */
  eachRecord(visit: (line: string, head: Head, sequence: number) => void): Promise<void>
}

export function createWork(plan: LoadPlan, tables: readonly TableLoad[], root: TableLoad, folder: string, limits: Limits): Work {
  const superseded = new BitSet()
  return {
    plan,
    limits,
    folder,
    tables,
    root,
    children: tables.slice(1),
    leftOut: new BitSet(),
    duplicates: new BitSet(),
    unchanged: new BitSet(),
    deletions: new BitSet(),
    superseded,
    counted: new BitSet(),
    repeated: new BitSet(),
    known: new BitSet(),
    doubled: new BitSet(),
    differs: new BitSet(),
    loses: new BitSet(),
    incomplete: new BitSet(),
    met: new Map(tables.map(({ schema }, index) => [schema.name, createPlaces(join(folder, `met-${index}`), limits.places)])),
    gone: new Map(tables.map(({ schema }) => [schema.name, new Marks()])),
    goneRoots: new Marks(),
    keptRoots: new Marks(),
    absent: new Marks(),
    ended: new Marks(),
    counts: new Map(tables.map(({ schema }) => [schema.name, { inserted: 0, updated: 0, deleted: 0, unchanged: 0 }])),
    identity: identityOf(plan, root),
    mayMeet: isIdentifiedById(plan, root) ? (id) => root.staged.mayHave(id) : () => true,
    eachRecord: (visit) => eachStaged(root, superseded, visit),
  }
}

/** By id, which is the key's text; by the key's values where some rows have ids of another kind; by what the record says where it has no key. */
function identityOf(plan: LoadPlan, root: TableLoad): Work['identity'] {
  if (plan.primaryKey.length > 0)
    return isIdentifiedById(plan, root) ? (_line, { id }) => id : keyReader(plan.primaryKey, root.schema)
  if (root.schema.versioned === undefined) return undefined
  return (line, head) => readVersion(line, head).hash ?? ''
}

/** Whether the ids of all rows, stored and staged, are made of the key as it is now. */
export function isIdentifiedById({ disposition, primaryKey }: LoadPlan, { schema, stored }: TableLoad): boolean {
  if (disposition !== 'merge') return true
  if (schema.versioned !== undefined) return false
  if (stored === undefined || stored.files.length === 0) return true
  const types = (columns: typeof schema.columns): unknown[] =>
    primaryKey.map((name) => columns.find((column) => column.name === name)?.type)
  return (
    isDeepStrictEqual(stored.primaryKey, primaryKey) && isDeepStrictEqual(types(stored.schema.columns), types(schema.columns))
  )
}

export const countsOf = ({ counts }: Work, { schema }: TableLoad): Counts => counts.get(schema.name)!
export const goneOf = ({ gone }: Work, { schema }: TableLoad): Marks => gone.get(schema.name)!
export const metOf = ({ met }: Work, { schema }: TableLoad): Places => met.get(schema.name)!
