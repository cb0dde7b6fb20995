import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type LoadPlan,
  type LoadResult,
  type LoadSession,
  ownValue,
  type PipelineState,
  type TableSchema,
  TributaryError,
} from '@tributary/core'
import { cleanTable, noteFolders } from './clean.ts'
import { conversion } from './convert.ts'
import type { DatasetContext } from './dataset.ts'
import { decide, type TableLoad, type Verdict } from './decide.ts'
import { storageError } from './errors.ts'
import { namesIn, remove } from './files.ts'
import { folderOf, type Manifest, type ManifestTable, writeManifest } from './manifest.ts'
import { STAGING } from './paths.ts'
import { createStagedTable, type StagedTable } from './staging.ts'
import { writeTable } from './write-table.ts'

/** Stages in files of its own; commits by putting a new manifest in the place of the old one. */
export function beginSession(context: DatasetContext, plan: LoadPlan): LoadSession {
  const { folder } = context
  const staging = join(folder, STAGING, String(plan.id))
  const staged = new Map<string, StagedTable>()
  const stagedTable = (name: string): StagedTable => {
    const table = staged.get(name) ?? createStagedTable(join(staging, `${staged.size}.jsonl`))
    staged.set(name, table)
    return table
  }

  const commit = async (state: PipelineState): Promise<LoadResult> => {
    const before = context.manifest
    // The root table first, parents before their children.
    const schemas = Object.values(state.tables)
      .filter(({ resource }) => resource === plan.resource)
      .sort((a, b) => a.path.length - b.path.length)
    const tables = schemas.map((schema): TableLoad => {
      const rows = stagedTable(schema.name)
      const stored = ownValue(before.tables, schema.name)
      const files = stored?.files ?? []
      return {
        schema,
        staged: rows,
        folder: join(folder, folderOf(schema)),
        files,
        convertStaged: conversion(rows.schemas, schema),
        convertStored: stored === undefined ? undefined : conversion([stored.schema], schema),
        storedKey: stored?.primaryKey ?? [],
      }
    })
    const gone = Object.values(before.tables)
      .map(({ schema }) => schema)
      .filter(({ resource, name }) => resource === plan.resource && !Object.hasOwn(state.tables, name))
    await refuseForeign(folder, before, schemas)
    try {
      await mkdir(staging, { recursive: true })
      await noteFolders(
        staging,
        schemas.map((schema) => folderOf(schema)),
      )
      const verdict = await decide(plan, tables)
      const entries: [name: string, table: ManifestTable][] = []
      for (const table of tables) {
        const files = await writeTable(plan, table, verdict)
        entries.push([table.schema.name, { schema: table.schema, primaryKey: plan.primaryKey, files }])
      }
      const next = nextManifest(before, plan, state, entries, verdict)
      await writeManifest(folder, next)
      context.manifest = next
      return { tables: verdict.changes }
    } finally {
      // Files that were replaced, or, after a failure, those that were to replace them. The next open tries again.
      for (const schema of [...schemas, ...gone]) {
        await cleanTable(folder, folderOf(schema), context.manifest).catch(() => {})
      }
    }
  }

  const end = (): Promise<void> => remove(staging).catch(() => {})
  return {
    async write(batch) {
      try {
        await stagedTable(batch.table.name).write(batch, plan.id)
      } catch (error) {
        throw storageError(folder, `staging rows of ${batch.table.name}`, error)
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

function nextManifest(
  before: Manifest,
  plan: LoadPlan,
  state: PipelineState,
  entries: readonly (readonly [name: string, table: ManifestTable])[],
  { changes }: Verdict,
): Manifest {
  const others = Object.entries(before.tables).filter(([name]) => Object.hasOwn(state.tables, name))
  const { id: loadId, connector, connectorVersion, resource, startedAt } = plan
  const load = { loadId, connector, connectorVersion, resource, startedAt, committedAt: new Date(), tables: changes }
  return {
    format: 1,
    dataset: before.dataset,
    loads: [...before.loads, load],
    resources: state.resources,
    tables: Object.fromEntries([...others, ...entries]),
  }
}

/** A folder of files that no load of ours has written is somebody else's, and a table belongs to one resource. */
async function refuseForeign(folder: string, manifest: Manifest, schemas: readonly TableSchema[]): Promise<void> {
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
