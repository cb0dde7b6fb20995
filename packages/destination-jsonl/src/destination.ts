import type { Destination } from '@tributary/core'
import { fileDestination } from '@tributary/file-dataset'
import { beginLoad } from './load.ts'
import { readRows } from './read-rows.ts'

export interface JsonlOptions {
  /** The folder that holds a folder for each dataset; made when missing. */
  path: string
  /** Write files that are compressed by gzip, `<load>.jsonl.gz`. Files of both kinds are read. Default false. */
  compress?: boolean
  /** Milliseconds to wait for a dataset that another sync holds. Default 10 000. */
  lockTimeout?: number
}

/** Loads into JSON Lines files: `<path>/<dataset>/<table>/<load>.jsonl`, with a manifest that says which of them count. */
export function jsonl({ path, compress = false, lockTimeout }: JsonlOptions): Destination {
  const extension = compress ? 'jsonl.gz' : 'jsonl'
  return fileDestination({
    path,
    lockTimeout,
    format: {
      kind: 'jsonl',
      open: async () => ({
        begin: (plan, staging) => beginLoad(plan, staging, extension),
        close: async () => {},
      }),
      rows: readRows,
    },
  })
}
