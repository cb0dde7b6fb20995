import type { LoadPlan, TableChanges } from '@tributary/core'
import { hashOf } from '../build/hash-of.ts'
import type { RecordValues } from '../build/rows-of.ts'
import { parseInstant } from '../values/instant.ts'
import type { LoadedRecord } from './expect.ts'

/** What a resource's records are after any loads: as records, with no tables. */
export interface Model {
  /** Does a load, and says what becomes of the root table. */
  apply(plan: LoadPlan, records: readonly RecordValues[]): TableChanges
  records(): readonly LoadedRecord[]
}

export function createModel(): Model {
  let there: readonly LoadedRecord[] = []
  return {
    apply(plan, records) {
      const coming = records.map((record, index) => ({ loadId: plan.id, sequence: index + 1, record }))
      const { after, changes } = plan.disposition === 'merge' ? merge(plan, there, coming) : place(plan, there, coming)
      there = after
      return changes
    },
    records: () => there,
  }
}

/** A record of a load. */
interface Coming extends LoadedRecord {
  /** One before it in the load has deleted what was there: there is nothing that it could leave as it is. */
  readonly isWhole?: boolean
}

interface Step {
  readonly after: readonly LoadedRecord[]
  readonly changes: TableChanges
}

function place(plan: LoadPlan, there: readonly LoadedRecord[], coming: readonly LoadedRecord[]): Step {
  const added = ofEachKey(plan, coming)
    .filter(({ record }) => !deletes(plan, record))
    .map(({ isWhole: _isWhole, ...entry }) => entry)
  const kept = plan.disposition === 'append' ? there : []
  const changes = { inserted: added.length, updated: 0, deleted: there.length - kept.length, unchanged: 0 }
  return { after: [...kept, ...added], changes }
}

/** What becomes of a stored record: `met` is one that the load has nothing to say against. */
type Fate = 'goes' | 'ends' | 'met'

function merge(plan: LoadPlan, there: readonly LoadedRecord[], coming: readonly LoadedRecord[]): Step {
  const { strategy, primaryKey, mergeKey } = plan
  const takesParts = isPartial(plan)
  const load = ofEachKey(plan, coming)
  const changes = { inserted: 0, updated: 0, deleted: 0, unchanged: 0 }
  const fates = new Map<LoadedRecord, Fate>()
  const added: LoadedRecord[] = []
  const active = there.filter(({ endedBy }) => endedBy === undefined)
  const turn = (old: LoadedRecord, fate: 'goes' | 'ends'): void => {
    if (fates.has(old)) return
    fates.set(old, fate)
    changes[fate === 'goes' ? 'deleted' : 'updated']++
  }
  const has = (columns: readonly string[], old: LoadedRecord): boolean =>
    load.some(({ record }) => textOf(columns, record) === textOf(columns, old.record))

  for (const { isWhole = !takesParts, ...entry } of load) {
    const { record } = entry
    const stored =
      primaryKey.length === 0 ? [] : active.filter((old) => textOf(primaryKey, old.record) === textOf(primaryKey, record))
    const isNew = stored.length === 0
    if (stored.some((old) => isBetter(plan, old.record, record))) {
      changes.unchanged++
      for (const old of stored) fates.set(old, 'met')
    } else if (deletes(plan, record)) {
      if (strategy !== 'insert-only') for (const old of stored) turn(old, strategy === 'scd2' ? 'ends' : 'goes')
    } else if (strategy === 'scd2') {
      const known = (primaryKey.length === 0 ? active : stored).some((old) => same(old.record, record))
      if (!known) added.push(entry)
      changes[known ? 'unchanged' : 'inserted']++
      for (const old of stored) if (!same(old.record, record)) turn(old, 'ends')
    } else if (isNew || strategy === 'insert-only') {
      if (isNew) added.push(entry)
      changes[isNew ? 'inserted' : 'unchanged']++
    } else {
      // What the record does not have stays, but for the strategy that replaces it whole.
      const latest = stored.at(-1)!.record
      const whole = isWhole ? record : { ...latest, ...record }
      const unchanged = stored.length === 1 && same(latest, whole)
      changes[unchanged ? 'unchanged' : 'updated']++
      const stays = unchanged && plan.skipUnchanged
      for (const old of stored) fates.set(old, stays ? 'met' : 'goes')
      if (!stays) added.push({ ...entry, record: whole })
    }
  }

  for (const old of active) {
    if (strategy === 'delete-insert' && mergeKey.length > 0 && has(mergeKey, old)) turn(old, 'goes')
    if (!plan.removesAbsent) continue
    if (strategy === 'mirror' && !has(primaryKey, old)) turn(old, 'goes')
    const bounded = mergeKey.length === 0 || has(mergeKey, old)
    if (strategy === 'scd2' && bounded && !load.some(({ record }) => same(record, old.record))) turn(old, 'ends')
  }
  const kept = there
    .filter((old) => fates.get(old) !== 'goes')
    .map((old) => (fates.get(old) === 'ends' ? { ...old, endedBy: plan.id } : old))
  return { after: [...kept, ...added], changes }
}

