import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isMissing } from './errors.ts'

/** Puts a new content in the place of a file, whole or not at all, also when the power fails. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const next = `${path}.next`
  const handle = await open(next, 'w')
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(next, path)
  await syncFolder(dirname(path))
}

/** Moves a finished file to its place, so that it is there after a power failure too. The folder is made if missing. */
export async function placeFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await syncFile(from)
  await rename(from, to)
  await syncFolder(dirname(to))
}

/** Makes renames in a folder durable, where the system lets a folder be flushed. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}

/** Flushes a file that was written in pieces. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Names in a folder; none where there is no folder. */
export async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

export const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true })

/** To make a folder that others take away. */
const ATTEMPTS = 50

/** Makes a folder, where it is missing. Answers the first one that was made, if any was. */
export async function makeFolder(folder: string): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await mkdir(folder, { recursive: true })
    } catch (error) {
      // Somebody else has taken it away, as one that nothing was loaded into, while it was looked at.
      if (!isMissing(error) || attempt === ATTEMPTS) throw error
    }
  }
}
