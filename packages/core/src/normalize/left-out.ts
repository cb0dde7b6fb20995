import type { JsonValue } from '../http/request.ts'
import type { Reject, RejectPlace, RejectReason } from '../load/reject.ts'
import { describe } from './messages.ts'

/** What contracts left out. */
export interface Rejected {
  /** Rows and values, by table and by the part of the contract. */
  readonly counts: Readonly<Record<string, Readonly<Partial<Record<RejectReason, number>>>>>
  /** Empty where they are not kept. */
  readonly rejects: readonly Reject[]
  /** Whether some of their records may have come before, see `Page.mayRepeat`. */
  readonly mayRepeat: boolean
}

/** Something that a contract does not allow. */
export interface Violation {
  readonly reason: RejectReason
  readonly table: string
  readonly column?: string
  /** How things are: `the column things.age is bigint`. */
  readonly expected: string
  /** What came instead. */
  readonly value: JsonValue
  /** Rows or values that are left out for it. */
  readonly count: number
}

/** Collects what contracts leave out: of one record after the other, and of a batch. */
export interface LeftOut {
  /** Of the record that is being written. */
  add(violation: Violation): void
  mark(): number
  /** The row is left out whose writing began at `mark`, for what was added last: that alone counts. */
  addRow(mark: number): void
  /** The record is done. `placeOf`: asked where something of it was left out. */
  endRecord(record: JsonValue, kind: Reject['kind'], placeOf: (record: JsonValue) => RejectPlace & Pick<Reject, 'key'>): void
  /** Tables and columns of which something of the last record was left out, once for each time. */
  lastPlaces(): readonly string[]
  /** Rejects that wait to be taken. */
  rejectCount(): number
  take(): Omit<Rejected, 'mayRepeat'>
}

/** Other parts of a record that a message names. */
const NAMED_PARTS = 3

export function createLeftOut(resource: string, keepRejects: boolean): LeftOut {
  let current: Violation[] = []
  let last: readonly Violation[] = []
  /** Tables are named by APIs, so no objects. */
  let counts = new Map<string, Map<RejectReason, number>>()
  let rejects: Reject[] = []

  const count = ({ table, reason, count: more }: Violation): void => {
    const reasons = counts.get(table) ?? new Map<RejectReason, number>()
    counts.set(table, reasons.set(reason, (reasons.get(reason) ?? 0) + more))
  }

  return {
    add: (violation) => void current.push(violation),
    mark: () => current.length,
    addRow(mark) {
      const cause = current.pop()!
      current.length = mark
      current.push({ ...cause, count: 1 })
    },
    endRecord(record, kind, placeOf) {
      const [first] = current
      last = current
      if (first === undefined) return
      for (const violation of current) count(violation)
      const { table, column, reason } = first
      if (keepRejects)
        rejects.push({
          ...placeOf(record),
          resource,
          table,
          ...(column !== undefined && { column }),
          reason,
          kind,
          message: messageOf(first, current),
          record,
        })
      current = []
    },
    lastPlaces: () => last.map(nameOf),
    rejectCount: () => rejects.length,
    take() {
      const taken = {
        counts: Object.fromEntries([...counts].map(([table, reasons]) => [table, Object.fromEntries(reasons)])),
        rejects,
      }
      counts = new Map()
      rejects = []
      return taken
    },
  }
}

function messageOf(first: Violation, all: readonly Violation[]): string {
  const others = new Set(all.map(nameOf))
  others.delete(nameOf(first))
  const named = [...others].slice(0, NAMED_PARTS).join(', ')
  const more = others.size > NAMED_PARTS ? ` and ${others.size - NAMED_PARTS} more` : ''
  return `${sentenceOf(first)}${named === '' ? '' : `; left out as well: ${named}${more}`}.`
}

const nameOf = ({ table, column }: Violation): string => (column === undefined ? table : `${table}.${column}`)

/** What was expected, and what came. */
export const sentenceOf = ({ expected, value }: Violation): string => `${expected}, but ${describe(value)} came`
