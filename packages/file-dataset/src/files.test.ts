import { rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { makeFolder } from './files.ts'

it('makes a folder also while others take it away [settled.two-runs]', async () => {
  const folder = join(await temporaryFolder(), 'shop')
  let isDone = false
  const takeAway = async (): Promise<void> => {
    while (!isDone) await rmdir(folder).catch(() => {})
  }
  const make = async (): Promise<void> => {
    for (let times = 0; times < 2000; times++) await makeFolder(folder)
  }
  const others = Promise.all([takeAway(), takeAway()])
  const made = Promise.all([make(), make()])
  await expect(made.finally(() => (isDone = true))).resolves.toHaveLength(2)
  await others
})
