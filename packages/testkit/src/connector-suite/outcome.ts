import assert from 'node:assert/strict'
import { normalizeName, type ResourceResult, SYSTEM_COLUMNS, type TableSchema } from '@tributary/core'
import type { Run } from './api.ts'

/** Rejects unless everything was loaded, with the reason that the run gives. */
export function expectOk(run: Run): void {
  assert.ok(!run.isEndless, `the run had to be stopped after ${run.requests.length} requests`)
  if (run.thrown !== undefined) assert.fail(`the run failed: ${run.thrown.code}: ${run.thrown.message}`)
  const errors = Object.entries(run.result!.resources).filter(([, { status }]) => status !== 'ok')
  assert.deepEqual(
    errors.map(([name, { error }]) => `${name}: ${error?.code ?? 'not done'}: ${error?.message ?? ''}`),
    [],
  )
}

export function resultOf(run: Run, resource: string): ResourceResult {
  const result = run.result?.resources[resource]
  assert.ok(result, `the run says nothing of ${resource}: ${run.thrown?.message}`)
  return result
}

/** Tables of a resource as last committed. */
export async function tablesOf(run: Run, resource: string): Promise<TableSchema[]> {
  const reader = await run.destination.inspect(datasetOf(run))
  const { state } = await reader.read()
  await reader.close()
  return Object.values(state.tables).filter((table) => table.resource === resource)
}

/** Rows of a table as last committed; none where there is no such table. */
export async function rowsOf(run: Run, table: string): Promise<Record<string, unknown>[]> {
  const reader = await run.destination.inspect(datasetOf(run))
  const { state } = await reader.read()
  await reader.close()
  return Object.hasOwn(state.tables, table) ? run.destination.readTable(datasetOf(run), table) : []
}

/** Rows of a resource's tables as texts in order, without what differs from load to load. */
export async function contentOf(run: Run, resource: string): Promise<string[]> {
  const contents: string[] = []
  for (const { name } of await tablesOf(run, resource)) {
    for (const row of await rowsOf(run, name)) contents.push(`${name} ${withoutLoad(row)}`)
  }
  return contents.sort()
}

const OF_A_LOAD: ReadonlySet<string> = new Set(Object.values(SYSTEM_COLUMNS))

function withoutLoad(row: Record<string, unknown>): string {
  const values = Object.entries(row).filter(([name]) => !OF_A_LOAD.has(name))
  return JSON.stringify(values.sort(), (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
}

const datasetOf = ({ connector }: Run): string => normalizeName(connector.name)
