import type { Destination } from '@tributary/core'
import { fileDestination } from '@tributary/file-dataset'
import { type Compression, parquetFormat } from './format.ts'

export interface ParquetOptions {
  /** The folder that holds a folder for each dataset; made when missing. */
  path: string
  /** Milliseconds to wait for a dataset that another sync holds. Default 10 000. */
  lockTimeout?: number
  /** How pages of values are compressed. Default `zstd`. */
  compression?: Compression
  /**
   * Memory that DuckDB, which writes the files, may use, such as `1GB`; beyond it, it spills into the dataset's folder.
   * Default: 128 MiB, and more where wide or long rows need it, up to four fifths of the machine's.
   */
  memoryLimit?: string
}

/** Loads into Parquet files: `<path>/<dataset>/<table>/<load>.parquet`, with a manifest that says which of them count. */
export function parquet({ path, lockTimeout, compression = 'zstd', memoryLimit }: ParquetOptions): Destination {
  return fileDestination({ path, lockTimeout, format: parquetFormat(compression, memoryLimit) })
}
