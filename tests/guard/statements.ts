import { createRequire } from 'node:module'
import { onTestFinished } from 'vitest'

type Method = (...given: unknown[]) => unknown
interface Driver {
  readonly DuckDBConnection: { readonly prototype: Record<string, Method> }
  readonly DuckDBPreparedStatement: { readonly prototype: Record<string, Method> }
}

// The driver that the destination has: the same module, for it is not one of these tests' own.
const fromDestination = createRequire(new URL('../../packages/destination-duckdb/package.json', import.meta.url))

/** Counts the statements that DuckDB runs from here to the end of the test, each time that it runs one. */
export function countStatements(): { readonly statements: readonly string[] } {
  const { DuckDBConnection, DuckDBPreparedStatement } = fromDestination('@duckdb/node-api') as Driver
  const statements: string[] = []
  watch(DuckDBConnection.prototype, 'run', ([sql, values]) => {
    // With values it is prepared, and counts where that runs.
    if (values === undefined) statements.push(String(sql))
  })
  for (const name of ['run', 'stream', 'start', 'startStream'])
    watch(DuckDBPreparedStatement.prototype, name, () => void statements.push('a prepared statement'))
  return { statements }
}

/** Calls `seen` before each call of a method, until the test is over. */
function watch(prototype: Record<string, Method>, name: string, seen: (given: readonly unknown[]) => void): void {
  const method = prototype[name]!
  prototype[name] = function (...given) {
    seen(given)
    return method.apply(this, given)
  }
  onTestFinished(() => {
    prototype[name] = method
  })
}
