import { type DatasetReader, isTributaryError, type Reject, type SchemaVersion } from '@tributary/core'
import type { DestinationFixture } from './case.ts'
import { DATASET } from './load.ts'

/** Looks into the dataset as committed. */
export async function look<T>(
  { destination }: DestinationFixture,
  use: (reader: DatasetReader) => Promise<T>,
  dataset: string = DATASET,
): Promise<T> {
  const reader = await destination.inspect(dataset)
  try {
    return await use(reader)
  } finally {
    await reader.close()
  }
}

/** The rows of a table. Throws `TABLE_NOT_FOUND`. */
export function readRows(
  fixture: DestinationFixture,
  table: string,
  dataset: string = DATASET,
): Promise<Record<string, unknown>[]> {
  return look(fixture, (reader) => all(reader.rows(table)), dataset)
}

/** As `readRows`; of a table that there is not, none. */
export async function readRowsIfAny(
  fixture: DestinationFixture,
  table: string,
  dataset: string = DATASET,
): Promise<Record<string, unknown>[]> {
  return readRows(fixture, table, dataset).catch((error: unknown) => {
    if (codeOf(error) === 'TABLE_NOT_FOUND') return []
    throw error
  })
}

export function readVersions(fixture: DestinationFixture): Promise<readonly SchemaVersion[]> {
  return look(fixture, (reader) => reader.schemaVersions())
}

export function readRejects(fixture: DestinationFixture): Promise<Reject[]> {
  return look(fixture, (reader) => all(reader.rejects()))
}

export async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const value of values) list.push(value)
  return list
}

/** The code of an error of the house; of any other, its text. */
export function codeOf(error: unknown): string {
  return isTributaryError(error) ? error.code : String(error)
}
