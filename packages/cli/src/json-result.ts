import type { ResourceResult, TableResult } from '@tributary/core'
import type { Failure } from './command.ts'
import type { Outcome, RunStatus } from './outcome.ts'

/** What `tributary sync --json` prints: the machine's contract, in snake_case. */
export interface JsonResult {
  readonly status: RunStatus
  readonly load_ids: readonly number[]
  /** By name; with several connectors `connector.resource`. */
  readonly resources: Readonly<Record<string, object>>
  readonly seconds: number
  readonly rows_per_second: number
  /** What kept a pipeline from running at all. */
  readonly error?: Failure
}

export function jsonResult(status: RunStatus, outcomes: readonly Outcome[], planned: number): JsonResult {
  const results = outcomes.flatMap(({ plan, result }) => (result === undefined ? [] : [{ plan, result }]))
  const resources = results.flatMap(({ plan, result }) =>
    Object.entries(result.resources).map(
      ([name, resource]) => [planned > 1 ? `${plan.factory.connector.name}.${name}` : name, jsonResource(resource)] as const,
    ),
  )
  const seconds = results.reduce((sum, { result }) => sum + result.seconds, 0)
  const records = results
    .flatMap(({ result }) => Object.values(result.resources))
    .reduce((sum, resource) => sum + resource.records, 0)
  const error = outcomes.find((outcome) => outcome.error !== undefined)?.error
  return {
    status,
    load_ids: results.flatMap(({ result }) => result.loadIds),
    resources: Object.fromEntries(resources),
    seconds: round(seconds),
    rows_per_second: seconds === 0 ? 0 : Math.round(records / seconds),
    ...(error !== undefined && status === 'failed' && { error: failureOf(error) }),
  }
}

/** The same for an error before any pipeline was made. */
export const jsonFailure = (error: Failure): JsonResult => ({
  status: 'failed',
  load_ids: [],
  resources: {},
  seconds: round(performance.now() / 1000),
  rows_per_second: 0,
  error,
})

const failureOf = ({ code, message, recovery }: Failure): Failure => ({ code, message, recovery })

function jsonResource({ status, pages, requests, retries, records, filtered, tables, warnings, error }: ResourceResult): object {
  return {
    status,
    pages,
    requests,
    retries,
    records,
    filtered,
    tables: Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, jsonTable(table)])),
    warnings,
    ...(error !== undefined && { error: failureOf(error) }),
  }
}

const jsonTable = ({ inserted, updated, deleted, unchanged, rejected, rejectedBy }: TableResult): object => ({
  inserted,
  updated,
  deleted,
  unchanged,
  rejected,
  rejected_by: rejectedBy,
})

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000
