import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  describeCause,
  type JsonValue,
  type LoadRecord,
  type PipelineState,
  parseJson,
  stringifyJson,
  type TableSchema,
  TributaryError,
} from '@tributary/core'
import { isMissing, storageError } from './errors.ts'
import { replaceFile } from './files.ts'
import { datasetFolder, folderName, MANIFEST } from './paths.ts'

/** A file of one table: `<dataset>/<folder>/<name>`. */
export interface FileEntry {
  readonly name: string
  readonly rows: number
}

export interface ManifestTable {
  readonly schema: TableSchema
  /** Of the root table, when its rows were written: they are found again by it. */
  readonly primaryKey: readonly string[]
  /** Its rows are those of these files, in this order. */
  readonly files: readonly FileEntry[]
}

/** What a dataset is. Files that it does not name do not exist. Its replacement is the commit. */
export interface Manifest {
  readonly format: 1
  /** Its own name, which its folder's may differ from. */
  readonly dataset: string
  readonly loads: readonly LoadRecord[]
  readonly resources: PipelineState['resources']
  readonly tables: Readonly<Record<string, ManifestTable>>
}

/** Reads what a dataset holds; an empty one where there is none. Throws `MANIFEST_INVALID`. */
export async function readManifest(path: string, dataset: string): Promise<Manifest> {
  const file = join(datasetFolder(path, dataset), MANIFEST)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (isMissing(error)) return { format: 1, dataset, loads: [], resources: {}, tables: {} }
    throw storageError(file, 'reading', error)
  }
  try {
    return fromJson(parseJson(text))
  } catch (cause) {
    throw new TributaryError({
      code: 'MANIFEST_INVALID',
      recovery: 'fix-config',
      message: `${file} should be the manifest of a dataset in format 1, but ${describeCause(cause)}. Nothing was changed: restore the file, or choose another folder.`,
      cause,
    })
  }
}

/** Names of the datasets under `path`. Throws where there is no such folder. */
export async function listDatasets(path: string): Promise<string[]> {
  const names: string[] = []
  for (const folder of await readdir(path)) {
    const text = await readFile(join(path, folder, MANIFEST), 'utf8').catch(() => undefined)
    if (text === undefined) continue
    const { dataset } = JSON.parse(text) as Partial<Manifest>
    names.push(dataset ?? folder)
  }
  return names.sort()
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  // Dates become text by their own toJSON.
  const plain = { ...manifest, loads: manifest.loads.map(loadToJson) }
  await replaceFile(join(folder, MANIFEST), `${stringifyJson(plain as unknown as JsonValue)}\n`)
}

export const folderOf = (table: TableSchema): string => folderName(table.name)

export function pipelineState({ resources, tables }: Manifest): PipelineState {
  return { resources, tables: Object.fromEntries(Object.entries(tables).map(([name, { schema }]) => [name, schema])) }
}

function fromJson(value: JsonValue): Manifest {
  const manifest = value as unknown as Manifest
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('it is not an object')
  if (manifest.format !== 1) throw new Error(`its format is ${stringifyJson(value.format ?? null)}`)
  for (const [name, table] of Object.entries(manifest.tables ?? fail('it has no tables'))) {
    if (!Array.isArray(table.files) || !Array.isArray(table.schema?.columns)) fail(`its table ${name} has no files or columns`)
  }
  if (!Array.isArray(manifest.loads) || typeof manifest.resources !== 'object') fail('it has no loads or resources')
  return { ...manifest, loads: manifest.loads.map(loadFromJson) }
}

function fail(why: string): never {
  throw new Error(why)
}

const loadToJson = (load: LoadRecord) => ({
  ...load,
  startedAt: load.startedAt.toISOString(),
  committedAt: load.committedAt.toISOString(),
})

const loadFromJson = (load: LoadRecord): LoadRecord => ({
  ...load,
  startedAt: new Date(load.startedAt),
  committedAt: new Date(load.committedAt),
})
