import type { ResourceDescription } from '@tributary/core'
import { expect, it } from 'vitest'
import { factLines, loadingFacts } from './loading-facts.ts'
import { displayWidth } from './text.ts'

const described = (more: Partial<ResourceDescription>): ResourceDescription => ({
  name: 'orders',
  table: 'orders',
  primaryKey: ['id'],
  writeDisposition: 'merge',
  mergeStrategy: 'delete-insert',
  schemaContract: { tables: 'evolve', columns: 'evolve', dataType: undefined },
  tables: [],
  ...more,
})

const append = { writeDisposition: 'append', primaryKey: [] } as const

it.each<[name: string, of: Partial<ResourceDescription>, facts: string]>([
  ['the strategy of a merge', {}, 'merge by delete-insert · key id'],
  ['a merge key', { mergeStrategy: 'scd2', mergeKey: ['day', 'shop'] }, 'merge by scd2 · key id · merge key day, shop'],
  ['a sort', { dedupSort: { column: 'v', order: 'desc' } }, 'merge by delete-insert · key id · keeps the largest v'],
  [
    'a sort the other way',
    { dedupSort: { column: 'v', order: 'asc' } },
    'merge by delete-insert · key id · keeps the smallest v',
  ],
  ['deletions', { hardDelete: 'gone' }, 'merge by delete-insert · key id · deleted by gone'],
  ['what does not change', { skipUnchanged: true }, 'merge by delete-insert · key id · skips unchanged'],
  ['a cursor', { cursor: 'at' }, 'merge by delete-insert · key id · cursor at'],
  [
    'a contract by one word',
    { schemaContract: { tables: 'freeze', columns: 'freeze', dataType: 'freeze' } },
    'merge by delete-insert · key id · contract freeze',
  ],
  [
    'a contract by parts',
    { schemaContract: { tables: 'evolve', columns: 'discard_row', dataType: 'evolve' } },
    'merge by delete-insert · key id · contract columns=discard_row,data_type=evolve',
  ],
])('tells %s [command.describe.loading]', (_name, of, facts) => {
  expect(loadingFacts(described(of)).join(' · ')).toBe(facts)
})

it('tells what has neither strategy nor key [command.describe.loading]', () => {
  const { mergeStrategy: _none, ...resource } = described(append)
  expect(loadingFacts(resource)).toEqual(['append', 'no key'])
})

it('breaks facts into lines that fit a terminal [command.describe.loading]', () => {
  const facts = Array.from({ length: 20 }, (_, index) => `fact number ${index}`)
  const lines = factLines('orders: ', facts)
  expect(lines.length).toBeGreaterThan(1)
  expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(80)
  expect(lines.map((line) => line.trim()).join(' · ')).toBe(`orders: ${facts.join(' · ')}`)
})
