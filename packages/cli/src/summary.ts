import type { ResourceResult, TableResult } from '@tributary/core'
import { nextStep } from './errors.ts'
import { alignRows } from './table.ts'
import { count, duration, plural, printable, printableLines } from './text.ts'

/** What a run did to a resource, in lines that fit 80 columns. */
export function resourceSummary(name: string, result: ResourceResult): string[] {
  return [
    headline(name, result),
    ...tableLines(result).map((line) => `  ${line}`),
    ...result.warnings.map((warning) => `  warning: ${printable(warning)}`),
    ...errorLines(result).map((line) => `  ${line}`),
  ]
}

function headline(name: string, { status, records, filtered, pages, retries, seconds }: ResourceResult): string {
  const rate = seconds > 0 ? ` (${count(Math.round(records / seconds))} rows/s)` : ''
  const facts = [
    `${plural(records, 'row')} read in ${duration(seconds)}${rate}`,
    ...(filtered > 0 ? [`${count(filtered)} left out by the cursor`] : []),
    plural(pages, 'page'),
    retries === 1 ? '1 retry' : `${count(retries)} retries`,
  ]
  return `${name}: ${status} · ${facts.join(' · ')}`
}

export function tableLines({ tables }: Pick<ResourceResult, 'tables'>): string[] {
  // By name: a parent's name begins its children's.
  const entries = Object.entries(tables).sort(([a], [b]) => (a < b ? -1 : 1))
  if (entries.length === 0) return []
  const hasDeleted = entries.some(([, { deleted }]) => deleted > 0)
  const header = ['table', 'inserted', 'updated', ...(hasDeleted ? ['deleted'] : []), 'unchanged', 'left out']
  const rows = entries.map(([table, changes]) => [
    indented(table, Object.keys(tables)),
    count(changes.inserted),
    count(changes.updated),
    ...(hasDeleted ? [count(changes.deleted)] : []),
    count(changes.unchanged),
    count(changes.rejected),
  ])
  const lines = alignRows([header, ...rows], ['left', ...header.slice(1).map(() => 'right' as const)])
  return [lines[0]!, ...entries.flatMap(([, changes], index) => [lines[index + 1]!, ...rejections(changes)])]
}

/** A child table stands two spaces in from its parent: `ticket_data__tags` under `ticket_data`. */
function indented(table: string, tables: readonly string[]): string {
  const depth = tables.filter((other) => table.startsWith(`${other}__`)).length
  return '  '.repeat(depth) + table
}

const rejections = ({ rejectedBy }: TableResult): string[] =>
  Object.entries(rejectedBy).map(
    ([reason, left]) => `  ${count(left)} left out by the contract: ${REASONS[reason] ?? printable(reason)}`,
  )

const REASONS: Readonly<Record<string, string>> = {
  tables: 'no such table',
  columns: 'no such column',
  data_type: 'the value does not fit its column',
}

function errorLines({ status, error }: ResourceResult): string[] {
  if (error !== undefined) return [`error ${error.code}: ${printableLines(error.message)}`, nextStep(error.recovery)]
  return status === 'interrupted' ? ['Stopped before its end: what was committed stays, the rest comes with the next run.'] : []
}
