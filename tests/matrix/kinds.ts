import { duckdbPlace, jsonlPlace, type Place, parquetPlace, postgresPlace } from '../support/places.ts'
import { type TestServer, testServer } from '../support/postgres.ts'

/** A kind of destination, and how a test gets one to itself. */
export interface Kind {
  readonly name: Place['kind']
  /** Why there is none: its tests are left out. */
  readonly missing?: string
  make(): Place | Promise<Place>
}

/** The destination that the others are compared with. */
export const REFERENCE: Kind = { name: 'duckdb', make: () => duckdbPlace() }

/** Those that are compared with it. Called at the top of a test file. */
export async function otherKinds(): Promise<readonly Kind[]> {
  const server: TestServer = await testServer()
  return [
    { name: 'jsonl', make: () => jsonlPlace() },
    { name: 'parquet', make: () => parquetPlace() },
    { name: 'postgres', ...(server.missing !== undefined && { missing: server.missing }), make: () => postgresPlace(server) },
  ]
}
