import type { Declared } from '../connector/declared.ts'
import type { AwaitedColumn, AwaitedColumns } from './awaited.ts'
import type { ColumnSlot, TableWriter } from './table-writer.ts'

/** What is known of one key of an object: at most a column, a nested object and a child table, for values differ. */
export interface Field {
  /** Keys from the table's record or item to here. */
  readonly path: readonly string[]
  readonly declared: Declared | undefined
  /** The column that was declared by name, which this key fills. */
  readonly awaited: AwaitedColumn | undefined
  column: ColumnSlot | undefined
  nested: Level | undefined
  child: TableNode | undefined
}

/** The fields of one object in a table: of the record itself, or of an object nested in it. */
export interface Level {
  readonly path: readonly string[]
  /** Objects and lists around it, up to the root record. */
  readonly depth: number
  readonly fields: Map<string, Field>
  /** Declared keys whose object or list must be there. */
  readonly requiredKeys: readonly string[]
  /** Of the root table: columns that wait for the key that fills them. */
  readonly awaited: AwaitedColumns | undefined
}

/** A table and the fields that fill it. */
export interface TableNode {
  readonly table: TableWriter
  /** Of records or items that are objects. */
  readonly level: Level
  /** Of records or items that are scalars. */
  readonly item: Field
  /** It was there before the run: by contract, it may get no more columns. */
  readonly isStored: boolean
}

const NOTHING_DECLARED: ReadonlyMap<string, Declared> = new Map()

export function createNode(
  table: TableWriter,
  depth: number,
  declared: Declared | undefined,
  isStored: boolean,
  awaited?: AwaitedColumns,
): TableNode {
  return {
    isStored,
    table,
    level: createLevel([], depth, declared, awaited),
    item: createField([], declared?.kind === 'scalar' || declared?.kind === 'any' ? declared : undefined),
  }
}

function createLevel(
  path: readonly string[],
  depth: number,
  declared: Declared | undefined,
  awaited: AwaitedColumns | undefined,
): Level {
  const fields = new Map<string, Field>()
  const requiredKeys: string[] = []
  for (const [key, field] of declared?.kind === 'object' ? declared.fields : NOTHING_DECLARED) {
    const keys = [...path, key]
    fields.set(key, createField(keys, field, field.kind === 'any' ? awaited?.claim(keys) : undefined))
    if ((field.kind === 'list' || field.kind === 'object') && !field.nullable) requiredKeys.push(key)
  }
  return { path, depth, fields, requiredKeys, awaited }
}

function createField(path: readonly string[], declared: Declared | undefined, awaited?: AwaitedColumn): Field {
  return {
    path,
    declared: awaited?.declared ?? declared,
    awaited,
    column: awaited?.slot,
    nested: undefined,
    child: undefined,
  }
}

/** The field of a key, made where it was not yet known. */
function fieldOf(level: Level, key: string): Field {
  const known = level.fields.get(key)
  if (known !== undefined) return known
  const path = [...level.path, key]
  const field = createField(path, undefined, level.awaited?.claim(path))
  level.fields.set(key, field)
  return field
}

/** Takes back a field that was made, and its claim of a column that was declared by name. */
export function forgetField(level: Level, field: Field): void {
  const key = field.path.at(-1)!
  if (level.fields.get(key) !== field) return
  level.fields.delete(key)
  if (field.awaited !== undefined) level.awaited?.release(field.awaited)
}

/** Whether nothing came of a field. */
export const isUnused = ({ column, child, nested, awaited }: Field): boolean =>
  column === undefined && child === undefined && awaited === undefined && (nested === undefined || nested.fields.size === 0)

/** Whether an object or a list at a field, `depth` levels down, stays one value: in a column of JSON, if anywhere. */
export const isKeptWhole = (field: Field | undefined, depth: number, maxTableNesting: number): boolean =>
  depth >= maxTableNesting || field?.column?.column.type === 'json' || field?.declared?.kind === 'scalar'

/** The level of the objects at a field. */
export function nestedLevel(level: Level, field: Field): Level {
  field.nested ??= createLevel(field.path, level.depth + 1, field.declared, level.awaited)
  return field.nested
}

/** The field at a key path below `level`, and the level that it is in. */
export function fieldAt(level: Level, path: readonly string[]): { field: Field; level: Level } {
  let current = level
  for (const key of path.slice(0, -1)) current = nestedLevel(current, fieldOf(current, key))
  return { field: fieldOf(current, path.at(-1)!), level: current }
}

/** The field at a key path, where there is one. */
export function knownField(level: Level, path: readonly string[]): Field | undefined {
  let current: Level | undefined = level
  for (const key of path.slice(0, -1)) current = current?.fields.get(key)?.nested
  return current?.fields.get(path.at(-1)!)
}
