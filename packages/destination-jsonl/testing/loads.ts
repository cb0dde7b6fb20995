import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Destination, LoadPlan, LoadResult, Reject, TableSchema } from '@tributary/core'
import { batchesOf, planOf, type RecordValues, schemaOf } from '@tributary/testkit'
import { onTestFinished } from 'vitest'

export const DATASET = 'shop'

/** The tables of a resource: `<table>` and its list `<table>__tags`. */
export function tablesOf(table = 'items', versioned = false): [root: TableSchema, tags: TableSchema] {
  const columns = { id: 'bigint', name: 'text', at: 'timestamp' } as const
  const root = schemaOf(table, columns, versioned ? { versioned: true } : {})
  return [root, schemaOf('tags', { value: 'text' }, { parent: root })]
}

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'tributary-jsonl-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

export interface TestLoad extends Partial<LoadPlan> {
  readonly id: number
  readonly records: readonly RecordValues[]
  readonly rejects?: readonly Reject[]
  readonly versioned?: boolean
  /** Instead of those of `tablesOf`. */
  readonly tables?: readonly TableSchema[]
}

/** Opens the dataset, merges records by their id, unless the plan says otherwise, and closes it. */
export async function testLoad(destination: Destination, load: TestLoad): Promise<LoadResult> {
  const { records, rejects = [], versioned = false, tables = tablesOf(load.table, versioned), ...rest } = load
  const table = tables[0]!.name
  const plan = planOf({ table, resource: table, disposition: 'merge', primaryKey: ['id'], ...rest })
  const dataset = await destination.open(DATASET)
  try {
    const session = await dataset.begin(plan)
    const came = plan.strategy === 'upsert' || plan.strategy === 'mirror'
    const options = { primaryKey: plan.primaryKey, loadId: plan.id, came }
    for (const batch of batchesOf(tables, records, options)) await session.write(batch)
    if (rejects.length > 0) await session.reject(rejects)
    const { state } = await dataset.read()
    const own = Object.fromEntries(tables.map((schema) => [schema.name, schema]))
    return await session.commit({ ...state, tables: { ...state.tables, ...own } })
  } finally {
    await dataset.close()
  }
}

/** The rows of a table, as anybody sees them. */
export async function rowsIn(destination: Destination, table: string): Promise<Record<string, unknown>[]> {
  return collect((await destination.inspect(DATASET)).rows(table))
}

export async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const value of values) all.push(value)
  return all
}
