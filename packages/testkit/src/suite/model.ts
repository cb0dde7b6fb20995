import { type JsonValue, stringifyJson, type TableChanges } from '@tributary/core'
import type { RecordValues } from '../build/rows-of.ts'
import type { LoadedRecord } from './expect.ts'
import type { LoadSpec } from './load.ts'

/** What a table's records are after any loads, told in as few words as it can be. */
export interface Model {
  /** Does a load of batches, and says what becomes of the root table. */
  apply(spec: LoadSpec, withLate: boolean): Partial<TableChanges>
  records(): readonly LoadedRecord[]
}

/** A model of records with this key; without one, all are kept. */
export function createModel(primaryKey: readonly string[]): Model {
  let records = new Map<string, LoadedRecord>()
  return {
    apply({ id, batches = [], disposition, skipUnchanged = false }, withLate) {
      const coming = new Map<string, LoadedRecord>()
      for (const [index, whole] of batches.flat().entries()) {
        // A column that no batch has yet cannot have been loaded.
        const record: RecordValues = withLate ? whole : { ...whole, late: null }
        const key = primaryKey.length === 0 ? `${id} ${index}` : primaryKey.map((name) => String(record[name])).join(' ')
        coming.set(key, { loadId: id, sequence: index + 1, record })
      }
      if (disposition === 'replace') {
        const deleted = records.size
        records = coming
        return { inserted: coming.size, deleted }
      }
      const changes = { inserted: 0, updated: 0, unchanged: 0 }
      for (const [key, entry] of coming) {
        const old = records.get(key)
        const change = old === undefined ? 'inserted' : textOf(old) === textOf(entry) ? 'unchanged' : 'updated'
        changes[change]++
        if (change !== 'unchanged' || !skipUnchanged) records.set(key, entry)
      }
      return changes
    },
    records: () => [...records.values()],
  }
}

const textOf = ({ record }: LoadedRecord): string => stringifyJson(record as { [key: string]: JsonValue })
