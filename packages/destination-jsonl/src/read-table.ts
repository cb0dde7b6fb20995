import { join } from 'node:path'
import { type JsonValue, parseJson, TributaryError } from '@tributary/core'
import { readLines } from './files.ts'
import { folderOf, readManifest } from './manifest.ts'
import { datasetFolder } from './paths.ts'

/**
 * The committed rows of a table, one object each, system columns among them; columns without a value are missing.
 * Integers beyond ±(2^53 − 1) are `bigint`. Throws `TABLE_NOT_FOUND`.
 */
export async function* readTable(path: string, dataset: string, table: string): AsyncGenerator<Record<string, JsonValue>> {
  const { tables } = await readManifest(path, dataset)
  const found = Object.hasOwn(tables, table) ? tables[table] : undefined
  if (found === undefined) {
    throw new TributaryError({
      code: 'TABLE_NOT_FOUND',
      recovery: 'fix-config',
      message: `${join(path, dataset)} has no table ${table}; it has ${Object.keys(tables).join(', ') || 'none'}.`,
    })
  }
  for (const { name } of found.files) {
    for await (const lines of readLines(join(datasetFolder(path, dataset), folderOf(found.schema), name))) {
      for (const line of lines) yield parseJson(line) as Record<string, JsonValue>
    }
  }
}
