import type { DuckDBConnection } from '@duckdb/node-api'
import { completesRepeats, type DedupSort, type LoadPlan, SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import { identifier, SEQUENCE } from '../sql.ts'
import { completeRepeats } from './complete-repeats.ts'
import { hasRepeats, type LoadTable, leaveOut } from './load-table.ts'

const { id: ID, loadId: LOAD_ID, rowHash: ROW_HASH } = SYSTEM_COLUMNS

/**
 * Steps 1 and 2: of the staged rows of one key one is kept, and those that the run has loaded already are left out. Inside the load's
 * transaction, though it changes TEMP tables only: with a rollback they are as they were.
 */
export async function makeUnique(
  connection: DuckDBConnection,
  plan: LoadPlan,
  tables: readonly LoadTable[],
  targetExists: boolean,
): Promise<void> {
  const [root] = tables
  if (root === undefined) return
  const mayRepeat = tables.some(({ staged }) => staged.mayRepeat)
  const hasKey = plan.primaryKey.length > 0
  if (hasKey && (plan.keep !== 'all' || mayRepeat)) {
    // Where nothing lacks, the last of them is complete.
    if (completesRepeats(plan) && root.staged.camePartly) await completeRepeats(connection, plan, tables)
    else await keepOneOf(connection, plan, tables, ID)
  }
  if (root.schema.versioned === true) await keepOneOf(connection, plan, tables, ROW_HASH)
  if (hasKey && mayRepeat && plan.disposition === 'append' && targetExists) {
    const loaded = `SELECT ${ID} FROM ${root.name} WHERE ${LOAD_ID} >= ${plan.firstLoadId}`
    await leaveOut(connection, tables, `SELECT ${SEQUENCE} FROM ${root.staged.view} WHERE ${ID} IN (${loaded})`)
  }
}

async function keepOneOf(connection: DuckDBConnection, plan: LoadPlan, tables: readonly LoadTable[], by: string): Promise<void> {
  const { staged, schema } = tables[0]!
  if (!(await hasRepeats(connection, tables[0]!, by))) return
  const order = [...sortOf(plan, schema), `${SEQUENCE} ${plan.keep === 'first' ? 'ASC' : 'DESC'}`].join(', ')
  const others = `QUALIFY row_number() OVER (PARTITION BY ${by} ORDER BY ${order}) > 1`
  await leaveOut(connection, tables, `SELECT ${SEQUENCE} FROM ${staged.view} ${others}`)
}

function sortOf(plan: LoadPlan, schema: TableSchema): string[] {
  const sort = dedupSortOf(plan, schema)
  return sort === undefined ? [] : [`${identifier(sort.column)} ${sort.order.toUpperCase()} NULLS LAST`]
}

/** The sort of a plan, where the table has its column. */
export const dedupSortOf = ({ dedupSort }: LoadPlan, { columns }: TableSchema): DedupSort | undefined =>
  columns.some(({ name }) => name === dedupSort?.column) ? dedupSort : undefined