/** Of each key the last record, with what those before it say more, as if each came in a load of its own. */
function together(plan: LoadPlan, coming: readonly LoadedRecord[]): Coming[] {
  const last = new Map<string, Coming>()
  for (const entry of coming) {
    const key = textOf(plan.primaryKey, entry.record)
    const before = last.get(key)
    if (before === undefined) last.set(key, entry)
    else if (deletes(plan, before.record)) last.set(key, { ...entry, isWhole: true })
    else last.set(key, { ...before, ...entry, record: { ...before.record, ...entry.record } })
  }
  return [...last.values()]
}

/** Whether records say what is to be changed, and need not be whole. */
const isPartial = ({ strategy }: LoadPlan): boolean => strategy === 'upsert' || strategy === 'mirror'

const ofEachKey = (plan: LoadPlan, coming: readonly LoadedRecord[]): readonly Coming[] =>
  isPartial(plan) && plan.keep === 'last' && plan.dedupSort === undefined ? together(plan, coming) : chosen(plan, coming)

/** Of each key the record that counts; of versions, of each that say the same too. */
function chosen(plan: LoadPlan, coming: readonly LoadedRecord[]): LoadedRecord[] {
  const versions = plan.strategy === 'scd2'
  const keyed = plan.primaryKey.length > 0
  return coming.filter((entry) => {
    const rivals = coming.filter(
      (other) =>
        (keyed && textOf(plan.primaryKey, other.record) === textOf(plan.primaryKey, entry.record)) ||
        (versions && same(other.record, entry.record)),
    )
    return plan.keep === 'all' || !rivals.some((other) => other !== entry && wins(plan, other, entry))
  })
}

function wins(plan: LoadPlan, a: LoadedRecord, b: LoadedRecord): boolean {
  if (isBetter(plan, a.record, b.record)) return true
  if (isBetter(plan, b.record, a.record)) return false
  return plan.keep === 'first' ? a.sequence < b.sequence : a.sequence > b.sequence
}

function isBetter({ dedupSort }: LoadPlan, a: RecordValues, b: RecordValues): boolean {
  if (dedupSort === undefined) return false
  const [x, y] = [rank(a[dedupSort.column]), rank(b[dedupSort.column])]
  if (x === undefined || y === undefined) return x !== undefined && y === undefined
  return dedupSort.order === 'desc' ? x > y : x < y
}

/** Numbers, and instants as text. */
function rank(value: unknown): number | bigint | undefined {
  if (value === null || value === undefined) return undefined
  return typeof value === 'string' ? parseInstant(value) : Number(value)
}

const deletes = ({ hardDelete }: LoadPlan, record: RecordValues): boolean =>
  hardDelete !== undefined && record[hardDelete] === true
const same = (a: RecordValues, b: RecordValues): boolean => hashOf(a) === hashOf(b)
const textOf = (columns: readonly string[], record: RecordValues): string => JSON.stringify(columns.map((name) => record[name]))
