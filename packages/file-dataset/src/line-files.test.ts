import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { compressFile, createLineWriter, readLineBytes, readLines } from './line-files.ts'

async function linesOf(path: string): Promise<string[]> {
  const all: string[] = []
  for await (const lines of readLines(path)) all.push(...lines)
  return all
}

describe.each(['a.jsonl', 'a.jsonl.gz'])('lines in %s', (name) => {
  it('are read as they were written, also where a chunk ends in the middle of a character', async () => {
    const path = join(await temporaryFolder(), 'folder', name)
    const lines = Array.from({ length: 3000 }, (_, index) => `${index} ${'é😀'.repeat(300)}`)
    const writer = await createLineWriter(path)
    for (let at = 0; at < lines.length; at += 500) await writer.write(lines.slice(at, at + 500))
    await writer.write([])
    await writer.close()
    expect(writer.rows).toBe(3000)
    expect(await linesOf(path)).toEqual(lines)
  })

  it('are read and copied as bytes too, whole lines at a time, also such as are longer than what is read at once', async () => {
    const folder = await temporaryFolder()
    const lines = ['a', 'é😀'.repeat(600_000), '', 'b'.repeat(3 << 20), 'c']
    const writer = await createLineWriter(join(folder, name))
    await writer.write(lines)
    await writer.close()
    const copy = await createLineWriter(join(folder, `copy-${name}`))
    for await (const bytes of readLineBytes(join(folder, name))) {
      expect(bytes.at(-1)).toBe(0x0a)
      await copy.copy(bytes, bytes.toString().split('\n').length - 1)
    }
    await copy.copy(Buffer.alloc(0), 0)
    await copy.close()
    expect(copy.rows).toBe(lines.length)
    expect(await linesOf(join(folder, `copy-${name}`))).toEqual(lines)
  })

  it('are none where nothing was written', async () => {
    const path = join(await temporaryFolder(), name)
    await (await createLineWriter(path)).close()
    expect(await linesOf(path)).toEqual([])
  })

  it('of a file that is not there are an error', async () => {
    await expect(linesOf(join(await temporaryFolder(), name))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('can be read in part', async () => {
    const path = join(await temporaryFolder(), name)
    const writer = await createLineWriter(path)
    await writer.write(Array.from({ length: 100_000 }, (_, index) => `line ${index} of many`))
    await writer.close()
    for await (const [first] of readLines(path)) {
      expect(first).toBe('line 0 of many')
      break
    }
  })

  it('cannot be written where a folder is in the way, which is said', async () => {
    const path = join(await temporaryFolder(), name)
    await writeFile(path, '')
    const open = async (): Promise<void> => {
      const writer = await createLineWriter(join(path, name))
      await writer.write(['x'])
      await writer.close()
    }
    await expect(open()).rejects.toThrow(/ENOTDIR|EEXIST/)
  })
})

describe('readLineBytes', () => {
  it('ends a last line that has no end', async () => {
    const path = join(await temporaryFolder(), 'a')
    await writeFile(path, 'one\ntwo')
    const all: string[] = []
    for await (const bytes of readLineBytes(path)) all.push(bytes.toString())
    expect(all.join('')).toBe('one\ntwo\n')
  })
})

describe('compressFile', () => {
  it('packs a file as gzip', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'a'), 'one\ntwo\n')
    await compressFile(join(folder, 'a'), join(folder, 'a.gz'))
    expect(await linesOf(join(folder, 'a.gz'))).toEqual(['one', 'two'])
    expect((await readFile(join(folder, 'a.gz'))).subarray(0, 2)).toEqual(gzipSync('').subarray(0, 2))
  })
})
