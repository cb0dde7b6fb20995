import type { DuckDBConnection } from '@duckdb/node-api'
import {
  type JsonValue,
  type LoadPlan,
  type LoadRecord,
  ownValue,
  type PipelineState,
  parseJson,
  type ResourceState,
  type SchemaVersion,
  SYSTEM_TABLES,
  stringifyJson,
  type TableChanges,
  type TableSchema,
} from '@tributary/core'
import { identifier } from '@tributary/duckdb-engine'
import type { DatasetContext } from './dataset.ts'

/** A dataset of an open database. */
export interface Place {
  readonly database: { readonly catalog: string }
  readonly dataset: string
}

/** A table of the dataset, in full: its schema may be called as the file is. */
export const qualified = ({ database, dataset }: Place, table: string): string =>
  `${identifier(database.catalog)}.${identifier(dataset)}.${identifier(table)}`

export async function systemTablesExist(connection: DuckDBConnection, place: Place): Promise<boolean> {
  return (await tableNames(connection, place)).has(SYSTEM_TABLES.schema)
}

/** All tables and views of the dataset's schema, whoever made them, in lower case: DuckDB does not tell cases apart. */
export async function tableNames(connection: DuckDBConnection, { database, dataset }: Place): Promise<Set<string>> {
  const reader = await connection.runAndReadAll(
    'SELECT table_name FROM information_schema.tables WHERE table_catalog = $1 AND table_schema = $2',
    [database.catalog, dataset],
  )
  return new Set(reader.getRows().map(([name]) => String(name).toLowerCase()))
}

