import type { JsonValue } from '../http/request.ts'
import type { ScannedRows } from '../scan/scanned-rows.ts'
import { readCursor } from './cursor.ts'
import type { Ledger } from './ledger.ts'

/** A table that takes records, of its own resource or by what depends on them. */
export interface Consumer {
  readonly name: string
  /** Of the resource whose records are looked at; undefined: it is not incremental, and all are wanted. */
  readonly ledger: Ledger | undefined
}

/** Records that somebody wants, and who wants each of them. */
export interface Sifted {
  readonly records: readonly JsonValue[]
  /** Of the record at an index. */
  consumersOf(index: number): ReadonlySet<string>
}

/** Leaves out the records that lie outside of every consumer's range. `parent`: key of the listing. */
export function sift(
  resource: string,
  consumers: readonly Consumer[],
  all: ReadonlySet<string>,
  records: readonly JsonValue[],
  parent: string,
): Sifted {
  const rule = consumers.find(({ ledger }) => ledger !== undefined)?.ledger?.rule
  if (rule === undefined) return { records, consumersOf: () => all }
  const [first] = consumers
  if (consumers.length === 1 && first?.ledger !== undefined) {
    // One table, as most resources have: no more than a filter.
    const { ledger, name } = first
    const accepts = (record: JsonValue, index: number): boolean => {
      const value = readCursor(resource, rule, record, index)
      return value === undefined ? rule.onMissing === 'include' : ledger.accepts(parent, value, () => record)
    }
    const only = new Set([name])
    return { records: records.filter(accepts), consumersOf: () => only }
  }
  const kept: JsonValue[] = []
  const wantedBy: ReadonlySet<string>[] = []
  const same = new Map<string, ReadonlySet<string>>()
  for (let index = 0; index < records.length; index++) {
    const record = records[index]!
    const value = readCursor(resource, rule, record, index)
    if (value === undefined && rule.onMissing === 'exclude') continue
    const names = consumers
      .filter(({ ledger }) => value === undefined || ledger === undefined || ledger.accepts(parent, value, () => record))
      .map(({ name }) => name)
    if (names.length === 0) continue
    kept.push(record)
    wantedBy.push(interned(same, names))
  }
  return { records: kept, consumersOf: (index) => wantedBy[index]! }
}

/** The same for rows, which one table takes. Answers undefined where it wants them all. */
export function siftRows(
  resource: string,
  { rule, accepts }: Ledger,
  rows: ScannedRows,
  parent: string,
): { isTaken(index: number): boolean; taken: number } | undefined {
  const wanted = new Uint8Array(rows.count)
  let taken = 0
  for (let index = 0; index < rows.count; index++) {
    const record = (): JsonValue => rows.recordAt(index)
    const value = rows.cursorAt(index) ?? readCursor(resource, rule, record(), index)
    if (value === undefined ? rule.onMissing !== 'include' : !accepts(parent, value, record)) continue
    wanted[index] = 1
    taken++
  }
  return taken === rows.count ? undefined : { isTaken: (index) => wanted[index] === 1, taken }
}

/** One set for all records that are wanted by the same consumers. */
function interned(known: Map<string, ReadonlySet<string>>, names: readonly string[]): ReadonlySet<string> {
  const key = names.join('\n')
  const set = known.get(key) ?? new Set(names)
  known.set(key, set)
  return set
}
