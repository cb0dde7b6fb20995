import type { Destination } from '@tributary/core'
import { fileDestination } from '@tributary/file-dataset'
import { destinationSuite, inFolder, type RecordValues } from '@tributary/testkit'
import { describe, expect, it } from 'vitest'
import { rowsIn, temporaryFolder, testLoad } from '../testing/loads.ts'
import { LIMITS, type Limits } from './decide/limits.ts'
import { beginLoad } from './load.ts'
import { readRows } from './read-rows.ts'

/** What takes millions of rows by itself, with a few: several parts, and places in a file. */
const SMALL: Limits = { parts: (rows) => Math.min(rows, 3) + 1, textParts: () => 4, places: 2 }

const inParts = (path: string, limits: Limits): Destination =>
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

destinationSuite('jsonl, compressed and in several parts', { create: inFolder((path) => inParts(path, SMALL)) })

describe('a merge that is too large for memory', () => {
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
        const destination = inParts(await temporaryFolder(), limits)
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

  it.each([
    ['in memory', LIMITS],
    ['in parts', SMALL],
  ])(
    '%s, gives of repeated keys what a load for each record gives [dispositions.upsert-repeats.fields]',
    async (_how, limits) => {
      const records = Array.from({ length: 90 }, (_, index) => ({
        id: index % 7,
        ...(index % 4 === 1 && { name: index % 5 > 0 ? `${index}` : null }),
        ...(index % 5 === 2 && { tags: [{ value: `${index}` }, { value: `${index}` }].slice(index % 3) }),
        ...(index % 11 === 10 && { at: '2026-01-02T03:04:05Z' }),
      }))
      const [before, after] = [records.slice(0, 20), records.slice(20)]
      const outcomes = [[before, after], records.map((record) => [record])].map(async (loads) => {
        const destination = inParts(await temporaryFolder(), limits)
        for (const [index, part] of loads.entries())
          await testLoad(destination, { id: index + 1, strategy: 'upsert', hardDelete: 'at', records: part })
        const rows = [...(await rowsIn(destination, 'items')), ...(await rowsIn(destination, 'items__tags'))]
        return rows.map(({ _sync_load_id: _, ...row }) => JSON.stringify(row)).sort()
      })
      const [together, alone] = await Promise.all(outcomes)
      expect(together).toEqual(alone)
      expect(together!.length).toBeGreaterThan(7)
    },
  )

  it.each([
    ['in memory', LIMITS],
    ['in parts', SMALL],
  ])('%s, leaves children to a row of another key that has the same id and load [jsonl.merge.same-id]', async (_how, limits) => {
    const destination = inParts(await temporaryFolder(), limits)
    const record = (name: string): RecordValues => ({ id: 1, name, tags: [{ value: name }] })
    await testLoad(destination, { id: 1, disposition: 'append', keep: 'all', records: [record('a'), record('b')] })
    const byName = { primaryKey: ['name'], records: [record('a')] }
    const changes = await testLoad(destination, { id: 2, ...byName })
    expect(changes.tables.items).toMatchObject({ updated: 1, deleted: 0 })
    expect(changes.tables.items__tags).toMatchObject({ inserted: 1, deleted: 0 })
    const values = async (): Promise<unknown[]> => (await rowsIn(destination, 'items__tags')).map(({ value }) => value).sort()
    expect(await values()).toEqual(['a', 'a', 'b'])
    // With the last of the rows they go.
    await testLoad(destination, { id: 3, ...byName, records: [record('b')] })
    expect(await values()).toEqual(['a', 'b'])
  })

  it.each([
    [0, 1],
    [1, 1],
    [200_000, 1],
    [200_001, 5],
    [10_000_000, 200],
  ])('decides %i rows in %i parts, so that none is larger than what memory may take', (rows, parts) => {
    expect(LIMITS.parts(rows)).toBe(parts)
  })
})
