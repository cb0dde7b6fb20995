import type { FileFormat } from '@tributary/file-dataset'
import { beginLoad } from './load.ts'
import { createReader } from './read-rows.ts'
import { createScratch } from './scratch.ts'

export type Compression = 'zstd' | 'snappy' | 'none'

/** Parquet as a kind of dataset. Each dataset that is open has a DuckDB of its own, which keeps nothing. */
export function parquetFormat(compression: Compression, memoryLimit: string | undefined): FileFormat {
  return {
    kind: 'parquet',
    async open() {
      const scratch = createScratch(memoryLimit)
      return {
        begin: (plan, staging) => beginLoad(scratch, compression, plan, staging),
        close: () => scratch.close(),
      }
    },
    rows: createReader(),
  }
}
