import { CATALOG, queryDuckDB } from './query.ts'
import { identifier } from './sql.ts'

/**
 * The committed rows of a table, one object each, system columns among them; values are as `queryDuckDB` gives them, and
 * columns without a value are missing. Throws as `queryDuckDB` does.
 */
export async function* readTable(path: string, dataset: string, table: string): AsyncGenerator<Record<string, unknown>> {
  const { columns, rows } = await queryDuckDB(path, `FROM ${CATALOG}.${identifier(dataset)}.${identifier(table)}`)
  for (const row of rows) {
    yield Object.fromEntries(columns.map(({ name }, index) => [name, row[index]] as const).filter(([, value]) => value !== null))
  }
}
