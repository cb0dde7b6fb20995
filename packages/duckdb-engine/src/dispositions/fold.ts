import type { DuckDBConnection } from '@duckdb/node-api'
import { numberOf, temporary } from '../query.ts'
import { identifier, SEQUENCE, systemColumns } from '../sql.ts'
import type { LoadTable } from './load-table.ts'

// No name from an API has a colon.
/** Of a row that is folded: its place among those of its key, counted from the last. */
const PLACE = identifier('_sync:place')
/** And whether nothing lacks, once it is folded. */
const WHOLE = identifier('_sync:whole')

/**
 * Folds rows of the same key into one, the last, with what came of each column the last time. `rows`: what is selected from, of the
 * staged rows `s` and, as `r`, the sequence of the `last` of their key, their `place` counted from it, and whether there was a `deletion`
 * before them, after which nothing lacks. The answer is a TEMP table, and a query of its rows as they are staged.
 *
 * Neighbours are folded two by two, and those again, until there is one of each key: joins go to disk where there is much, which
 * values that are aggregated do not, and take a column or a thousand of them alike.
 */
export async function fold(
  connection: DuckDBConnection,
  { schema, staged }: LoadTable,
  rows: string,
): Promise<{ readonly table: string; readonly query: string }> {
  const data = schema.columns.map(({ name }) => [identifier(name), staged.cameColumn(name)] as const)
  const names = data.map(([name]) => name)
  const system = systemColumns(schema).map(([name]) => name)
  const came = staged.cameColumns
  const given = [
    ...[...names, ...system].map((name) => `s.${name}`),
    `r.last AS ${SEQUENCE}`,
    ...came.map((name) => `s.${name}`),
    `r.place AS ${PLACE}`,
    `r.deletion IS NOT NULL AS ${WHOLE}`,
  ]
  const folded = [
    ...data.map(([name, isThere]) => `CASE WHEN ${isThere} THEN s.${name} ELSE b.${name} END AS ${name}`),
    ...[...system, SEQUENCE].map((name) => `s.${name}`),
    ...came.map((name) => `(s.${name} OR coalesce(b.${name}, false)) AS ${name}`),
    `(s.${PLACE} + 1) // 2 AS ${PLACE}`,
    `s.${WHOLE}`,
  ]
  let table = await temporary(connection, '_sync_folded_0', `SELECT ${given.join(', ')} FROM ${rows}`)
  const most = await numberOf(connection, `SELECT coalesce(max(${PLACE}), 0) FROM ${table}`)
  for (let left = most, round = 1; left > 1; left = Math.ceil(left / 2), round++) {
    const before = `${table} b ON b.${SEQUENCE} = s.${SEQUENCE} AND b.${PLACE} = s.${PLACE} + 1`
    const next = `SELECT ${folded.join(', ')} FROM ${table} s LEFT JOIN ${before} WHERE s.${PLACE} % 2 = 1`
    const done = table
    table = await temporary(connection, `_sync_folded_${round}`, next)
    await connection.run(`DROP TABLE ${done}`)
  }
  const columns = [...names, ...system, SEQUENCE, ...came.map((name) => `(${WHOLE} OR ${name}) AS ${name}`)]
  return { table, query: `SELECT ${columns.join(', ')} FROM ${table}` }
}
