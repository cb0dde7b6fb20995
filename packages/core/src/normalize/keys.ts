import { valueAt } from '../extract/path.ts'
import type { JsonContainer } from '../http/literals.ts'
import type { JsonValue } from '../http/request.ts'
import { pathOfColumn } from './awaited.ts'
import { type Field, fieldAt, forgetField, knownField } from './fields.ts'
import { kindOf, show } from './messages.ts'
import { normalizeName, SEPARATOR } from './names.ts'
import type { Tree } from './tree.ts'
import type { ScalarContext, ScalarWriter } from './write-scalar.ts'

/** The values by which rows are told apart: of the primary key, and of the merge key. */
export interface Keys {
  /**
   * Writes them into a row of the root table. Throws `KEY_MISSING` and `KEY_INVALID`, and the errors of values that break
   * what is declared.
   */
  write(record: JsonValue, row: number): void
  /** The primary key of a row as text, different for different keys. Undefined: there is none. */
  textAt(row: number): string | undefined
  /** Writes the ids of rows that have their keys. False: there is no key, and no id was written. */
  writeIds(from: number, count: number): boolean
  /** The fields of all keys, of the merge key too; undefined: of some of them none has come yet. */
  fields(): readonly Field[] | undefined
  /** As `textAt`, as far as a record itself tells that is not written. Undefined also where a part of the key is missing. */
  textOf(record: JsonValue): string | undefined
  /** Columns of the primary key. */
  columns(): string[]
  /** The column of the root table for a path or a name, where there is one. */
  columnOf(path: string): string | undefined
}

/** Where a part of a key is. */
interface Key {
  readonly of: 'primary key' | 'merge key'
  /** As the connector names it. */
  readonly given: string
  path: string
  /** Undefined until the first record: a column that is declared by name waits for the key that fills it. */
  field: Field | undefined
  /** Of the record that is being written: whether it is a number that is written as `2.0` or `1e3`. */
  readonly isDouble: () => boolean
}

export function createKeys(
  { shape, journal, fail, isDoubleLiteral }: ScalarContext,
  { root }: Tree,
  scalars: ScalarWriter,
): Keys {
  let current: JsonValue = null
  const keyAt = (of: Key['of'], given: string): Key => {
    const key: Key = {
      of,
      given,
      path: given,
      field: undefined,
      isDouble() {
        const keys = key.path.split('.')
        const around = keys.length === 1 ? current : valueAt(current, keys.slice(0, -1).join('.'))
        return isDoubleLiteral(around as JsonContainer, keys.at(-1)!)
      },
    }
    return key
  }
  const primary = shape.primaryKey.map((path) => keyAt('primary key', path))
  const merge = shape.disposition === 'merge' ? shape.mergeKey : []
  const all = [...primary, ...merge.map((path) => keyAt('merge key', path))]

  const writeKey = (record: JsonValue, key: Key, row: number): void => {
    let value = valueAt(record, key.path)
    if (value === undefined) value = findByColumn(record, key)
    const { of, path } = key
    if (value === undefined || value === null)
      throw fail('KEY_MISSING', `the ${of} ${path} ${value === null ? 'is null' : 'is missing'}`)
    if (typeof value === 'object')
      throw fail('KEY_INVALID', `the ${of} ${path} should be text or a number, but is ${kindOf(value)}`)
    const field = key.field ?? findField(key)
    current = record
    if (!scalars.writeKey(root, field, row, value, key.isDouble))
      throw fail('KEY_INVALID', `the ${of} ${path} is ${field.column!.column.type}, but here it is ${show(value)}`)
  }

  const findField = (key: Key): Field => {
    const keys = key.path.split('.')
    const wasKnown = knownField(root.level, keys) !== undefined
    const { field, level } = fieldAt(root.level, keys)
    key.field = field
    journal.made(() => {
      key.field = undefined
      key.path = key.given
      if (!wasKnown) forgetField(level, field)
    })
    return field
  }

  /** A key may also be named as its column is: `venue__id`, `user_name`. */
  const findByColumn = (record: JsonValue, key: Key): JsonValue | undefined => {
    // The column stays that of the records before.
    const path = key.field === undefined ? pathOfColumn(record, nameOf(key.path)) : undefined
    if (path === undefined) return undefined
    key.path = path.join('.')
    return valueAt(record, key.path)
  }

  const columnAt = (path: string): string | undefined => knownField(root.level, path.split('.'))?.column?.column.name

  return {
    write(record, row) {
      for (const key of all) writeKey(record, key, row)
    },
    textAt(row) {
      const [first] = primary
      if (first === undefined) return undefined
      if (primary.length === 1) return first.field!.column!.builder.textAt(row)
      return joined(primary.map(({ field }) => field!.column!.builder.textAt(row)))
    },
    writeIds(from, count) {
      const [first] = primary
      if (first === undefined) return false
      const { table } = root
      for (let row = from; row < from + count; row++) {
        if (primary.length === 1) table.setIdFrom(row, first.field!.column!.builder)
        else table.setId(row, joined(primary.map(({ field }) => field!.column!.builder.textAt(row))))
      }
      return true
    },
    fields() {
      const fields = all.map(({ field }) => field)
      return fields.includes(undefined) ? undefined : (fields as Field[])
    },
    textOf(record) {
      const values = primary.map((key) => valueAt(record, key.path) ?? findByColumn(record, key))
      if (values.length === 0 || values.some((value) => value === undefined || typeof value === 'object')) return undefined
      return values.length === 1 ? String(values[0]) : joined(values.map(String))
    },
    columns: () => primary.map(({ path }) => columnAt(path) ?? nameOf(path)),
    columnOf(path) {
      const found = columnAt(path)
      if (found !== undefined) return found
      return [path, nameOf(path)].find((name) => root.table.hasColumn(name))
    },
  }
}

/** The parts of a key as one text, in which what joins them is escaped. */
const joined = (parts: readonly string[]): string => parts.map((part) => part.replaceAll(/[\\|]/g, '\\$&')).join('|')

const nameOf = (path: string): string => path.split('.').map(normalizeName).join(SEPARATOR)
