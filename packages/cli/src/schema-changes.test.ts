import type { Column, SchemaVersion, TableSchema } from '@tributary/core'
import { describe, expect, it } from 'vitest'
import { schemaAt, schemaChanges } from './schema-changes.ts'

const column = (name: string, more: Partial<Column> = {}): Column => ({
  name,
  type: 'text',
  nullable: true,
  path: [name],
  ...more,
})
const table = (name: string, ...columns: Column[]): TableSchema => ({ name, resource: 'items', path: [], columns })
const version = (number: number, schema: TableSchema | string): SchemaVersion =>
  typeof schema === 'string'
    ? { version: number, loadId: number * 10, table: schema, resource: 'items' }
    : { version: number, loadId: number * 10, table: schema.name, resource: 'items', schema }

const versions = [
  version(1, table('items', column('id', { type: 'bigint', nullable: false, declared: true }))),
  version(1, table('items__tags', column('value'))),
  version(
    2,
    table(
      'items',
      column('id', { type: 'double', nullable: true }),
      column('price', { type: 'decimal', precision: 9, scale: 2 }),
    ),
  ),
  version(3, 'items__tags'),
]

describe('what the versions of a schema changed', () => {
  it('is new tables and columns, other types, and what may be null [command.schema.diff]', () => {
    expect(schemaChanges(versions, 0, 1).map(({ table, column, change }) => [table, column, change])).toEqual([
      ['items', undefined, 'new table'],
      ['items', 'id', 'new, bigint not null'],
      ['items__tags', undefined, 'new table'],
      ['items__tags', 'value', 'new, text'],
    ])
    expect(schemaChanges(versions, 1, 3)).toEqual([
      { version: 2, loadId: 20, table: 'items', column: 'id', change: 'bigint → double, may be null now, declared no longer' },
      { version: 2, loadId: 20, table: 'items', column: 'price', change: 'new, decimal(9, 2)' },
      { version: 3, loadId: 30, table: 'items__tags', change: 'table dropped' },
    ])
    expect(schemaChanges(versions, 3, 3)).toEqual([])
  })

  it('is undone by looking at an earlier one [command.schema.show]', () => {
    expect(schemaAt(versions, 1).map(({ name }) => name)).toEqual(['items', 'items__tags'])
    expect(schemaAt(versions, 3).map(({ name, columns }) => [name, columns.length])).toEqual([['items', 2]])
    expect(schemaAt(versions, 0)).toEqual([])
  })
})
