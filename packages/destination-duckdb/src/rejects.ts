import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api'
import {
  type JsonValue,
  type LoadPlan,
  parseJson,
  type Reject,
  type RejectReason,
  SYSTEM_TABLES,
  stringifyJson,
} from '@tributary/core'
import { identifier } from '@tributary/duckdb-engine'
import { type Place, qualified, tableNames } from './system-tables.ts'

const COLUMNS = [
  'load_id BIGINT NOT NULL',
  'resource VARCHAR NOT NULL',
  'sequence BIGINT NOT NULL',
  'record_key VARCHAR',
  'table_name VARCHAR NOT NULL',
  'column_name VARCHAR',
  'reason VARCHAR NOT NULL',
  'kind VARCHAR NOT NULL',
  'message VARCHAR NOT NULL',
  // Its JSON, as text: the type JSON refuses half of a surrogate pair, which APIs do send.
  'record VARCHAR NOT NULL',
].join(', ')

/** Rejects that one statement names. */
const PLACES_AT_ONCE = 10_000

/** Rejects of a load that wait in a TEMP table. */
export interface StagedRejects {
  write(rejects: readonly Reject[]): Promise<void>
  /** Brings `_sync_rejects` to what it is after the load, inside the load's transaction. */
  apply(place: Place, plan: LoadPlan): Promise<void>
  drop(): Promise<void>
}

export function createStagedRejects(connection: DuckDBConnection, name: string): StagedRejects {
  let isMade = false
  return {
    async write(rejects) {
      if (rejects.length === 0) return
      if (!isMade) await connection.run(`CREATE TEMP TABLE ${identifier(name)} (${COLUMNS})`)
      isMade = true
      const appender = await connection.createAppender(name, 'main', 'temp')
      try {
        for (const { loadId, resource, sequence, key, table, column, reason, kind, message, record } of rejects) {
          appender.appendBigInt(BigInt(loadId))
          appender.appendVarchar(resource)
          appender.appendBigInt(BigInt(sequence))
          appendText(appender, key)
          appender.appendVarchar(table)
          appendText(appender, column)
          for (const text of [reason, kind, message, stringifyJson(record)]) appender.appendVarchar(text)
          appender.endRow()
        }
      } finally {
        appender.closeSync()
      }
    },
    async apply(place, plan) {
      const table = qualified(place, SYSTEM_TABLES.rejects)
      if (isMade) await connection.run(`CREATE TABLE IF NOT EXISTS ${table} (${COLUMNS})`)
      const clears = plan.disposition === 'replace' || plan.replays !== undefined
      if (clears && (await rejectsExist(connection, place))) {
        const those = plan.disposition === 'replace' ? '' : ` AND load_id = ${plan.replays}`
        await connection.run(`DELETE FROM ${table} WHERE resource = $1${those}`, [plan.resource])
      }
      if (isMade) await connection.run(`INSERT INTO ${table} FROM temp.main.${identifier(name)}`)
      const outdated = plan.outdatedRejects ?? []
      for (let from = 0; from < outdated.length; from += PLACES_AT_ONCE) {
        const places = outdated.slice(from, from + PLACES_AT_ONCE).map(({ loadId, sequence }) => `(${loadId}, ${sequence})`)
        const those = `(load_id, sequence) IN (VALUES ${places.join(', ')})`
        await connection.run(`DELETE FROM ${table} WHERE resource = $1 AND ${those}`, [plan.resource])
      }
    },
    async drop() {
      if (isMade) await connection.run(`DROP TABLE IF EXISTS temp.main.${identifier(name)}`)
    },
  }
}

/** Rejects of a dataset, or of one of its resources, in the order of load and sequence. */
export async function* readRejects(connection: DuckDBConnection, place: Place, resource?: string): AsyncGenerator<Reject> {
  if (!(await rejectsExist(connection, place))) return
  const result = await connection.stream(
    `SELECT load_id::VARCHAR, resource, sequence::VARCHAR, record_key, table_name, column_name, reason, kind, message, record
     FROM ${qualified(place, SYSTEM_TABLES.rejects)} WHERE $1 IS NULL OR resource = $1 ORDER BY load_id, sequence`,
    [resource ?? null],
  )
  for await (const rows of result.yieldRows()) {
    for (const [loadId, name, sequence, key, table, column, reason, kind, message, record] of rows as (string | null)[][]) {
      yield {
        loadId: Number(loadId),
        resource: name!,
        sequence: Number(sequence),
        ...(key !== null && { key: key! }),
        table: table!,
        ...(column !== null && { column: column! }),
        reason: reason as RejectReason,
        kind: kind as Reject['kind'],
        message: message!,
        record: parseJson(record!) as JsonValue,
      }
    }
  }
}

function appendText(appender: DuckDBAppender, text: string | undefined): void {
  if (text === undefined) appender.appendNull()
  else appender.appendVarchar(text)
}

/** A dataset has the table from its first reject on. */
const rejectsExist = async (connection: DuckDBConnection, place: Place): Promise<boolean> =>
  (await tableNames(connection, place)).has(SYSTEM_TABLES.rejects)
