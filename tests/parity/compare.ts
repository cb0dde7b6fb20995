import { inOrder } from './nest-rows.ts'
import type { Aspect, Expected, Outcome, ParityCase } from './parity-case.ts'

const ASPECTS: readonly Aspect[] = ['error', 'requests', 'tables', 'columns']

/** The aspects in which two outcomes differ. Of errors only whether there is one is compared: the texts are each side's own. */
export function differences(ours: Outcome, dlt: Outcome): Aspect[] {
  return ASPECTS.filter((aspect) =>
    aspect === 'error' ? (ours.error === null) !== (dlt.error === null) : canonical(ours[aspect]) !== canonical(dlt[aspect]),
  )
}

/** The aspects that a case says differ. */
export function declaredDifferences({ better }: ParityCase): Aspect[] {
  if (better === undefined) return []
  const named = { ...better.ours, ...better.dlt }
  return ASPECTS.filter((aspect) => Object.hasOwn(named, aspect))
}

/** What of an outcome is not as it was expected, one sentence each. */
export function unexpected(outcome: Outcome, expected: Expected): string[] {
  const found: string[] = []
  if (expected.error === null && outcome.error !== null) found.push(`an error: ${outcome.error}`)
  if (expected.error instanceof RegExp && !expected.error.test(outcome.error ?? ''))
    found.push(`expected an error like ${expected.error}, found ${outcome.error ?? 'none'}`)
  for (const aspect of ['requests', 'tables', 'columns'] as const) {
    const wanted = expected[aspect]
    if (wanted === undefined || wanted === 'free') continue
    const [there, here] = aspect === 'tables' ? [outcome.tables, wanted].map(inRowOrder) : [outcome[aspect], wanted]
    if (canonical(here) !== canonical(there)) found.push(`${aspect}: expected ${canonical(here)}, found ${canonical(there)}`)
  }
  return found
}

/** Tables whose rows are in the order of their text: those of a case are in the order of their author. */
const inRowOrder = (tables: unknown): unknown =>
  Object.fromEntries(
    Object.entries(tables as Outcome['tables']).map(([name, rows]) => [name, inOrder(rows.map((row) => canonical(row)))]),
  )

/** Rows of each table, child tables among them. */
export function rowCounts({ tables, columns }: Pick<Outcome, 'tables' | 'columns'>): Record<string, number> {
  const counts = Object.fromEntries(Object.keys(columns).map((name) => [name, 0]))
  const count = (table: string, rows: Outcome['tables'][string]): void => {
    counts[table] = (counts[table] ?? 0) + rows.length
    for (const row of rows) {
      for (const [name, value] of Object.entries(row)) {
        if (Array.isArray(value) && Object.hasOwn(columns, name)) count(name, value as Outcome['tables'][string])
      }
    }
  }
  for (const [name, rows] of Object.entries(tables)) count(name, rows)
  return counts
}

/** As text, whatever the order of keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
