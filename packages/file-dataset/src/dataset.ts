import { join } from 'node:path'
import type { Dataset } from '@tributary/core'
import { clean } from './clean.ts'
import { storageError } from './errors.ts'
import { remove } from './files.ts'
import type { FileFormat } from './format.ts'
import { type Manifest, type Place, pipelineState, readManifest } from './manifest.ts'
import { datasetFolder, STAGING } from './paths.ts'
import { readRejects } from './rejects.ts'
import { beginSession } from './session.ts'

/** What sessions of one dataset share. */
export interface DatasetContext {
  /** The dataset's own folder. */
  readonly folder: string
  /** As last committed. */
  manifest: Manifest
  /** Runs commits one after the other. */
  inTurn<T>(task: () => Promise<T>): Promise<T>
}

export async function openDataset(
  place: Place,
  dataset: string,
  format: FileFormat,
  release: () => Promise<void>,
): Promise<Dataset> {
  const folder = datasetFolder(place.path, dataset)
  let last: Promise<unknown> = Promise.resolve()
  const context: DatasetContext = {
    folder,
    manifest: await readManifest(place, dataset),
    inTurn(task) {
      const turn = last.then(task)
      last = turn.catch(() => {})
      return turn
    },
  }
  try {
    await clean(folder, context.manifest)
  } catch (error) {
    throw storageError(folder, 'opening', error)
  }
  const store = await format.open(folder)
  const sessions = new Set<{ abort(): Promise<void> }>()
  return {
    async read() {
      return { state: pipelineState(context.manifest), loads: context.manifest.loads }
    },
    async *rejects(resource) {
      for (const file of context.manifest.rejects) if (file.resource === resource) yield* readRejects(folder, file)
    },
    async begin(plan) {
      const session = beginSession(context, plan, store)
      sessions.add(session)
      return session
    },
    async close() {
      for (const session of sessions) await session.abort()
      try {
        await store.close()
      } finally {
        await remove(join(folder, STAGING)).catch(() => {})
        await release()
      }
    },
  }
}
