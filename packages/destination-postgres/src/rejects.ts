import {
  type JsonValue,
  type LoadPlan,
  parseJson,
  type Reject,
  type RejectReason,
  SYSTEM_TABLES,
  stringifyJson,
} from '@tributary/core'
import type { Connection } from './connection.ts'
import { copyRows } from './copy.ts'
import { type Field, putNull, putString } from './row-buffer.ts'
import { literal } from './sql.ts'
import { storableText } from './storable.ts'
import { streamRows } from './stream.ts'
import { qualified } from './system-tables.ts'

const COLUMNS = 'load_id, resource, sequence, record_key, table_name, column_name, reason, kind, message, record'
/** Rejects that one statement names. */
const PLACES_AT_ONCE = 10_000
/** What a reject has in the columns, as text. */
const TEXTS: readonly ((reject: Reject) => string | undefined)[] = [
  ({ loadId }) => String(loadId),
  ({ resource }) => resource,
  ({ sequence }) => String(sequence),
  ({ key }) => key,
  ({ table }) => table,
  ({ column }) => column,
  ({ reason }) => reason,
  ({ kind }) => kind,
  ({ message }) => message,
  ({ record }) => stringifyJson(record),
]

/** Stages rejects in a TEMP table, which is made with the first of them. */
export async function stageRejects(
  connection: Connection,
  name: string,
  rejects: readonly Reject[],
  isFirst: boolean,
): Promise<void> {
  if (isFirst) await connection.run(`CREATE TEMP TABLE ${name} (${COLUMNS.replaceAll(/\w+/g, '$& text')})`)
  const fields = TEXTS.map(
    (textOf): Field =>
      (rows, row) => {
        const text = textOf(rejects[row]!)
        if (text === undefined) putNull(rows)
        else
          putString(
            rows,
            storableText(text, () => {}),
          )
      },
  )
  await copyRows(connection, `pg_temp.${name}`, COLUMNS.split(', '), rejects.length, fields)
}

/** Those of before go where the load replaces them or puts them through again; those that were staged come. */
export async function writeRejects(
  connection: Connection,
  dataset: string,
  { resource, disposition, replays, outdatedRejects = [] }: LoadPlan,
  staged: string | undefined,
): Promise<void> {
  const table = qualified(dataset, SYSTEM_TABLES.rejects)
  if (disposition === 'replace') await connection.run(`DELETE FROM ${table} WHERE resource = $1`, [resource])
  else if (replays !== undefined)
    await connection.run(`DELETE FROM ${table} WHERE resource = $1 AND load_id = $2`, [resource, replays])
  if (staged !== undefined) {
    const values = COLUMNS.replace('load_id', 'load_id::bigint').replace('sequence', 'sequence::bigint')
    await connection.run(`INSERT INTO ${table} (${COLUMNS}) SELECT ${values} FROM pg_temp.${staged}`)
  }
  for (let from = 0; from < outdatedRejects.length; from += PLACES_AT_ONCE) {
    const places = outdatedRejects.slice(from, from + PLACES_AT_ONCE).map(({ loadId, sequence }) => `(${loadId}, ${sequence})`)
    const those = `(load_id, sequence) IN (VALUES ${places.join(', ')})`
    await connection.run(`DELETE FROM ${table} WHERE resource = $1 AND ${those}`, [resource])
  }
}

/** In the order of load and sequence; of one resource, or of all. `hold`: outside of a transaction. */
export async function* readRejects(
  connection: Connection,
  dataset: string,
  { resource, hold = false }: { resource?: string; hold?: boolean },
): AsyncGenerator<Reject> {
  const which = resource === undefined ? '' : ` WHERE resource = ${literal(resource)}`
  const sql = `SELECT ${COLUMNS} FROM ${qualified(dataset, SYSTEM_TABLES.rejects)}${which} ORDER BY load_id, sequence, ctid`
  for await (const row of streamRows(connection, sql, hold)) {
    yield {
      loadId: Number(row.load_id),
      resource: row.resource!,
      sequence: Number(row.sequence),
      ...(row.record_key !== null && { key: row.record_key! }),
      table: row.table_name!,
      ...(row.column_name !== null && { column: row.column_name! }),
      reason: row.reason as RejectReason,
      kind: row.kind as Reject['kind'],
      message: row.message!,
      record: parseJson(row.record!) as JsonValue,
    }
  }
}
