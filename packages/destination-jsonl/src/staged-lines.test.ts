import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, readlink, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LoadSession } from '@tributary/core'
import { batchOf, planOf } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import { DATASET, rowsIn, tablesOf, temporaryFolder, testLoad } from '../testing/loads.ts'
import { createAppendFile } from './append-file.ts'
import { jsonl } from './destination.ts'
import { putAscii } from './line-buffer.ts'
import { createPartBuffers, PART } from './part-buffers.ts'
import { createStagedLines } from './staged-lines.ts'
import type { Put } from './values.ts'

const [items] = tablesOf()
const putLines =
  (lines: readonly string[]): Put =>
  (part, row) =>
    putAscii(part, `${lines[row]}\n`)

describe('lines that are staged', () => {
  it('are read as they came, with their sequences: of several tables, small and large ones, and none [jsonl.lines.parts]', async () => {
    const folder = await temporaryFolder()
    const buffers = createPartBuffers()
    const texts = [
      'a',
      'b'.repeat(PART - 1),
      'c'.repeat(PART),
      'd'.repeat(3 * PART),
      '',
      ...Array.from({ length: 5000 }, (_, n) => `${n}`),
    ]
    const tables = ['one', 'two', 'none'].map((name) => createStagedLines(join(folder, 'new', name), buffers))
    const lines = (name: string): string[] => texts.map((text) => name + text)
    for (let batch = 0; batch < 3; batch++) {
      for (const [index, table] of tables.slice(0, 2).entries())
        await table.append(
          putLines(lines(`${index}.${batch} `)),
          Float64Array.from(texts, (_, row) => batch * 1e6 + row),
        )
    }
    for (const table of tables) await table.close()
    for (const [index, table] of tables.entries()) {
      const read: string[] = []
      const sequences: number[] = []
      for await (const part of table.read()) {
        read.push(...part.lines)
        sequences.push(...part.sequences)
      }
      const batches = index < 2 ? [0, 1, 2] : []
      const expected = batches.flatMap((batch) => lines(`${index}.${batch} `))
      expect(read.length).toBe(expected.length)
      expect(read.every((line, row) => line === expected[row])).toBe(true)
      expect(sequences).toEqual(batches.flatMap((batch) => texts.map((_, row) => batch * 1e6 + row)))
      expect(table.rows).toBe(expected.length)
      expect(table.bytes).toBe(expected.reduce((sum, line) => sum + line.length + 1, 0))
    }
  })

  it('take two buffers, and let a long line go again [jsonl.lines.parts]', async () => {
    const buffers = createPartBuffers()
    const file = createAppendFile(join(await temporaryFolder(), 'file'))
    const sizes: number[] = []
    for (const length of [1, 20 * PART, 1, 1, 1]) {
      const part = await buffers.take()
      sizes.push(part.bytes.length)
      putAscii(part, 'x'.repeat(length))
      buffers.write(file)
    }
    await file.close()
    expect(sizes.every((size) => size < 2 * PART)).toBe(true)
  })
})

