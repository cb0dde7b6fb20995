import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Destination } from '@tributary/core'
import type { DestinationFixture } from './case.ts'

/** A destination that lives in a folder, and how its tables are read. */
export interface FolderFixture {
  readonly destination: Destination
  /** As `DestinationFixture.readTable`, row by row. */
  readTable(dataset: string, table: string): AsyncIterable<Record<string, unknown>>
}

/** Fixtures for `destinationSuite` that have a temporary folder each, which goes with them. */
export function inFolder(make: (folder: string) => FolderFixture): () => Promise<DestinationFixture> {
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tributary-suite-'))
    const { destination, readTable } = make(folder)
    return {
      destination,
      async readTable(dataset, table) {
        const rows: Record<string, unknown>[] = []
        for await (const row of readTable(dataset, table)) rows.push(row)
        return rows
      },
      dispose: () => rm(folder, { recursive: true, force: true }),
    }
  }
}
