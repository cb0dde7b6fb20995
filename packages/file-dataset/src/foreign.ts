import { join } from 'node:path'
import { ownValue, type TableSchema, TributaryError } from '@tributary/core'
import { namesIn } from './files.ts'
import { folderOf, type Manifest } from './manifest.ts'

/**
 * A folder of files that no load of ours has written is somebody else's, and a table belongs to one resource: throws
 * `TABLE_NOT_OURS` before anything is changed.
 */
export async function refuseForeign(folder: string, manifest: Manifest, schemas: readonly TableSchema[]): Promise<void> {
  for (const schema of schemas) {
    const owner = ownValue(manifest.tables, schema.name)?.schema.resource
    const path = join(folder, folderOf(schema))
    if (owner === schema.resource || (owner === undefined && (await namesIn(path)).length === 0)) continue
    const found = owner === undefined ? 'holds files that Tributary did not write' : `belongs to the resource ${owner}`
    throw new TributaryError({
      code: 'TABLE_NOT_OURS',
      recovery: 'fix-config',
      message: `${path} should be the folder of the table ${schema.name}, but ${found}. Nothing was changed: give the resource another tableName, or choose another dataset.`,
    })
  }
}
