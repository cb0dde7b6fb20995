import { describe, expect, it } from 'vitest'
import type { TableChanges } from './destination.ts'
import { storedRows } from './stored-rows.ts'

const changes = (inserted: number, updated = 0, deleted = 0): TableChanges => ({ inserted, updated, deleted, unchanged: 0 })
const load = (rows?: TableChanges, resource = 'r'): { resource: string; tables: Record<string, TableChanges> } => ({
  resource,
  tables: rows === undefined ? {} : { t: rows },
})

describe('the rows of a table, as its loads tell', () => {
  it.each([
    ['none before the first load', [], 0, undefined],
    ['those that came, without those that went', [load(changes(5)), load(changes(2, 3, 1))], 6, changes(2, 3, 1)],
    ['none of other resources', [load(changes(5)), load(changes(7), 'other')], 5, changes(5)],
    ['none of before the table was dropped', [load(changes(5, 2)), load(), load(changes(1))], 1, changes(1)],
    ['none where the table is dropped', [load(changes(5)), load()], 0, undefined],
  ])('are %s', (_, loads, count, last) => {
    expect(storedRows(loads, { name: 't', resource: 'r' })).toEqual({ count, ...(last && { last }) })
  })

  it('are found under any name', () => {
    expect(storedRows([load(changes(5))], { name: '__proto__', resource: 'r' })).toEqual({ count: 0 })
  })
})
