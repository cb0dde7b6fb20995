import { join } from 'node:path'
import { type DatasetReader, ownValue, TributaryError } from '@tributary/core'
import { storageError } from './errors.ts'
import type { FileFormat } from './format.ts'
import { folderOf, type Manifest, type Place, pipelineState, readManifest } from './manifest.ts'
import { datasetFolder } from './paths.ts'
import { readRejects } from './rejects.ts'

/** Looks into a dataset without its lock: each answer is of the manifest that counts when it is asked for. */
export function inspectDataset(place: Place, dataset: string, format: FileFormat): DatasetReader {
  const folder = datasetFolder(place.path, dataset)
  const read = (): Promise<Manifest> => readManifest(place, dataset)
  return {
    async read() {
      const manifest = await read()
      return { state: pipelineState(manifest), loads: manifest.loads }
    },
    schemaVersions: async () => (await read()).schemaVersions,
    rejects: () =>
      readFiles(
        read,
        (manifest) => manifest.rejects.map((file) => ({ path: file.name, rows: () => readRejects(folder, file) })),
        folder,
      ),
    rows: (table) =>
      readFiles(
        read,
        (manifest) => {
          const found = ownValue(manifest.tables, table) ?? notFound(folder, table, manifest)
          return found.files.map(({ name }) => {
            const path = join(folder, folderOf(found.schema), name)
            return { path, rows: () => format.rows(path, found.schema) }
          })
        },
        folder,
      ),
    close: async () => {},
  }
}

/** A file that a manifest names, and its rows. */
interface NamedFile<T> {
  readonly path: string
  rows(): AsyncIterable<T>
}

/**
 * Reads files one after the other. Where a commit takes the place of the manifest and removes one of them, starts again, or
 * throws `DATASET_CHANGED` if something of the old state has been handed out.
 */
async function* readFiles<T>(
  read: () => Promise<Manifest>,
  filesOf: (manifest: Manifest) => NamedFile<T>[],
  folder: string,
): AsyncGenerator<T> {
  let hasYielded = false
  for (;;) {
    const files = filesOf(await read())
    try {
      for (const { rows } of files) {
        for await (const row of rows()) {
          hasYielded = true
          yield row
        }
      }
      return
    } catch (error) {
      const now = new Set(filesOf(await read()).map(({ path }) => path))
      if (files.every(({ path }) => now.has(path))) throw storageError(folder, 'reading', error)
      if (hasYielded) throw changed(folder, error)
    }
  }
}

function notFound(folder: string, table: string, { tables }: Manifest): never {
  throw new TributaryError({
    code: 'TABLE_NOT_FOUND',
    recovery: 'fix-config',
    message: `${folder} has no table ${table}; it has ${Object.keys(tables).join(', ') || 'none'}.`,
  })
}

const changed = (folder: string, cause: unknown): TributaryError =>
  new TributaryError({
    code: 'DATASET_CHANGED',
    recovery: 'retry',
    message: `${folder} should have stayed as it was while it was read, but a sync has committed meanwhile and removed files that were still to be read. The rows so far are not the whole table: read it again.`,
    cause,
  })
