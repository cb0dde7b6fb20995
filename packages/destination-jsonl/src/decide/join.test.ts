import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../testing/loads.ts'
import { createJoin } from './join.ts'

type Sides = { left: number; right: string; none: true }

/** Text of every kind, and more than is kept back. */
const KEYS = [
  '',
  '1',
  '"',
  '\\',
  'a\nb\tc',
  'é\u{1f600}',
  '\ud800',
  'x'.repeat(9 << 20),
  ...Array.from({ length: 200 }, (_, key) => `key ${key}`),
]

describe.each([1, 2, 7])('a join in %i parts', (parts) => {
  const joined = async (): Promise<{ rows: unknown[][]; ends: number; files: string[] }> => {
    const folder = await temporaryFolder()
    const rows: unknown[][] = []
    let ends = 0
    const sides = createJoin<Sides>(join(folder, 'join'), parts, () => {
      const lefts = new Map<string, number[]>()
      return {
        visit: {
          left: (key, entry) => lefts.set(key, [...(lefts.get(key) ?? []), entry()]),
          right: (key, entry) => rows.push([key, lefts.get(key), entry()]),
          none: () => rows.push(['none']),
        },
        end: () => ends++,
      }
    })
    for (const [index, key] of KEYS.entries()) sides.put.left(key, () => index)
    for (const [index, key] of KEYS.entries()) sides.put.left(key, () => -index)
    for (const key of [...KEYS, 'alone']) sides.put.right(key, () => `of ${key.slice(0, 9)}`)
    await sides.decide()
    return { rows, ends, files: await readdir(folder) }
  }

  it('brings each key of one side together with all of the other, in their order [jsonl.merge.memory]', async () => {
    const { rows } = await joined()
    const expected = KEYS.map((key, index) => [key, [index, -index], `of ${key.slice(0, 9)}`])
    const sorted = (all: unknown[][]): string[] => all.map((row) => JSON.stringify(row)).sort()
    expect(sorted(rows)).toEqual(sorted([...expected, ['alone', undefined, 'of alone']]))
  })

  it('ends every part, and leaves no file', async () => {
    expect(await joined()).toMatchObject({ ends: parts, files: [] })
  })
})
