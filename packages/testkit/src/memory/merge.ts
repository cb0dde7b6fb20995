import { type LoadPlan, SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import { isDeletion } from './deletions.ts'
import { keyOf } from './keys.ts'
import { countRows, emptyOutcome, type Outcome } from './outcome.ts'
import { groupBy, type LoadedRecord, type StoredRecord } from './records.ts'
import { isActive, winsOver } from './stored-wins.ts'
import { deleteInsert } from './strategies/delete-insert.ts'
import { insertOnly } from './strategies/insert-only.ts'
import { mirror } from './strategies/mirror.ts'
import { scd2 } from './strategies/scd2.ts'
import { upsert } from './strategies/upsert.ts'

/** What a strategy goes by. */
export interface Merge {
  readonly plan: LoadPlan
  /** Root first. */
  readonly schemas: readonly TableSchema[]
  readonly stored: readonly StoredRecord[]
  /** All records of the load, of each key one. */
  readonly load: readonly LoadedRecord[]
  /** Those of them that are to be written, and those that say that theirs is deleted: of both, not those over which a stored one won. */
  readonly records: readonly LoadedRecord[]
  readonly deletions: readonly LoadedRecord[]
  /** Stored records of whose key one won over one of the load. */
  readonly won: ReadonlySet<StoredRecord>
  /** Stored records of its key: none where there is no primary key. Of versions, only the active ones. */
  ofKey(record: LoadedRecord): readonly StoredRecord[]
}

const STRATEGIES: Readonly<Record<LoadPlan['strategy'], (merge: Merge, outcome: Outcome) => void>> = {
  'delete-insert': deleteInsert,
  upsert,
  'insert-only': insertOnly,
  scd2,
  mirror,
}

/** Steps 3 to 6 of a load that merges. */
export function merge(
  plan: LoadPlan,
  schemas: readonly TableSchema[],
  stored: readonly StoredRecord[],
  load: readonly LoadedRecord[],
): Outcome {
  const root = schemas[0]!
  const outcome = emptyOutcome(schemas)
  const keyOfRow = keyOf(root, plan.primaryKey)
  const keyed = plan.primaryKey.length > 0
  const active = stored.filter(({ row }) => isActive(row))
  const byKey = groupBy(keyed ? active : [], ({ row }) => keyOfRow(row))
  const ofKey = ({ row }: LoadedRecord): readonly StoredRecord[] => (keyed ? (byKey.get(keyOfRow(row)) ?? []) : [])

  const won = new Set<StoredRecord>()
  const going = load.filter((record) => {
    const rivals = ofKey(record)
    if (!rivals.some((rival) => winsOver(plan, root, record, rival))) return true
    for (const rival of rivals) won.add(rival)
    countRows(outcome, root.name, record, 'unchanged')
    return false
  })
  const records = going.filter((record) => !isDeletion(plan, root, record))
  const deletions = going.filter((record) => isDeletion(plan, root, record))
  STRATEGIES[plan.strategy]({ plan, schemas, stored, load, records, deletions, won, ofKey }, outcome)
  return outcome
}

/** A row as the load writes it: step 7. */
export function asWritten(plan: LoadPlan, row: StoredRecord['row'], versioned: boolean): StoredRecord['row'] {
  const written = { ...row, [SYSTEM_COLUMNS.loadId]: plan.id }
  return versioned ? { ...written, [SYSTEM_COLUMNS.validFrom]: plan.startedAt.toISOString() } : written
}
