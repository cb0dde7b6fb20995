import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isMissing } from './errors.ts'

const CHUNK = 1 << 20

/** Lines of a file, about a megabyte of them at a time, without their line ends. */
export async function* readLines(path: string): AsyncGenerator<string[]> {
  let rest = ''
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: CHUNK })) {
    const lines = (rest + (chunk as string)).split('\n')
    rest = lines.pop()!
    if (lines.length > 0) yield lines
  }
  if (rest !== '') yield [rest]
}

/** A new file of lines. */
export interface LineWriter {
  readonly rows: number
  write(lines: readonly string[]): Promise<void>
  /** Flushes to the disk. */
  close(): Promise<void>
}

export async function createLineWriter(path: string): Promise<LineWriter> {
  await mkdir(dirname(path), { recursive: true })
  const handle: FileHandle = await open(path, 'w')
  let rows = 0
  return {
    get rows() {
      return rows
    },
    async write(lines) {
      if (lines.length === 0) return
      await handle.writeFile(`${lines.join('\n')}\n`)
      rows += lines.length
    },
    async close() {
      try {
        await handle.sync()
      } finally {
        await handle.close()
      }
    },
  }
}

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
