import type { Destination } from '@tributary/core'
import { fileDestination } from '@tributary/file-dataset'
import { destinationSuite, inFolder } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import { rowsIn, temporaryFolder, testLoad } from '../testing/loads.ts'
import { LIMITS, type Limits, passesFor } from './decide/passes.ts'
import { beginLoad } from './load.ts'
import { readRows } from './read-rows.ts'

/** What takes millions of rows by itself, with a few: several passes, and rows that are completed one by one. */
const SMALL: Limits = { passes: (rows) => Math.min(rows, 3), completedBytes: 0 }

const inPasses = (path: string, limits: Limits): Destination =>
  fileDestination({
    path,
    lockTimeout: 300,
    format: {
      kind: 'jsonl',
      open: async () => ({
        begin: (plan, staging) => beginLoad(plan, staging, 'jsonl.gz', limits),
        close: async () => {},
      }),
      rows: readRows,
    },
  })

destinationSuite('jsonl, compressed and in several passes', { create: inFolder((path) => inPasses(path, SMALL)) })

describe('a merge that is too large for one pass', () => {
  it.each(['delete-insert', 'upsert', 'insert-only', 'mirror'] as const)(
    'by %s gives the same rows and counts as in one [jsonl.merge.memory]',
    async (strategy) => {
      const records = (from: number, name: string) =>
        Array.from({ length: 40 }, (_, id) => ({
          id: id + from,
          ...(id % 3 > 0 && { name }),
          ...(id % 2 > 0 && { tags: [{ value: name }] }),
        }))
      const outcomes = [SMALL, LIMITS].map(async (limits) => {
        const destination = inPasses(await temporaryFolder(), limits)
        const changes = [
          await testLoad(destination, { id: 1, strategy, records: records(0, 'a') }),
          await testLoad(destination, { id: 2, strategy, removesAbsent: strategy === 'mirror', records: records(20, 'b') }),
        ]
        const rows = [...(await rowsIn(destination, 'items')), ...(await rowsIn(destination, 'items__tags'))]
        return { changes, rows: rows.map((row) => JSON.stringify(row)).sort() }
      })
      const [several, one] = await Promise.all(outcomes)
      expect(several).toEqual(one)
      expect(several!.rows.length).toBeGreaterThan(40)
    },
  )

  it('takes as many passes as keep its memory bounded, and every record in one of them', () => {
    expect([0, 1, 500_000, 500_001, 10_000_000].map((rows) => passesFor(LIMITS, rows).length)).toEqual([1, 1, 1, 2, 20])
    const passes = passesFor(LIMITS, 2_400_000)
    const ids = Array.from({ length: 1000 }, (_, id) => `key ${id}`)
    for (const id of ids) expect(passes.filter((pass) => pass(id))).toHaveLength(1)
    for (const pass of passes) expect(ids.filter(pass).length).toBeLessThan(400)
  })
})
