export { type DuckDBOptions, duckdb } from './destination.ts'
export { type QueryOptions, type QueryResult, queryDuckDB } from './query.ts'
export { readTable } from './read-table.ts'
