export { type DuckDBOptions, duckdb } from './destination.ts'
export { type QueryOptions, type QueryResult, queryDuckDB } from './query.ts'
