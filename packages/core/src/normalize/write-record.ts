import type { ResolvedShape } from '../connector/resolve.ts'
import { TributaryError } from '../errors.ts'
import { valueAt } from '../extract/path.ts'
import type { JsonValue } from '../http/request.ts'
import type { Column } from '../load/schema.ts'
import { pathOfColumn } from './awaited.ts'
import { inferType } from './coerce.ts'
import { type Field, fieldAt, knownField, type Level, nestedLevel, type TableNode } from './fields.ts'
import { placeMisfit } from './misfit.ts'
import { normalizeName, SEPARATOR } from './names.ts'
import type { ColumnSlot, TableWriter } from './table-writer.ts'
import type { Tree } from './tree.ts'

type JsonObject = { [key: string]: JsonValue }

export interface RecordWriter {
  write(record: JsonValue, position: number): void
  /** Throws `VALUE_MISSING` for the first row of `table` that lacks a value which must be there. */
  checkRequired(table: TableWriter): void
  keyColumns(): string[]
  startLoad(loadId: number): void
}

/** Where a part of the primary key is. */
interface Key {
  path: string
  /** Undefined until the first record: a column that is declared by name waits for the key that fills it. */
  field: Field | undefined
}

/** Writes records into the tables of a resource. */
export function createRecordWriter(shape: ResolvedShape, tree: Tree): RecordWriter {
  const { root } = tree
  const keys: Key[] = shape.primaryKey.map((path) => ({ path, field: undefined }))
  let loadId = 0
  let sequence = 0
  let position = 0
  let rootId = ''

  const where = (): string =>
    keys.length > 0 && rootId !== '' ? `the record with ${shape.primaryKey.join(', ')} ${rootId}` : `record ${position + 1}`

  const fail = (code: string, what: string): TributaryError =>
    new TributaryError({ code, recovery: 'fix-data', message: `${shape.name}: ${what}, in ${where()}.` })

  const writeRoot = (record: JsonValue): void => {
    const { table } = root
    const row = table.begin('', sequence)
    for (const key of keys) writeKey(record, key, row)
    rootId = keys.length === 0 ? `${loadId}.${sequence}` : keyText(keys, row)
    table.setId(row, rootId)
    writeItem(root, row, record)
  }

  const writeKey = (record: JsonValue, key: Key, row: number): void => {
    let value = valueAt(record, key.path)
    if (value === undefined) value = findByColumn(record, key)
    const { path } = key
    if (value === undefined || value === null)
      throw fail('KEY_MISSING', `the primary key ${path} ${value === null ? 'is null' : 'is missing'}`)
    if (typeof value === 'object')
      throw fail('KEY_INVALID', `the primary key ${path} should be text or a number, but is ${kindOf(value)}`)
    key.field ??= fieldAt(root.level, path.split('.')).field
    const { field } = key
    writeScalar(root, field, row, value)
    // In a variant column it would be no key of the table.
    if (!field.column!.builder.has(row))
      throw fail('KEY_INVALID', `the primary key ${path} is ${field.column!.column.type}, but here it is ${show(value)}`)
  }

  /** A key may also be named as its column is: `venue__id`, `user_name`. */
  const findByColumn = (record: JsonValue, key: Key): JsonValue | undefined => {
    // The column stays that of the records before.
    const path = key.field === undefined ? pathOfColumn(record, columnOf(key.path)) : undefined
    if (path === undefined) return undefined
    key.path = path.join('.')
    return valueAt(record, key.path)
  }

  /** A record, or an item of a list. */
  const writeItem = (node: TableNode, row: number, value: JsonValue): void => {
    if (value === null) return
    if (Array.isArray(value)) writeValue(node, node.level, fieldAt(node.level, ['list']).field, row, value)
    else if (typeof value === 'object') writeObject(node, node.level, row, value)
    else writeScalar(node, node.item, row, value)
  }

  const writeObject = (node: TableNode, level: Level, row: number, object: JsonObject): void => {
    const { fields, requiredKeys } = level
    for (const key in object) {
      const value = object[key]!
      const field = fields.get(key)
      if (field !== undefined) writeValue(node, level, field, row, value)
      // A key seen only as null has no type yet: its column is made when the first value comes.
      else if (value !== null) writeValue(node, level, fieldAt(level, [key]).field, row, value)
    }
    for (const key of requiredKeys) {
      if (!Object.hasOwn(object, key) || object[key] === null)
        throw missing(node.table, [...level.path, key].join('.'), 'an object or a list')
    }
  }

  const writeValue = (node: TableNode, level: Level, field: Field, row: number, value: JsonValue): void => {
    if (value === null) return
    if (typeof value !== 'object') {
      if (field.declared !== undefined && field.declared.kind !== 'any' && field.declared.kind !== 'scalar')
        throw mismatch(node.table, field, value)
      writeScalar(node, field, row, value)
    } else if (field.column?.column.type === 'json' || level.depth >= shape.maxTableNesting) {
      writeScalar(node, field, row, value)
    } else if (Array.isArray(value)) {
      if (field.declared?.kind === 'scalar' || field.declared?.kind === 'object') throw mismatch(node.table, field, value)
      if (value.length > 0) writeList(tree.childOf(node, level, field), node.table.idAt(row), value)
    } else {
      if (field.declared?.kind === 'scalar' || field.declared?.kind === 'list') throw mismatch(node.table, field, value)
      writeObject(node, nestedLevel(level, field), row, value)
    }
  }

  const writeList = (child: TableNode, parentId: string, items: readonly JsonValue[]): void => {
    const { table } = child
    const prefix = `${parentId}.${table.identity.name}.`
    for (let index = 0; index < items.length; index++) {
      writeItem(child, table.beginChild(prefix + index, sequence, parentId, rootId, index), items[index]!)
    }
  }

  /** A value of one column: a scalar, or whatever a JSON column keeps whole. */
  const writeScalar = (node: TableNode, field: Field, row: number, value: JsonValue): void => {
    field.column ??= inferColumn(node.table, field, value)
    const slot = field.column
    if (slot.check !== undefined) checkValue(node.table, field, slot, value)
    if (slot.builder.set(row, value)) return
    if (slot.column.declared === true) throw mismatch(node.table, field, value)
    placeMisfit(node.table, slot, row, value)
  }

  const inferColumn = (table: TableWriter, field: Field, value: JsonValue): ColumnSlot => {
    const type = inferType(value) ?? 'json'
    const { awaited } = field
    const description = awaited?.description
    const slot = table.create({
      type,
      path: field.path,
      nullable: awaited?.columnNullable ?? true,
      required: awaited?.nullable === false,
      ...(description !== undefined && { description }),
      ...(type === 'decimal' && { precision: 38, scale: 0 }),
    })
    if (awaited !== undefined) awaited.slot = slot
    return slot
  }

  const checkValue = (table: TableWriter, field: Field, slot: ColumnSlot, value: JsonValue): void => {
    const problem = slot.check?.(value)
    if (problem === undefined) return
    throw fail(
      'VALUE_INVALID',
      `the column ${table.identity.name}.${slot.column.name} is declared with a rule that ${show(value)} breaks (${problem})${atPath(field)}`,
    )
  }

  const mismatch = (table: TableWriter, field: Field, value: JsonValue): TributaryError => {
    const expected =
      field.declared === undefined || field.declared.kind === 'any'
        ? 'json'
        : field.declared.kind === 'scalar'
          ? typeText(field.column?.column, field.declared.type)
          : field.declared.kind === 'list'
            ? 'a list'
            : 'an object'
    const column = field.column?.column.name ?? normalizeName(field.path.join(SEPARATOR))
    return fail(
      'TYPE_MISMATCH',
      `the column ${table.identity.name}.${column} is declared as ${expected}, but found ${kindOf(value)} ${show(value)}${atPath(field)}`,
    )
  }

  const missing = (table: TableWriter, column: string, expected: string): TributaryError =>
    fail(
      'VALUE_MISSING',
      `the column ${table.identity.name}.${column} is declared as not nullable (${expected}), but its value is null or missing`,
    )

  /** A column that must have a value, and for which no key ever came. */
  const neverCame = (): { row: number; column: { name: string; type?: Column['type'] } } | undefined => {
    const column = tree.awaited?.all.find(({ nullable, slot }) => !nullable && slot === undefined)
    return column === undefined ? undefined : { row: 0, column }
  }

  return {
    write(record, at) {
      position = at
      rootId = ''
      sequence++
      writeRoot(record)
    },
    checkRequired(table) {
      const found = table.missing() ?? (table === root.table ? neverCame() : undefined)
      if (found === undefined) return
      rootId = table.rootIdAt(found.row)
      position -= sequence - table.sequenceAt(found.row)
      throw missing(table, found.column.name, found.column.type ?? 'of any type')
    },
    keyColumns: () => keys.map(({ path }) => knownField(root.level, path.split('.'))?.column?.column.name ?? columnOf(path)),
    startLoad(id) {
      loadId = id
      sequence = 0
    },
  }
}

const columnOf = (path: string): string => path.split('.').map(normalizeName).join(SEPARATOR)

/** Text of a row's key, different for different keys: one key as it stands, several joined with their separators escaped. */
function keyText(keys: readonly Pick<Key, 'field'>[], row: number): string {
  if (keys.length === 1) return keys[0]!.field!.column!.builder.textAt(row)
  return keys.map(({ field }) => field!.column!.builder.textAt(row).replaceAll(/[\\|]/g, '\\$&')).join('|')
}

const typeText = (column: Column | undefined, type: string): string =>
  column?.type === 'decimal' ? `decimal(${column.precision ?? 38}, ${column.scale ?? 0})` : type

const atPath = ({ path }: Field): string => (path.length > 1 ? ` at ${path.join('.')}` : '')

function kindOf(value: JsonValue): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `the ${typeof value}`
}

/** A value for a message: its beginning, on one line. */
function show(value: JsonValue): string {
  if (typeof value === 'object' && value !== null) return ''
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
