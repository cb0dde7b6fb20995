import { describe, expect, it } from 'vitest'
import { folderName, isLoadFile, loadFile, loadOfFile } from './paths.ts'

describe('folderName', () => {
  it.each([
    ['items', 'items'],
    ['ключ_名', 'ключ_名'],
    ['a/b', 'a%2fb'],
    ['..', '%2e%2e'],
    ['a b', 'a%20b'],
    ['100%', '100%25'],
    ['\u0000', '%00'],
  ])('of %j is %s: nothing in it means something to a file system [jsonl.folders]', (name, folder) => {
    expect(folderName(name)).toBe(folder)
  })

  it('is different for different names, however long', () => {
    const [a, b] = ['a', 'b'].map((end) => folderName('名'.repeat(300) + end))
    expect(a).not.toBe(b)
    for (const name of [a!, b!, folderName('')]) {
      expect(Buffer.byteLength(name)).toBeLessThan(250)
      expect(name).not.toBe('')
    }
  })
})

describe('the file of a load', () => {
  it.each(['jsonl', 'jsonl.gz', 'parquet'] as const)('has the number of its load, and ends in .%s', (extension) => {
    const name = loadFile(12, extension)
    expect(name).toBe(`12.${extension}`)
    expect(isLoadFile(name)).toBe(true)
    expect(loadOfFile(name)).toBe(12)
  })

  it.each(['notes.txt', '1.txt', 'x.jsonl', '1.jsonl.bak', '1.json', '.jsonl', '-1.parquet', '1.gz'])('is not %s', (name) => {
    expect(isLoadFile(name)).toBe(false)
  })
})
