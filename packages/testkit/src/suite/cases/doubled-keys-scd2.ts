import assert from 'node:assert/strict'
import type { DestinationCase, DestinationFixture } from '../case.ts'
import { expectChanges } from '../expect.ts'
import { items, primaryKey, tables, tag, tags, versionedTables } from '../items.ts'
import { load } from '../load.ts'
import { readRows } from '../look.ts'

const older = { id: 1, name: 'older', version: 1, tags: [tag('x')] }
const newer = { id: 1, name: 'newer', version: 2, tags: [tag('x'), tag('y')] }
const other = { id: 2, name: 'other', version: 1 }
const plan = { tables: versionedTables, primaryKey, disposition: 'merge', strategy: 'scd2' } as const

/** Rows of before the table had versions, of one key twice. */
async function loadDoubled(fixture: DestinationFixture): Promise<void> {
  await load(fixture, { id: 1, tables, primaryKey, records: [older, other] })
  await load(fixture, { id: 2, tables, primaryKey, records: [newer] })
}

/** Names of the active rows and, after them, of those that have ended. */
async function names(fixture: DestinationFixture): Promise<string[]> {
  const rows = await readRows(fixture, items.name)
  const isActive = (row: Record<string, unknown>): boolean => row._sync_valid_to === undefined || row._sync_valid_to === null
  const named = (active: boolean): string[] =>
    rows
      .filter((row) => isActive(row) === active)
      .map(({ name }) => String(name))
      .sort()
  return [...named(true), '|', ...named(false)]
}

const valuesOfTags = async (fixture: DestinationFixture): Promise<string[]> =>
  (await readRows(fixture, tags.name)).map(({ value }) => String(value)).sort()

export const doubledKeyScd2Cases: readonly DestinationCase[] = [
  {
    name: 'doubled keys: scd2 ends each where a version takes their place, and keeps the children of each [dispositions.doubled-keys.scd2]',
    async run(fixture) {
      await loadDoubled(fixture)
      const result = await load(fixture, { ...plan, id: 3, records: [{ ...newer, name: 'came' }] })
      expectChanges(result, items, { inserted: 1, updated: 2 })
      expectChanges(result, tags, { inserted: 2 })
      assert.deepEqual(await names(fixture), ['came', 'other', '|', 'newer', 'older'])
      assert.deepEqual(await valuesOfTags(fixture), ['x', 'x', 'x', 'y', 'y'])
    },
  },
  {
    name: 'doubled keys: scd2 ends each where their key is deleted [dispositions.doubled-keys.scd2]',
    async run(fixture) {
      await loadDoubled(fixture)
      const result = await load(fixture, { ...plan, id: 3, hardDelete: 'gone', records: [{ id: 1, gone: true }] })
      expectChanges(result, items, { updated: 2 })
      assert.deepEqual(await names(fixture), ['other', '|', 'newer', 'older'])
      assert.deepEqual(await valuesOfTags(fixture), ['x', 'x', 'y'])
    },
  },
  {
    name: 'doubled keys: scd2 lets all be active where one is better, also if what is absent ends [dispositions.doubled-keys.scd2]',
    async run(fixture) {
      await loadDoubled(fixture)
      const sorted = { ...plan, dedupSort: { column: 'version', order: 'desc' }, removesAbsent: true } as const
      const result = await load(fixture, { ...sorted, id: 3, records: [{ ...older, name: 'late' }] })
      expectChanges(result, items, { unchanged: 1, updated: 1 })
      assert.deepEqual(await names(fixture), ['newer', 'older', '|', 'other'])
    },
  },
  {
    name: 'doubled keys: scd2 keeps the version that says the same, and ends the others of its key [dispositions.doubled-keys.scd2-same]',
    async run(fixture) {
      await load(fixture, { ...plan, id: 1, primaryKey: [], records: [older, newer] })
      const result = await load(fixture, { ...plan, id: 2, records: [older] })
      expectChanges(result, items, { unchanged: 1, updated: 1 })
      expectChanges(result, tags, { unchanged: 1 })
      assert.deepEqual(await names(fixture), ['older', '|', 'newer'])
    },
  },
]
