export { type ParquetOptions, parquet } from './destination.ts'
export type { Compression } from './format.ts'
