import type { Destination } from '@tributary/core'
import { openDataset } from './dataset.ts'
import { takeLock } from './lock.ts'
import { datasetFolder } from './paths.ts'

export interface JsonlOptions {
  /** The folder that holds a folder for each dataset; made when missing. */
  path: string
  /** Milliseconds to wait for a dataset that another sync holds. Default 10 000. */
  lockTimeout?: number
}

const DEFAULT_LOCK_TIMEOUT = 10_000

/** Loads into JSON Lines files: `<path>/<dataset>/<table>/<load>.jsonl`, with a manifest that says which of them count. */
export function jsonl({ path, lockTimeout = DEFAULT_LOCK_TIMEOUT }: JsonlOptions): Destination {
  return {
    name: 'jsonl',
    location: path,
    identifierLimit: 200,
    async open(dataset) {
      const release = await takeLock(datasetFolder(path, dataset), lockTimeout)
      try {
        return await openDataset(path, dataset, release)
      } catch (error) {
        await release()
        throw error
      }
    },
  }
}
