import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A folder that is gone when the test file is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-kill-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
