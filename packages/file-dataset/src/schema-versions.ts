import { isDeepStrictEqual } from 'node:util'
import type { LoadPlan, SchemaVersion, TableSchema } from '@tributary/core'
import { type Manifest, schemaVersion } from './manifest.ts'

/** What a load makes of the schemas of its resource: a version of each table that it makes, changes or drops, and of no other. */
export function newSchemaVersions(
  before: Manifest,
  { id: loadId, resource }: LoadPlan,
  schemas: readonly TableSchema[],
): SchemaVersion[] {
  const last = new Map(before.schemaVersions.map((version) => [version.table, version.schema]))
  const version = schemaVersion(before) + 1
  const changed = schemas
    .filter((schema) => !isDeepStrictEqual(last.get(schema.name), plain(schema)))
    .map((schema): SchemaVersion => ({ version, loadId, table: schema.name, resource, schema }))
  const names = new Set(schemas.map(({ name }) => name))
  const dropped = Object.values(before.tables)
    .filter(({ schema }) => schema.resource === resource && !names.has(schema.name))
    .map(({ schema }): SchemaVersion => ({ version, loadId, table: schema.name, resource }))
  return [...changed, ...dropped]
}

/** As it is read back. */
const plain = (schema: TableSchema): unknown => JSON.parse(JSON.stringify(schema))
