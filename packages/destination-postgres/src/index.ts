export { type PostgresOptions, postgres } from './destination.ts'
