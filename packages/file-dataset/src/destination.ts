import type { Destination } from '@tributary/core'
import { openDataset } from './dataset.ts'
import type { FileFormat } from './format.ts'
import { inspectDataset } from './inspect.ts'
import { takeLock } from './lock.ts'
import { listDatasets } from './manifest.ts'
import { datasetFolder } from './paths.ts'

export interface FileDestinationOptions {
  /** The folder that holds a folder for each dataset; made when missing. */
  readonly path: string
  /** Milliseconds to wait for a dataset that another sync holds. Default 10 000. */
  readonly lockTimeout?: number | undefined
  readonly format: FileFormat
}

const DEFAULT_LOCK_TIMEOUT = 10_000
/** Folders have the names of tables, and file systems a limit of 255 bytes. */
const IDENTIFIER_LIMIT = 200

/** A destination whose datasets are folders: `<path>/<dataset>/<table>/<load>.<extension>`, and a manifest that says which files count. */
export function fileDestination({ path, lockTimeout = DEFAULT_LOCK_TIMEOUT, format }: FileDestinationOptions): Destination {
  const place = { path, kind: format.kind }
  return {
    name: format.kind,
    location: path,
    identifierLimit: IDENTIFIER_LIMIT,
    async open(dataset) {
      const release = await takeLock(datasetFolder(path, dataset), lockTimeout)
      try {
        return await openDataset(place, dataset, format, release)
      } catch (error) {
        await release()
        throw error
      }
    },
    datasets: () => listDatasets(place),
    inspect: async (dataset) => inspectDataset(place, dataset, format),
  }
}