/** States and definitions are JSON as text: they hold keys and cursors of an API, which the type JSON may refuse. */
export async function createSystemTables(connection: DuckDBConnection, place: Place): Promise<void> {
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${identifier(place.database.catalog)}.${identifier(place.dataset)}`)
  await connection.run(`CREATE TABLE IF NOT EXISTS ${qualified(place, SYSTEM_TABLES.loads)} (
    load_id BIGINT NOT NULL, connector VARCHAR NOT NULL, connector_version VARCHAR NOT NULL, resource VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL, committed_at TIMESTAMPTZ NOT NULL, tables JSON NOT NULL,
    schema_version BIGINT NOT NULL, status VARCHAR NOT NULL)`)
  await connection.run(`CREATE TABLE IF NOT EXISTS ${qualified(place, SYSTEM_TABLES.state)} (
    resource VARCHAR NOT NULL, state VARCHAR NOT NULL, load_id BIGINT NOT NULL)`)
  await connection.run(`CREATE TABLE IF NOT EXISTS ${qualified(place, SYSTEM_TABLES.schema)} (
    version BIGINT NOT NULL, load_id BIGINT NOT NULL, table_name VARCHAR NOT NULL, resource VARCHAR NOT NULL, definition VARCHAR)`)
}

/** Latest version of each table's schema, and every resource's state. */
export async function readState(connection: DuckDBConnection, place: Place): Promise<PipelineState> {
  const states = await connection.runAndReadAll(`SELECT resource, state::VARCHAR FROM ${qualified(place, SYSTEM_TABLES.state)}`)
  const schemas = await connection.runAndReadAll(
    `SELECT table_name, definition::VARCHAR FROM ${qualified(place, SYSTEM_TABLES.schema)}
     QUALIFY row_number() OVER (PARTITION BY table_name ORDER BY version DESC) = 1 ORDER BY version, table_name`,
  )
  return {
    resources: Object.fromEntries(
      states.getRows().map(([name, state]) => [String(name), parseJson(String(state)) as unknown as ResourceState]),
    ),
    tables: Object.fromEntries(
      schemas
        .getRows()
        .filter(([, definition]) => definition !== null)
        .map(([name, definition]) => [String(name), parseJson(String(definition)) as unknown as TableSchema]),
    ),
  }
}

export async function readLoads(connection: DuckDBConnection, place: Place): Promise<LoadRecord[]> {
  const reader = await connection.runAndReadAll(
    `SELECT load_id::VARCHAR, connector, connector_version, resource, epoch_ms(started_at)::VARCHAR, epoch_ms(committed_at)::VARCHAR, tables::VARCHAR, schema_version::VARCHAR
     FROM ${qualified(place, SYSTEM_TABLES.loads)} ORDER BY load_id`,
  )
  return reader
    .getRows()
    .map(([loadId, connector, connectorVersion, resource, startedAt, committedAt, tables, schemaVersion]) => ({
      loadId: Number(loadId),
      connector: String(connector),
      connectorVersion: String(connectorVersion),
      resource: String(resource),
      startedAt: new Date(Number(startedAt)),
      committedAt: new Date(Number(committedAt)),
      tables: JSON.parse(String(tables)) as Record<string, TableChanges>,
      schemaVersion: Number(schemaVersion),
    }))
}

/** All versions of all schemas, earlier ones first. */
export async function readSchemaVersions(connection: DuckDBConnection, place: Place): Promise<SchemaVersion[]> {
  const reader = await connection.runAndReadAll(
    `SELECT version::VARCHAR, load_id::VARCHAR, table_name, resource, definition::VARCHAR
     FROM ${qualified(place, SYSTEM_TABLES.schema)} ORDER BY version, table_name`,
  )
  return reader.getRows().map(([version, loadId, table, resource, definition]) => ({
    version: Number(version),
    loadId: Number(loadId),
    table: String(table),
    resource: String(resource),
    ...(definition !== null && { schema: parseJson(String(definition)) as unknown as TableSchema }),
  }))
}

/** Writes what changed of state and schema, and the load's own record. */
export async function writeSystemTables(
  connection: DuckDBConnection,
  context: DatasetContext,
  plan: LoadPlan,
  state: PipelineState,
  changes: Readonly<Record<string, TableChanges>>,
): Promise<void> {
  const version = await writeSchemas(connection, context, plan, state)
  await writeStates(connection, context, plan, state)
  const { id, connector, connectorVersion, resource, startedAt } = plan
  await connection.run(
    `INSERT INTO ${qualified(context, SYSTEM_TABLES.loads)} VALUES ($1, $2, $3, $4, to_timestamp($5 / 1000.0), to_timestamp($6 / 1000.0), $7, $8, 'committed')`,
    [BigInt(id), connector, connectorVersion, resource, startedAt.getTime(), Date.now(), JSON.stringify(changes), version],
  )
}

async function writeSchemas(
  connection: DuckDBConnection,
  context: DatasetContext,
  plan: LoadPlan,
  state: PipelineState,
): Promise<bigint> {
  const table = qualified(context, SYSTEM_TABLES.schema)
  const [row] = (await connection.runAndReadAll(`SELECT coalesce(max(version), 0)::VARCHAR FROM ${table}`)).getRows()
  const version = BigInt(String(row?.[0]))
  const before = context.committed.tables
  let changed = false
  for (const name of new Set([...Object.keys(before), ...Object.keys(state.tables)])) {
    const schema = ownValue(state.tables, name)
    const old = ownValue(before, name)
    // Those of all other resources, of which there may be a thousand.
    if (schema === old) continue
    const definition = schema === undefined ? null : stringifyJson(schema as unknown as JsonValue)
    if (definition === (old === undefined ? undefined : stringifyJson(old as unknown as JsonValue))) continue
    changed = true
    await connection.run(`INSERT INTO ${table} VALUES ($1, $2, $3, $4, $5)`, [
      version + 1n,
      BigInt(plan.id),
      name,
      (schema ?? old)!.resource,
      definition,
    ])
  }
  return changed ? version + 1n : version
}

async function writeStates(
  connection: DuckDBConnection,
  context: DatasetContext,
  plan: LoadPlan,
  state: PipelineState,
): Promise<void> {
  const table = qualified(context, SYSTEM_TABLES.state)
  for (const name of new Set([...Object.keys(context.committed.resources), ...Object.keys(state.resources)])) {
    const [before, now] = [ownValue(context.committed.resources, name), ownValue(state.resources, name)]
    if (before === now) continue
    const text = (resource: ResourceState | undefined): string | undefined =>
      resource === undefined ? undefined : stringifyJson(resource as unknown as JsonValue)
    const after = text(now)
    if (after === text(before)) continue
    await connection.run(`DELETE FROM ${table} WHERE resource = $1`, [name])
    if (after !== undefined) await connection.run(`INSERT INTO ${table} VALUES ($1, $2, $3)`, [name, after, BigInt(plan.id)])
  }
}
