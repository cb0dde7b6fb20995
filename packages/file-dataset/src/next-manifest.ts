import { isDeepStrictEqual } from 'node:util'
import { type LoadPlan, ownValue, type PipelineState, type TableChanges, type TableSchema } from '@tributary/core'
import { type FileEntry, type Manifest, type ManifestTable, type RejectFile, schemaVersion } from './manifest.ts'
import { newSchemaVersions } from './schema-versions.ts'

/** What a load leaves behind. */
export interface LoadOutcome {
  /** All tables that the resource then has. */
  readonly schemas: readonly TableSchema[]
  readonly files: ReadonlyMap<string, readonly FileEntry[]>
  /** All that the dataset then has. */
  readonly rejects: readonly RejectFile[]
  readonly changes: Readonly<Record<string, TableChanges>>
}

/** The dataset as it is after a load. */
export function nextManifest(
  before: Manifest,
  plan: LoadPlan,
  state: PipelineState,
  { schemas, files, rejects, changes }: LoadOutcome,
): Manifest {
  const { id: loadId, connector, connectorVersion, resource, startedAt } = plan
  const others = Object.entries(before.tables).filter(([, { schema }]) => schema.resource !== resource)
  const own = schemas.map((schema): [string, ManifestTable] => [
    schema.name,
    { schema, primaryKey: keyOfRows(before, plan, schema), files: files.get(schema.name) ?? [] },
  ])
  const schemaVersions = [...before.schemaVersions, ...newSchemaVersions(before, plan, schemas)]
  const next: Manifest = {
    ...before,
    resources: state.resources,
    tables: Object.fromEntries([...others, ...own]),
    schemaVersions,
    rejects,
  }
  const load = { loadId, connector, connectorVersion, resource, startedAt, committedAt: new Date(), tables: changes }
  return { ...next, loads: [...before.loads, { ...load, schemaVersion: schemaVersion(next) }] }
}

/** The key that the ids of all rows are made of; none where some are of another one, or of a key whose columns had other types. */
function keyOfRows({ tables }: Manifest, { disposition, primaryKey }: LoadPlan, schema: TableSchema): readonly string[] {
  const stored = ownValue(tables, schema.name)
  if (disposition === 'replace' || stored === undefined || stored.files.length === 0) return primaryKey
  const typesIn = ({ columns }: TableSchema): unknown[] =>
    primaryKey.map((name) => columns.find((column) => column.name === name)?.type)
  const isSame = isDeepStrictEqual(stored.primaryKey, primaryKey) && isDeepStrictEqual(typesIn(stored.schema), typesIn(schema))
  return isSame ? primaryKey : []
}
