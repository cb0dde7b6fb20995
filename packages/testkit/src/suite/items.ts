import type { TableSchema } from '@tributary/core'
import { schemaOf } from '../build/schema-of.ts'

/** Tables that cases of merges share: items, their tags, and the marks of those. */
export const items: TableSchema = schemaOf('items', {
  id: 'bigint',
  name: 'text',
  part: 'text',
  version: 'bigint',
  gone: 'bool',
})
export const tags: TableSchema = schemaOf('tags', { value: 'text' }, { parent: items })
export const marks: TableSchema = schemaOf('marks', { value: 'bigint' }, { parent: tags })
export const tables: readonly TableSchema[] = [items, tags, marks]
/** The same, where items are versions. */
export const versionedTables: readonly TableSchema[] = [{ ...items, versioned: true }, tags, marks]
export const primaryKey: readonly string[] = ['id']

export function tag(value: string, ...values: readonly number[]): Readonly<Record<string, unknown>> {
  return { value, marks: values.map((mark) => ({ value: mark })) }
}
