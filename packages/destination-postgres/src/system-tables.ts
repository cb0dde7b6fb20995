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
import type { Connection } from './connection.ts'
import { identifier } from './sql.ts'

/** A table of the dataset, in full. */
export const qualified = (dataset: string, table: string): string => `${identifier(dataset)}.${identifier(table)}`

/** Names of all that is in the dataset's schema under a table's kind of name, whoever made it; `undefined`: there is no such schema. */
export async function relationNames(connection: Connection, dataset: string): Promise<ReadonlySet<string> | undefined> {
  const rows = await connection.rows(
    'SELECT relname FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid WHERE nspname = $1',
    [dataset],
  )
  return rows.length === 0 ? undefined : new Set(rows.flatMap(({ relname }) => relname ?? []))
}

/**
 * What has to read back exactly, with every digit and in its order, is `json` or text and not `jsonb`; a rejected record is
 * text, since `json` refuses what is nested too deep.
 */
const TABLES: Readonly<Record<string, string>> = {
  [SYSTEM_TABLES.loads]: `load_id bigint NOT NULL, connector text NOT NULL, connector_version text NOT NULL, resource text NOT NULL,
    started_at timestamptz NOT NULL, committed_at timestamptz NOT NULL, tables json NOT NULL,
    schema_version bigint NOT NULL, status text NOT NULL`,
  [SYSTEM_TABLES.state]: 'resource text NOT NULL, state json NOT NULL, load_id bigint NOT NULL',
  [SYSTEM_TABLES.schema]:
    'version bigint NOT NULL, load_id bigint NOT NULL, table_name text NOT NULL, resource text NOT NULL, definition json',
  [SYSTEM_TABLES.rejects]: `load_id bigint NOT NULL, resource text NOT NULL, sequence bigint NOT NULL, record_key text, table_name text NOT NULL,
    column_name text, reason text NOT NULL, kind text NOT NULL, message text NOT NULL, record text NOT NULL`,
}

/** The schema and our tables in it, as far as they are missing. A role that may not make them need not, once they are there. */
export async function createSystemTables(connection: Connection, dataset: string): Promise<void> {
  const existing = await relationNames(connection, dataset)
  if (existing === undefined) await connection.run(`CREATE SCHEMA ${identifier(dataset)}`)
  for (const [name, columns] of Object.entries(TABLES)) {
    if (existing?.has(name) !== true) await connection.run(`CREATE TABLE ${qualified(dataset, name)} (${columns})`)
  }
}

/** Latest version of each table's schema, and every resource's state. */
export async function readState(connection: Connection, dataset: string): Promise<PipelineState> {
  const states = await connection.rows(`SELECT resource, state FROM ${qualified(dataset, SYSTEM_TABLES.state)} ORDER BY resource`)
  const schemas = await connection.rows(
    `SELECT table_name, definition FROM (
       SELECT *, row_number() OVER (PARTITION BY table_name ORDER BY version DESC) AS place FROM ${qualified(dataset, SYSTEM_TABLES.schema)}
     ) versions WHERE place = 1 AND definition IS NOT NULL ORDER BY version, table_name`,
  )
  return {
    resources: Object.fromEntries(
      states.map(({ resource, state }) => [resource!, parseJson(state!) as unknown as ResourceState]),
    ),
    tables: Object.fromEntries(
      schemas.map(({ table_name, definition }) => [table_name!, parseJson(definition!) as unknown as TableSchema]),
    ),
  }
}

export async function readLoads(connection: Connection, dataset: string): Promise<LoadRecord[]> {
  const rows = await connection.rows(
    `SELECT *, (extract(epoch FROM started_at) * 1000)::bigint AS started, (extract(epoch FROM committed_at) * 1000)::bigint AS committed
     FROM ${qualified(dataset, SYSTEM_TABLES.loads)} ORDER BY load_id`,
  )
  return rows.map((row) => ({
    loadId: Number(row.load_id),
    connector: row.connector!,
    connectorVersion: row.connector_version!,
    resource: row.resource!,
    startedAt: new Date(Number(row.started)),
    committedAt: new Date(Number(row.committed)),
    tables: JSON.parse(row.tables!) as Record<string, TableChanges>,
    schemaVersion: Number(row.schema_version),
  }))
}

export async function readSchemaVersions(connection: Connection, dataset: string): Promise<SchemaVersion[]> {
  const rows = await connection.rows(`SELECT * FROM ${qualified(dataset, SYSTEM_TABLES.schema)} ORDER BY version, ctid`)
  return rows.map(({ version, load_id, table_name, resource, definition }) => ({
    version: Number(version),
    loadId: Number(load_id),
    table: table_name!,
    resource: resource!,
    ...(definition !== null && { schema: parseJson(definition!) as unknown as TableSchema }),
  }))
}

/** Writes what changed of state and schema since `before`, and the load's own record. */
export async function writeSystemTables(
  connection: Connection,
  dataset: string,
  plan: LoadPlan,
  before: PipelineState,
  state: PipelineState,
  changes: Readonly<Record<string, TableChanges>>,
): Promise<void> {
  const version = await writeSchemas(connection, dataset, plan, before, state)
  await writeStates(connection, dataset, plan, before, state)
  const { id, connector, connectorVersion, resource, startedAt } = plan
  await connection.run(
    `INSERT INTO ${qualified(dataset, SYSTEM_TABLES.loads)}
     VALUES ($1, $2, $3, $4, $5::timestamptz, date_trunc('milliseconds', clock_timestamp()), $6::text::json, $7, 'committed')`,
    [id, connector, connectorVersion, resource, startedAt.toISOString(), JSON.stringify(changes), version],
  )
}

const textOf = (value: unknown): string | undefined => (value === undefined ? undefined : stringifyJson(value as JsonValue))

const namesOf = (a: object, b: object): ReadonlySet<string> => new Set([...Object.keys(a), ...Object.keys(b)])

async function writeSchemas(
  connection: Connection,
  dataset: string,
  plan: LoadPlan,
  before: PipelineState,
  state: PipelineState,
): Promise<number> {
  const table = qualified(dataset, SYSTEM_TABLES.schema)
  const [row] = await connection.rows(`SELECT coalesce(max(version), 0) AS version FROM ${table}`)
  const version = Number(row?.version)
  let changed = false
  for (const name of namesOf(before.tables, state.tables)) {
    const schema = ownValue(state.tables, name)
    const old = ownValue(before.tables, name)
    const definition = textOf(schema)
    if (definition === textOf(old)) continue
    changed = true
    await connection.run(`INSERT INTO ${table} VALUES ($1, $2, $3, $4, $5::text::json)`, [
      version + 1,
      plan.id,
      name,
      (schema ?? old)!.resource,
      definition ?? null,
    ])
  }
  return changed ? version + 1 : version
}

async function writeStates(
  connection: Connection,
  dataset: string,
  plan: LoadPlan,
  before: PipelineState,
  state: PipelineState,
): Promise<void> {
  const table = qualified(dataset, SYSTEM_TABLES.state)
  for (const name of namesOf(before.resources, state.resources)) {
    const after = textOf(ownValue(state.resources, name))
    if (after === textOf(ownValue(before.resources, name))) continue
    await connection.run(`DELETE FROM ${table} WHERE resource = $1`, [name])
    if (after !== undefined) await connection.run(`INSERT INTO ${table} VALUES ($1, $2::text::json, $3)`, [name, after, plan.id])
  }
}
