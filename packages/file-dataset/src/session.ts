import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type LoadPlan, type LoadResult, type LoadSession, ownValue, type PipelineState, type TableSchema } from '@tributary/core'
import { cleanRejects, cleanTable, noteFolders } from './clean.ts'
import type { DatasetContext } from './dataset.ts'
import { storageError } from './errors.ts'
import { remove } from './files.ts'
import { refuseForeign } from './foreign.ts'
import type { FileStore, FileTable } from './format.ts'
import { folderOf, writeManifest } from './manifest.ts'
import { nextManifest } from './next-manifest.ts'
import { STAGING } from './paths.ts'
import { stageRejects } from './rejects.ts'

/** Stages in files of its own; commits by putting a new manifest in the place of the old one. */
export function beginSession(context: DatasetContext, plan: LoadPlan, store: FileStore): LoadSession {
  const { folder } = context
  const staging = join(folder, STAGING, String(plan.id))
  const load = store.begin(plan, staging)
  const rejects = stageRejects(staging, plan)

  const commit = async (state: PipelineState): Promise<LoadResult> => {
    const before = context.manifest
    const schemas = tablesOf(plan, state, context)
    const tables = schemas.map(
      (schema): FileTable => ({
        schema,
        folder: join(folder, folderOf(schema)),
        stored: ownValue(before.tables, schema.name),
      }),
    )
    await refuseForeign(folder, before, schemas)
    const folders = new Set([
      ...Object.values(before.tables)
        .filter(({ schema }) => schema.resource === plan.resource)
        .map(({ schema }) => folderOf(schema)),
      ...schemas.map(folderOf),
    ])
    try {
      await mkdir(staging, { recursive: true })
      await noteFolders(staging, [...folders])
      const { files, ...result } = await load.commit(tables)
      const left = await rejects.place(folder, before.rejects)
      const next = nextManifest(before, plan, state, { schemas, files, rejects: left, changes: result.tables })
      await writeManifest(folder, next)
      context.manifest = next
      return result
    } finally {
      // Files that were replaced, or, after a failure, those that were to replace them. The next open tries again.
      for (const name of folders) await cleanTable(folder, name, context.manifest).catch(() => {})
      await cleanRejects(folder, context.manifest).catch(() => {})
    }
  }

  let ended = false
  const end = async (): Promise<void> => {
    if (ended) return
    ended = true
    await rejects.close().catch(() => {})
    await load.end().catch(() => {})
    await remove(staging).catch(() => {})
  }
  return {
    async write(batch) {
      try {
        await load.write(batch)
      } catch (error) {
        throw storageError(folder, `staging rows of ${batch.table.name}`, error)
      }
    },
    async reject(left) {
      try {
        await rejects.write(left)
      } catch (error) {
        throw storageError(folder, `staging rejects of ${plan.resource}`, error)
      }
    },
    async commit(state) {
      try {
        return await context.inTurn(() => commit(state))
      } catch (error) {
        throw storageError(folder, `committing load ${plan.id}`, error)
      } finally {
        await end()
      }
    },
    abort: end,
  }
}

/**
 * The tables of the resource after the load, the root table first, parents before their children. One that the state no
 * longer has is dropped only where the plan says so.
 */
function tablesOf(
  { resource, recreate, disposition }: LoadPlan,
  state: PipelineState,
  { manifest }: DatasetContext,
): TableSchema[] {
  const known = Object.values(state.tables)
  const forgotten = Object.values(manifest.tables)
    .map(({ schema }) => schema)
    .filter(({ name }) => !Object.hasOwn(state.tables, name))
  return [...known, ...(recreate && disposition === 'replace' ? [] : forgotten)]
    .filter((table) => table.resource === resource)
    .sort((a, b) => a.path.length - b.path.length)
}
