import { type DatasetReader, type DatasetState, type Reject, TributaryError } from '@tributary/core'
import { type Committed, rejectFrom, stateFrom, versionFrom } from './store.ts'

/** A dataset as it was committed when the reader was made. */
export function readerOf(dataset: string, committed: Committed): DatasetReader {
  return {
    read: async () => stateOf(committed),
    schemaVersions: async () => committed.versions.map(versionFrom),
    rejects: () => rejectsOf(committed),
    async *rows(table) {
      const found = committed.tables.get(table)
      if (found === undefined) {
        const message = `there is no table ${table} in ${dataset}`
        throw new TributaryError({ code: 'TABLE_NOT_FOUND', recovery: 'fix-config', message })
      }
      for (const row of found.rows) yield { ...row }
    },
    close: async () => {},
  }
}

export function stateOf({ state, loads }: Committed): DatasetState {
  return { state: stateFrom(state), loads }
}

/** In the order of load and sequence; of one resource, or of all. */
export async function* rejectsOf(committed: Committed, resource?: string): AsyncGenerator<Reject> {
  const rejects = committed.rejects.map(rejectFrom)
  rejects.sort((a, b) => a.loadId - b.loadId || a.sequence - b.sequence)
  for (const reject of rejects) if (resource === undefined || reject.resource === resource) yield reject
}
