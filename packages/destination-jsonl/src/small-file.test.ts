import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { readLineBytes, readLines } from '@tributary/file-dataset'
import { describe, expect, it } from 'vitest'
import { collect, temporaryFolder } from '../testing/loads.ts'
import { readLineBytesAtOnce, readLinesAtOnce } from './small-file.ts'

describe('readLinesAtOnce', () => {
  it.each([
    ['no lines', ''],
    ['one line', '{"a":"é\u{1f600}"}\n'],
    ['a line without an end', 'a\nb'],
    ['more than is read at once', 'some line\n'.repeat(20_000)],
    ['what packs small, and unpacks large', `${'x'.repeat(2 << 20)}\ny\n`],
  ])('gives the lines of a file with %s as a stream does [jsonl.merge.small-files]', async (_what, text) => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, '1.jsonl'), text)
    await writeFile(join(folder, '1.jsonl.gz'), gzipSync(text))
    for (const name of ['1.jsonl', '1.jsonl.gz']) {
      const path = join(folder, name)
      const lines = (await collect(readLinesAtOnce(path))).flat()
      expect(lines.length).toBe(text.split('\n').filter((line) => line !== '').length)
      expect(lines).toEqual((await collect(readLines(path))).flat())
      const bytes = Buffer.concat(await collect(readLineBytesAtOnce(path)))
      expect(bytes.equals(Buffer.concat(await collect(readLineBytes(path))))).toBe(true)
      expect(bytes.toString().split('\n').slice(0, -1)).toEqual(lines)
    }
  })

  it('throws where a compressed file is cut off', async () => {
    const path = join(await temporaryFolder(), '1.jsonl.gz')
    await writeFile(path, gzipSync('a line\n'.repeat(100)).subarray(0, 30))
    await expect(collect(readLinesAtOnce(path))).rejects.toThrow('unexpected end of file')
  })
})
