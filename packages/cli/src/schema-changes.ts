import type { Column, SchemaVersion, TableSchema } from '@tributary/core'

/** One thing that a version changed. */
export interface SchemaChange {
  readonly version: number
  readonly loadId: number
  readonly table: string
  readonly column?: string
  /** In a few words: `new, bigint`. */
  readonly change: string
}

/** `decimal(38, 9)`. */
export const columnType = ({ type, precision = 38, scale = 0 }: Column): string =>
  type === 'decimal' ? `decimal(${precision}, ${scale})` : type

/** The tables as they were at a version, parents before their children. */
export function schemaAt(versions: readonly SchemaVersion[], version: number): TableSchema[] {
  const tables = new Map<string, TableSchema | undefined>()
  for (const each of versions) if (each.version <= version) tables.set(each.table, each.schema)
  return [...tables.values()].filter((table) => table !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** What the versions after `since`, up to `until`, changed, in their order. */
export function schemaChanges(versions: readonly SchemaVersion[], since: number, until: number): SchemaChange[] {
  const tables = new Map<string, TableSchema | undefined>()
  const changes: SchemaChange[] = []
  for (const { version, loadId, table, schema } of versions) {
    const before = tables.get(table)
    tables.set(table, schema)
    if (version <= since || version > until) continue
    for (const { column, change } of tableChanges(before, schema))
      changes.push({ version, loadId, table, ...(column !== undefined && { column }), change })
  }
  return changes
}

type Change = Pick<SchemaChange, 'column' | 'change'>

function tableChanges(before: TableSchema | undefined, after: TableSchema | undefined): Change[] {
  if (after === undefined) return [{ change: 'table dropped' }]
  const known = new Map(before?.columns.map((column) => [column.name, column]))
  const names = new Set(after.columns.map(({ name }) => name))
  return [
    ...(before === undefined ? [{ change: 'new table' }] : []),
    ...after.columns.flatMap((column) => columnChanges(known.get(column.name), column)),
    ...[...known.keys()].filter((name) => !names.has(name)).map((column) => ({ column, change: 'dropped' })),
  ]
}

function columnChanges(before: Column | undefined, after: Column): Change[] {
  const { name: column } = after
  if (before === undefined) return [{ column, change: `new, ${columnType(after)}${after.nullable ? '' : ' not null'}` }]
  const change = [
    columnType(before) === columnType(after) ? '' : `${columnType(before)} → ${columnType(after)}`,
    before.nullable === after.nullable ? '' : after.nullable ? 'may be null now' : 'not null now',
    before.declared === after.declared ? '' : after.declared === true ? 'declared now' : 'declared no longer',
    before.description === after.description ? '' : 'another description',
  ].filter((part) => part !== '')
  return change.length === 0 ? [] : [{ column, change: change.join(', ') }]
}