describe('a write that fails', () => {
  it('is told by that call or a later one, and in any case at the end [jsonl.lines.failed]', async () => {
    const path = join(await temporaryFolder(), 'file')
    await mkdir(path)
    const buffers = createPartBuffers()
    const lines = createStagedLines(path, buffers)
    const append = (): Promise<void> => lines.append(putLines(['a', 'b']), Float64Array.of(1, 2))
    const calls = async (): Promise<void> => {
      for (let call = 0; call < 4; call++) await append()
    }
    await expect(calls()).rejects.toMatchObject({ code: 'EISDIR' })
    await expect(lines.close()).rejects.toMatchObject({ code: 'EISDIR' })
    const few = createStagedLines(path, createPartBuffers())
    await few.append(putLines(['a']), Float64Array.of(1))
    await expect(few.close()).rejects.toMatchObject({ code: 'EISDIR' })
  })

  it('of the positions is told too [jsonl.lines.failed]', async () => {
    const path = join(await temporaryFolder(), 'file')
    await mkdir(`${path}.sequence`)
    const lines = createStagedLines(path, createPartBuffers())
    await lines.append(putLines(['a']), Float64Array.of(1))
    await expect(lines.append(putLines(['a']), Float64Array.of(1))).rejects.toMatchObject({ code: 'EISDIR' })
    await expect(lines.close()).rejects.toMatchObject({ code: 'EISDIR' })
  })

  it('leaves a table that cannot be committed, also where others are written [jsonl.lines.failed]', async () => {
    const folder = await temporaryFolder()
    const buffers = createPartBuffers()
    const lines = createStagedLines(join(folder, 'file'), buffers)
    const broken: Put = (part, row) => {
      if (row === 1) throw new Error('cannot be laid out')
      putAscii(part, 'a\n')
    }
    await expect(lines.append(broken, Float64Array.of(1, 2))).rejects.toThrow('cannot be laid out')
    await expect(lines.close()).rejects.toThrow('cannot be laid out')
  })

  it('is told to a call that is under way when its load is given up [jsonl.lines.failed]', async () => {
    const lines = createStagedLines(join(await temporaryFolder(), 'file'), createPartBuffers())
    const long = ['a'.repeat(PART), 'b'.repeat(PART), 'c']
    const told = expect(lines.append(putLines(long), Float64Array.of(1, 2, 3))).rejects.toThrow('is closed')
    await new Promise(setImmediate)
    await expect(lines.close()).rejects.toThrow('is closed')
    await told
    await expect(lines.append(putLines(['d']), Float64Array.of(4))).rejects.toThrow('is closed')
  })

  it('fails its load, which leaves the dataset as it was, and can be given up [jsonl.lines.failed]', async () => {
    const path = await temporaryFolder()
    const destination = jsonl({ path })
    await testLoad(destination, { id: 1, records: [{ id: 1 }] })
    const dataset = await destination.open(DATASET)
    // No folder can be made there.
    await writeFile(join(path, DATASET, '_sync_staging'), '')
    const begin = (id: number): Promise<LoadSession> => dataset.begin(planOf({ id, table: 'items', resource: 'items' }))
    const load = async (): Promise<void> => {
      const session = await begin(2)
      for (let batch = 0; batch < 4; batch++) await session.write(batchOf(items, [{ id: batch }]))
    }
    await expect(load()).rejects.toMatchObject({ code: 'NOT_WRITABLE' })
    const givenUp = await begin(3)
    await givenUp.write(batchOf(items, [{ id: 1 }]))
    await givenUp.abort()
    await dataset.close()
    expect(await rowsIn(destination, 'items')).toHaveLength(1)
  })
})

describe('a file that grows', () => {
  it('has what was appended in that order, without waiting', async () => {
    const path = join(await temporaryFolder(), 'folder', 'file')
    const file = createAppendFile(path)
    for (let part = 0; part < 100; part++) void file.append(Buffer.from(`${part},`))
    await file.close()
    expect(await readFile(path, 'utf8')).toBe(Array.from({ length: 100 }, (_, part) => `${part},`).join(''))
  })

  it.skipIf(!existsSync('/proc/self/fd'))(
    'is open only while it is written to, for there may be many [jsonl.lines.parts]',
    async () => {
      const path = join(await temporaryFolder(), 'file')
      const file = createAppendFile(path)
      await file.append(Buffer.from('a'))
      await file.append(Buffer.from('b'))
      const open = await Promise.all(
        (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
      )
      expect(open.filter((each) => each.startsWith('/')).length).toBeGreaterThan(0)
      expect(open).not.toContain(await realpath(path))
      await file.close()
    },
  )

  it('tells each writer after a write that failed, and who closes it', async () => {
    const path = join(await temporaryFolder(), 'file')
    await mkdir(path)
    const file = createAppendFile(path)
    const first = file.append(Buffer.from('a'))
    const second = file.append(Buffer.from('b'))
    await expect(first).rejects.toMatchObject({ code: 'EISDIR' })
    await expect(second).rejects.toMatchObject({ code: 'EISDIR' })
    await expect(file.close()).rejects.toMatchObject({ code: 'EISDIR' })
  })

  it('takes nothing any more once it is closed, and is not made again', async () => {
    const path = join(await temporaryFolder(), 'file')
    const file = createAppendFile(path)
    await file.close()
    expect(() => file.append(Buffer.from('a'))).toThrow('is closed')
    await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
