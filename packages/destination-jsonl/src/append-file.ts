import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A file that grows, by one write after the other, while its writer goes on. */
export interface AppendFile {
  /**
   * Starts a write; resolves when it is done. Until then, the bytes must stay as they are. Once a write has failed, all others
   * fail too. Throws where the file is closed.
   */
  append(bytes: Uint8Array): Promise<void>
  /** No more is written; resolves when all is. Throws where a write has failed. */
  close(): Promise<void>
}

/** The file and its folder are made with the first write. It is open only while it is written to: a load may have thousands. */
export function createAppendFile(path: string): AppendFile {
  let isMade = false
  let written: Promise<void> = Promise.resolve()
  let isClosed = false
  const write = async (bytes: Uint8Array): Promise<void> => {
    if (!isMade) await mkdir(dirname(path), { recursive: true })
    isMade = true
    const handle = await open(path, 'a')
    try {
      await writeAll(handle, bytes)
    } finally {
      await handle.close()
    }
  }
  return {
    append(bytes) {
      if (isClosed) throw new Error(`${path} is closed: nothing can be written any more.`)
      written = written.then(() => write(bytes))
      // Whoever waits for it is told, and at the latest who closes the file.
      written.catch(() => {})
      return written
    },
    close() {
      isClosed = true
      return written
    },
  }
}

/** In one piece where the system takes it: `writeFile` would do so in pieces of 512 KiB. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten
}
