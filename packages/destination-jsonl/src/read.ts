import { type Manifest, readManifest as read } from '@tributary/file-dataset'
import { jsonl } from './destination.ts'

/** Reads what a dataset is made of: its tables, their files, loads and cursors; an empty one where there is none. Throws `MANIFEST_INVALID`. */
export const readManifest = (path: string, dataset: string): Promise<Manifest> => read({ path, kind: 'jsonl' }, dataset)

/**
 * The committed rows of a table, one object each, system columns among them; columns without a value are missing.
 * Integers beyond ±(2^53 − 1) are `bigint`. Throws `TABLE_NOT_FOUND`.
 */
export async function* readTable(path: string, dataset: string, table: string): AsyncGenerator<Record<string, unknown>> {
  const reader = await jsonl({ path }).inspect(dataset)
  try {
    yield* reader.rows(table)
  } finally {
    await reader.close()
  }
}
