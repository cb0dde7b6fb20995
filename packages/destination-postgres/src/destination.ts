import { type Destination, TributaryError } from '@tributary/core'
import { parseAddress } from './address.ts'
import { openDataset } from './dataset.ts'
import { inspectDataset, listDatasets } from './inspect.ts'

export interface PostgresOptions {
  /**
   * Where the database is, and how to get in: `postgres://user:password@host:port/database?sslmode=require`. What it leaves
   * out comes from `PGUSER`, `PGPASSWORD` and `PGSSLMODE`; the port is 5432. The password is never shown.
   */
  url: string
  /** Milliseconds to wait for a dataset that another sync holds, and for locks on its tables. Default 10 000. */
  lockTimeout?: number
}

const DEFAULT_LOCK_TIMEOUT = 10_000
/** `NAMEDATALEN` of a server as it is usually built, less one: PostgreSQL would cut longer names. */
const LONGEST_NAME = 63

/** Loads into a PostgreSQL database: a dataset is a schema in it, a table a table. Throws `URL_INVALID`. */
export function postgres({ url, lockTimeout = DEFAULT_LOCK_TIMEOUT }: PostgresOptions): Destination {
  const address = parseAddress(url)
  return {
    name: 'postgres',
    location: address.location,
    identifierLimit: LONGEST_NAME,
    async open(dataset) {
      checkName(address.location, dataset)
      return openDataset(address, dataset, lockTimeout)
    },
    datasets: () => listDatasets(address),
    inspect: (dataset) => inspectDataset(address, dataset),
  }
}

function checkName(location: string, dataset: string): void {
  const fail = (code: string, why: string): TributaryError =>
    new TributaryError({
      code,
      recovery: 'fix-config',
      message: `${location}: a dataset cannot be called ${JSON.stringify(dataset)}: ${why}. Choose another --dataset.`,
    })
  if (/^pg_|^information_schema$/.test(dataset)) throw fail('DATASET_NAME_RESERVED', 'PostgreSQL keeps such names for itself')
  if (dataset === '' || dataset.includes('\0')) throw fail('DATASET_NAME_INVALID', 'it is empty, or has U+0000 in it')
  if (Buffer.byteLength(dataset) > LONGEST_NAME)
    throw fail('DATASET_NAME_INVALID', `PostgreSQL takes names of ${LONGEST_NAME} bytes at most`)
}
