import type { Destination } from '@tributary/core'

export type Kind = 'duckdb' | 'jsonl' | 'parquet' | 'postgres'

/** Where datasets are, in a form that another process can be told. */
export interface Address {
  readonly kind: Kind
  /** Of a file or folder; of a server, its URL. */
  readonly path: string
  /** Of `jsonl`. */
  readonly compress?: boolean
  /** Milliseconds. */
  readonly lockTimeout?: number
}

/** Only the one that is needed is read in: that is most of what it takes to start a process. */
export async function destinationAt({ kind, path, compress = false, lockTimeout = 10_000 }: Address): Promise<Destination> {
  switch (kind) {
    case 'duckdb':
      return (await import('@tributary/destination-duckdb')).duckdb({ path, lockTimeout })
    case 'jsonl':
      return (await import('@tributary/destination-jsonl')).jsonl({ path, compress, lockTimeout })
    case 'parquet':
      return (await import('@tributary/destination-parquet')).parquet({ path, lockTimeout })
    case 'postgres':
      return (await import('@tributary/destination-postgres')).postgres({ url: path, lockTimeout })
  }
}
