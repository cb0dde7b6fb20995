import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  describeCause,
  type LoadRecord,
  type PipelineState,
  parseJson,
  type SchemaVersion,
  type TableSchema,
  TributaryError,
} from '@tributary/core'
import { isMissing, storageError } from './errors.ts'
import { replaceFile } from './files.ts'
import { manifestFromJson, manifestText } from './manifest-json.ts'
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

/** A file of rejects of one load: `<dataset>/_sync_rejects/<name>`. */
export interface RejectFile {
  readonly name: string
  readonly loadId: number
  readonly resource: string
  readonly rows: number
}

/** What a dataset is. Files that it does not name do not exist. Its replacement is the commit. */
export interface Manifest {
  /** Format 1, which had no kind, schema versions and rejects, is read too. */
  readonly format: 2
  /** Of the destination that writes it: a dataset has files of one kind. */
  readonly kind: string
  /** Its own name, which its folder's may differ from. */
  readonly dataset: string
  readonly loads: readonly LoadRecord[]
  readonly resources: PipelineState['resources']
  readonly tables: Readonly<Record<string, ManifestTable>>
  /** Of all tables: each commit adds those that it changed. Earlier ones first. */
  readonly schemaVersions: readonly SchemaVersion[]
  /** In the order of their loads. */
  readonly rejects: readonly RejectFile[]
}

/** Where datasets are, and of what kind. */
export interface Place {
  readonly path: string
  readonly kind: string
}

/**
 * Reads what a dataset holds; an empty one where there is none. Throws `MANIFEST_INVALID`, and `DATASET_OF_OTHER_KIND` where
 * another destination has written it.
 */
export async function readManifest({ path, kind }: Place, dataset: string): Promise<Manifest> {
  const file = join(datasetFolder(path, dataset), MANIFEST)
  const text = await textOf(file)
  if (text === undefined)
    return { format: 2, kind, dataset, loads: [], resources: {}, tables: {}, schemaVersions: [], rejects: [] }
  const manifest = parseManifest(file, text)
  if (manifest.kind === kind) return manifest
  throw new TributaryError({
    code: 'DATASET_OF_OTHER_KIND',
    recovery: 'fix-config',
    message: `${datasetFolder(path, dataset)} should be a dataset of ${kind} files, but it is one of ${manifest.kind} files. Nothing was changed: load it with ${manifest.kind}:, or choose another folder.`,
  })
}

/** Names of the datasets of a kind under a folder, in order. Throws `FILE_NOT_FOUND` where there is no such folder. */
export async function listDatasets({ path, kind }: Place): Promise<string[]> {
  const names: string[] = []
  for (const folder of await foldersIn(path)) {
    const file = join(path, folder, MANIFEST)
    const text = await textOf(file)
    if (text === undefined) continue
    const manifest = parseManifest(file, text)
    if (manifest.kind === kind) names.push(manifest.dataset)
  }
  return names.sort()
}

/** Puts a manifest in the place of the dataset's: this is the commit. */
export const writeManifest = (folder: string, manifest: Manifest): Promise<void> =>
  replaceFile(join(folder, MANIFEST), manifestText(manifest))

export const folderOf = (table: TableSchema): string => folderName(table.name)

export function pipelineState({ resources, tables }: Manifest): PipelineState {
  return { resources, tables: Object.fromEntries(Object.entries(tables).map(([name, { schema }]) => [name, schema])) }
}

/** Of the dataset's schemas; 0 where there are none yet. */
export const schemaVersion = ({ schemaVersions }: Manifest): number => schemaVersions.at(-1)?.version ?? 0

/** `undefined` where there is no such file. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    // Beside the datasets may lie files that are no folders.
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw storageError(file, 'reading', error)
  }
}

function parseManifest(file: string, text: string): Manifest {
  try {
    return manifestFromJson(parseJson(text))
  } catch (cause) {
    throw new TributaryError({
      code: 'MANIFEST_INVALID',
      recovery: 'fix-config',
      message: `${file} should be the manifest of a dataset in format 2, but ${describeCause(cause)}. Nothing was changed: restore the file, or choose another folder.`,
      cause,
    })
  }
}

async function foldersIn(path: string): Promise<string[]> {
  try {
    return await readdir(path)
  } catch (error) {
    if (!isMissing(error) && (error as NodeJS.ErrnoException).code !== 'ENOTDIR') throw storageError(path, 'reading', error)
    throw new TributaryError({
      code: 'FILE_NOT_FOUND',
      recovery: 'fix-config',
      message: `There is no folder ${path}. Sync into it first, or name another.`,
      cause: error,
    })
  }
}
