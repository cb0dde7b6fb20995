import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Destination } from '@tributary/core'
import type { DestinationFixture } from './case.ts'

/** Fixtures for `destinationSuite` of a destination that lives in a folder: each has a temporary one, which goes with it. */
export function inFolder(make: (folder: string) => Destination): () => Promise<DestinationFixture> {
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tributary-suite-'))
    return { destination: make(folder), dispose: () => rm(folder, { recursive: true, force: true }) }
  }
}
